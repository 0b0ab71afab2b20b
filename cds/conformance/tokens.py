"""S1-S3: which tokens open a service, and which must not."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from typing import Any

from cds.conformance.check import Remarks, fails, line, passes, skips, warns
from cds.conformance.examination import Examination
from cds.conformance.gates import OPEN, Gate, guarded, knock, turned_away
from cds.conformance.identity import claims, signed, unsigned

_NO_KEY = "needs a client that the service knows: --client-key, --iss, --kid"


@line("S1", "Unsigned (none) and symmetric (HS256) tokens are refused")
def algorithms(examination: Examination) -> Remarks:
    doors = guarded(examination)
    if not doors:
        yield skips(OPEN)
    for gate in doors:
        for what, token in _forged(examination, gate.url):
            yield turned_away(knock(examination, gate, token), f"{what} at {_name(gate)}")


def _forged(examination: Examination, audience: str) -> Iterator[tuple[str, str]]:
    """Tokens as the client would make them, but for the algorithm."""
    identity = examination.given.identity
    kid = identity.kid if identity else "conformance"
    content = claims(examination.issuer, audience, identity.tenant if identity else "")
    for name in ("none", "nOnE"):
        yield f"alg {name}", signed(unsigned({"alg": name, "typ": "JWT", "kid": kid}, content), b"")
    secrets = {"secret": b"secret"} | ({"the public key": identity.public_key()} if identity else {})
    for secret, key in secrets.items():
        part = unsigned({"alg": "HS256", "typ": "JWT", "kid": kid}, content)
        yield f"HS256 with {secret}", signed(part, hmac.new(key, part.encode(), hashlib.sha256).digest())


@line("S2", "aud is the exact URL of the endpoint, as a string or in an array")
def audience(examination: Examination) -> Remarks:
    identity, doors = examination.given.identity, guarded(examination)
    if identity is None or not doors:
        yield skips(OPEN if not doors else _NO_KEY)
        return
    for gate in doors:
        own: tuple[tuple[str, Any], ...] = (("a string", gate.url), ("an array", [gate.url, examination.base]))
        for what, value in own:
            answer = knock(examination, gate, identity.token(value))
            if answer.trouble or answer.unheard:
                yield fails(f"aud as {what} at {_name(gate)}: {answer.trouble or answer.status}")
            else:
                yield passes("its own URL is accepted")
        for what, value in _elsewhere(examination, gate):
            yield turned_away(knock(examination, gate, identity.token(value)), f"{what} at {_name(gate)}")


def _elsewhere(examination: Examination, gate: Gate) -> Iterator[tuple[str, Any]]:
    yield "aud the base URL", examination.base
    yield "aud with a slash at its end", f"{gate.url}/"
    yield "aud of another endpoint", f"{examination.discovery_url}/another"
    yield "aud of another host", "https://other.example/cds-services"
    yield "no aud", None


@line("S3", "A token that was used once is refused")
def replay(examination: Examination) -> Remarks:
    identity, doors = examination.given.identity, guarded(examination)
    if identity is None or not doors:
        yield skips(OPEN if not doors else _NO_KEY)
        return
    for gate in doors:
        token = identity.token(gate.url)
        if knock(examination, gate, token).unheard:
            yield skips("the token of --client-key is not accepted")
        else:
            yield turned_away(knock(examination, gate, token), f"the same jti at {_name(gate)}", warns)


def _name(gate: Gate) -> str:
    return "discovery" if gate.method == "GET" else "the service"
