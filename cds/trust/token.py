"""Reading a client's token (a JWT in compact form) before anything in it is believed.

Every member is of the type that is wanted, or the token is refused; the signature is somebody else's to check.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from cds.trust.keys import KINDS
from cds.trust.refusal import Reason, Refused

LONGEST = 8192
"""Characters that are read: what servers in front of us let through as one header line. Usual tokens have about 700."""

_COMPACT = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)")


@dataclass(frozen=True, slots=True)
class Token:
    """What a token says of itself. Times are seconds since 1970; `signed` is what the signature is over."""

    alg: str
    kid: str
    jku: str | None
    iss: str
    audience: frozenset[str]
    expires: float
    issued: float
    not_before: float
    jti: str
    tenant: str | None
    signed: bytes = field(repr=False)
    signature: bytes = field(repr=False)


def read_token(authorization: Sequence[str]) -> Token:
    """The token in the Authorization headers of a call. Raises Refused: no token, malformed, or its algorithm."""
    if not authorization:
        raise Refused(Reason.NO_TOKEN)
    if len(authorization) > 1 or len(authorization[0]) > LONGEST:
        raise Refused(Reason.MALFORMED)
    scheme, _, token = authorization[0].partition(" ")
    if scheme.lower() != "bearer":
        raise Refused(Reason.NO_TOKEN)
    parts = _COMPACT.fullmatch(token.strip(" "))
    if parts is None:
        raise Refused(Reason.MALFORMED)
    header, claims = _object(parts[1]), _object(parts[2])
    alg = header.get("alg")
    if not isinstance(alg, str) or alg not in KINDS:
        raise Refused(Reason.ALGORITHM)
    if "crit" in header or "b64" in header or str(header.get("typ", "JWT")).upper() != "JWT":
        raise Refused(Reason.MALFORMED)
    return Token(
        alg=alg,
        kid=_text(header, "kid"),
        jku=_text(header, "jku") if "jku" in header else None,
        iss=_text(claims, "iss"),
        audience=_audience(claims.get("aud")),
        expires=_time(claims, "exp"),
        issued=_time(claims, "iat"),
        not_before=_time(claims, "nbf") if "nbf" in claims else 0,
        jti=_text(claims, "jti"),
        tenant=_text(claims, "tenant") if "tenant" in claims else None,
        signed=f"{parts[1]}.{parts[2]}".encode(),
        signature=_bytes(parts[3]),
    )


def _bytes(part: str) -> bytes:
    try:
        return urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except NotBase64:
        raise Refused(Reason.MALFORMED) from None


def _object(part: str) -> dict[str, Any]:
    try:
        content = orjson.loads(_bytes(part))
    except orjson.JSONDecodeError:
        content = None
    if not isinstance(content, dict):
        raise Refused(Reason.MALFORMED)
    return content


def _text(members: Mapping[str, Any], name: str) -> str:
    value = members.get(name)
    if not isinstance(value, str) or not value:
        raise Refused(Reason.MALFORMED)
    return value


def _time(claims: Mapping[str, Any], name: str) -> float:
    """A NumericDate. JSON has no infinity, but true is a number to Python."""
    value = claims.get(name)
    if type(value) is int or type(value) is float:
        return value
    raise Refused(Reason.MALFORMED)


def _audience(value: object) -> frozenset[str]:
    found = [value] if isinstance(value, str) else value
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise Refused(Reason.MALFORMED)
    return frozenset(found)
