"""Who calls: the client's own tokens as the standard has them, and tokens that no service may accept."""

from __future__ import annotations

import base64
import json
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import jwt
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from cds.errors import CdsError

STRANGER = "https://client.example/cds-hooks"
"""The issuer of a token where no client of the service is given."""
_LIFETIME = 300
"""Seconds that a token is good for."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A client that the service knows. Raises CdsError where the key is no private key for the algorithm."""

    issuer: str
    kid: str
    key: str = field(repr=False)
    """The private key as PEM."""
    algorithm: str = "ES384"
    tenant: str = ""

    def __post_init__(self) -> None:
        try:
            self.token("https://service.example/cds-services")
            self.public_key()
        except (jwt.PyJWTError, NotImplementedError, TypeError, ValueError):
            what = f"must be a private key without a password, as PEM, for {self.algorithm}"
            raise CdsError(what, "--client-key") from None

    def token(self, audience: str | list[str] | None, **changed: Any) -> str:
        """A fresh token for an endpoint; `changed` replaces claims, or members of the header under `header`."""
        header = {"typ": "JWT", "kid": self.kid} | changed.pop("header", {})
        made = claims(self.issuer, audience, self.tenant) | changed
        return jwt.encode(made, self.key, self.algorithm, headers=header)

    def public_key(self) -> bytes:
        """The public half of the key as PEM: what a confused service takes for the secret of HS256."""
        private = load_pem_private_key(self.key.encode(), None)
        return private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def claims(issuer: str, audience: str | list[str] | None, tenant: str = "") -> dict[str, Any]:
    """The claims of a token that is good now; without `aud` where there is no audience."""
    now = int(time.time())
    made = {"iss": issuer, "aud": audience, "tenant": tenant, "jti": str(uuid.uuid4())}
    times = {"iat": now, "exp": now + _LIFETIME}
    return {name: value for name, value in made.items() if value} | times


def unsigned(header: Mapping[str, Any], content: Mapping[str, Any]) -> str:
    """The two parts of a token that are signed."""
    return ".".join(_encoded(json.dumps(part).encode()) for part in (header, content))


def signed(part: str, signature: bytes) -> str:
    """A token with whatever stands for its signature."""
    return f"{part}.{_encoded(signature)}"


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
