"""Public keys of clients: which JWKs are usable, and for which algorithm each of them may check a signature."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt import PyJWS
from jwt.exceptions import PyJWTError

KINDS: Mapping[str, str] = {
    **{"ES256": "P-256", "ES384": "P-384", "ES512": "P-521"},
    **dict.fromkeys(("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"), "RSA"),
}
"""The kind of key that each algorithm takes. There is no other algorithm: neither `none` nor a symmetric one."""

_MADE_WITH: Mapping[str, str] = {"P-256": "ES256", "P-384": "ES384", "P-521": "ES512", "RSA": "RS384"}
_CURVES: Mapping[str, ec.EllipticCurve] = {"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1(), "P-521": ec.SECP521R1()}
_PUBLIC = ("kty", "crv", "x", "y", "n", "e")
_PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_RSA_BITS = range(2048, 8193)
"""Shorter is broken or nearly so; longer only costs time at every call."""
_EXPONENT_BITS = 64

_JWS = PyJWS(algorithms=list(KINDS))
Public = ec.EllipticCurvePublicKey | rsa.RSAPublicKey


class Unusable(Exception):
    """A JWK that cannot be used; the message says why as the predicate of a sentence."""


@dataclass(frozen=True, slots=True)
class Key:
    """A public key. `alg` is the one algorithm it is published for, None where that is left open."""

    kid: str
    kind: str
    alg: str | None
    public: Public = field(repr=False)

    def signed(self, content: bytes, signature: bytes, alg: str) -> bool:
        """Whether this key's owner signed `content` with `alg`, an algorithm for this kind of key."""
        return KINDS[alg] == self.kind and self.alg in (None, alg) and _verify(alg, self.public, content, signature)


class Keys:
    """Some keys by `kid` and kind, so that a key is never tried with an algorithm for another kind."""

    def __init__(self, keys: Iterable[Key] = ()) -> None:
        self._found: dict[tuple[str, str], Key] = {}
        for key in keys:
            self._found.setdefault((key.kid, key.kind), key)

    def find(self, kid: str, alg: str) -> Key | None:
        """The key of this id that may check `alg`; the first that was given where an id is given twice."""
        key = self._found.get((kid, KINDS[alg]))
        return key if key is not None and key.alg in (None, alg) else None

    def __iter__(self) -> Iterator[Key]:
        return iter(self._found.values())


def read_key(jwk: Mapping[str, Any]) -> Key:
    """The public key that a JWK holds. Raises Unusable."""
    kind = _kind(jwk)
    kid, alg = jwk.get("kid"), jwk.get("alg")
    if not isinstance(kid, str) or not kid:
        raise Unusable("has no kid")
    if alg is not None and (not isinstance(alg, str) or KINDS.get(alg) != kind):
        raise Unusable(f"is for an algorithm that no {kind} key is for")
    if jwk.get("use", "sig") != "sig" or not _may_verify(jwk.get("key_ops")):
        raise Unusable("is not for signatures")
    try:
        public = _JWS.get_algorithm_by_name(_MADE_WITH[kind]).from_jwk({n: jwk[n] for n in _PUBLIC if n in jwk})
    except (PyJWTError, ValueError, TypeError):
        raise Unusable("is no valid key") from None
    if isinstance(public, rsa.RSAPublicKey):
        if public.key_size not in _RSA_BITS:
            raise Unusable(f"has {public.key_size} bits; an RSA key has {_RSA_BITS.start} to {_RSA_BITS.stop - 1}")
        if public.public_numbers().e.bit_length() > _EXPONENT_BITS:
            raise Unusable("has an exponent of no use")
    return Key(kid, kind, alg, public)


def _kind(jwk: Mapping[str, Any]) -> str:
    if jwk.get("kty") == "oct":
        raise Unusable("is symmetric: whoever can check with it can sign with it")
    if jwk.keys() & _PRIVATE:
        raise Unusable("is a private key: give its public part, and make a new one, for this one has been seen")
    if jwk.get("kty") == "RSA":
        return "RSA"
    curve = jwk.get("crv")
    if jwk.get("kty") != "EC" or not isinstance(curve, str) or curve not in _CURVES:
        raise Unusable("is neither RSA nor EC on P-256, P-384 or P-521")
    return curve


def _may_verify(key_ops: object) -> bool:
    return key_ops is None or (isinstance(key_ops, list) and "verify" in key_ops)


def _verify(alg: str, public: Public, content: bytes, signature: bytes) -> bool:
    return bool(_JWS.get_algorithm_by_name(alg).verify(content, public, signature))


_NOBODYS: Mapping[str, Public] = {
    **{name: ec.derive_private_key(1, curve).public_key() for name, curve in _CURVES.items()},
    "RSA": rsa.RSAPublicNumbers(65537, 2**2047 + 1).public_key(),
}
"""Keys that anyone can sign with: what they say about a signature is thrown away."""


def spend(content: bytes, signature: bytes, alg: str) -> None:
    """As much work as a check of the signature, so that the time of a refusal does not tell how far the call came."""
    _verify(alg, _NOBODYS[KINDS[alg]], content, signature)
