"""Real keys, and tokens made by hand, so that a test can also make those that no library would."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt import PyJWS

from tests.conftest import NOW

BASE = "https://cds.example/ivig"
DISCOVERY = f"{BASE}/cds-services"
SIGN_URL = f"{DISCOVERY}/ivig-order-sign"
ISS = "https://ehr.example"
Private = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

_CURVES: Mapping[str, ec.EllipticCurve] = {"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1(), "P-521": ec.SECP521R1()}
_made = iter(range(1_000_000))


@cache
def private(kind: str, owner: str = "ehr") -> Private:
    """A key of this kind ("P-384", "RSA", "RSA-1024"), the same one each time for an owner."""
    if kind in _CURVES:
        return ec.generate_private_key(_CURVES[kind])
    return rsa.generate_private_key(65537, int(kind.partition("-")[2] or 2048))


def jwk(key: Private, kid: str, *, whole: bool = False, **members: Any) -> dict[str, Any]:
    """A key as a JWK: its public part, or the `whole` of it."""
    shown = key if whole else key.public_key()
    algorithm = PyJWS().get_algorithm_by_name("RS384" if isinstance(key, rsa.RSAPrivateKey) else "ES384")
    return {**algorithm.to_jwk(shown, as_dict=True), "kid": kid, **members}  # type: ignore[call-overload]


def claims(audience: Any = SIGN_URL, **changes: Any) -> dict[str, Any]:
    """The claims of a sound token that was never used; a change to None leaves a claim out."""
    now = int(NOW.timestamp())
    sound = {"iss": ISS, "aud": audience, "iat": now, "exp": now + 300, "jti": f"jti-{next(_made)}"} | changes
    return {name: value for name, value in sound.items() if value is not None}


def part(content: object) -> str:
    """One part of a token: bytes as they are, anything else as JSON."""
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return urlsafe_b64encode(body).rstrip(b"=").decode()


def token(
    content: object = None, *, key: Private | None = None, alg: str = "ES384", kid: str | None = "ec", **header: Any
) -> str:
    """A token, sound unless told otherwise: the EHR's P-384 key with ES384 and the id "ec"."""
    head = {"alg": alg, "typ": "JWT", "kid": kid} | header
    signed = f"{part({name: value for name, value in head.items() if value is not None})}.{part(content or claims())}"
    signature = PyJWS().get_algorithm_by_name(alg).sign(signed.encode(), key or private("P-384"))
    return f"{signed}.{part(signature)}"


def bearer(token_: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token_}"}
