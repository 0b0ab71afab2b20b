"""Why a call is not let in, in a closed list of words, and what the caller is told: after a bad token, nothing."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from cds.errors import CdsError


class Reason(StrEnum):
    """Why a call was refused: for metrics and the log, which hold no other word about it."""

    NO_TOKEN = "no token"
    MALFORMED = "malformed token"
    ALGORITHM = "algorithm"
    ISSUER = "unknown issuer"
    AUDIENCE = "another audience"
    EXPIRED = "expired"
    NOT_YET = "not valid yet"
    LIFETIME = "lifetime"
    JKU = "jku not listed"
    KEY = "unknown key"
    KEY_SET = "key set not to be had"
    SIGNATURE = "signature"
    REPLAYED = "replayed"
    TENANT = "tenant"
    SERVICE = "service"
    TOO_MANY = "too many tokens"
    STRANGER = "another machine"
    PROXY = "through a proxy"
    HOST = "another host name"
    ORIGIN = "another origin"


_HERE = "without a clients file (IVIG_CDS_CLIENTS) this service answers callers on its own machine only"

SAID: Mapping[Reason, tuple[int, str]] = {
    Reason.TENANT: (403, "calls for the tenant of this token are not let in"),
    Reason.SERVICE: (403, "this client may not call this service; discovery lists those that it may"),
    Reason.TOO_MANY: (429, "too many tokens of this client are valid at once; give them a shorter life"),
    Reason.STRANGER: (403, _HERE),
    Reason.PROXY: (403, f"{_HERE}, and a proxy in front of it has to be named by IVIG_CDS_BASE_URL"),
    Reason.HOST: (403, f"{_HERE}, by the name localhost or by IVIG_CDS_BASE_URL"),
    Reason.ORIGIN: (403, "web pages of this origin may not call; IVIG_CDS_ORIGINS lists those that may"),
}
"""Status and words where the caller is told more than 401: it has shown who it is, or has not been asked."""


class Refused(CdsError):
    """A call that is not let in."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason
