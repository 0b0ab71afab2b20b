"""Callers without a token, where no clients are configured: this machine's own programs and the pages it trusts.

The service has no way to know who calls, so it asks from where. A web page that anyone may open in a browser of this
machine calls from here too: by its own host name that was pointed here, or from its own origin.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from starlette.requests import HTTPConnection

from cds.addresses import is_loopback, split_url
from cds.trust.refusal import Reason, Refused

_PROXIED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via")


@dataclass(frozen=True, slots=True)
class Origins:
    """The origins whose web pages may read what the service answers: those listed, and this machine's if `loopback`."""

    listed: frozenset[str] = frozenset()
    loopback: bool = False

    def __contains__(self, origin: str) -> bool:
        if origin in self.listed:
            return True
        parts = split_url(origin) if self.loopback else None
        return parts is not None and is_loopback(parts.hostname or "")


class Neighbors:
    """Lets in what comes from this machine. `base_url` says that a proxy in front does so for others, and vouches."""

    def __init__(self, origins: Origins, base_url: str | None) -> None:
        self._origins = origins
        self._proxied = base_url is not None
        parts = split_url(base_url) if base_url is not None else None
        self._names: Collection[str] = {parts.hostname} if parts is not None and parts.hostname else set()

    def check(self, call: HTTPConnection) -> None:
        """Raises Refused for a call from elsewhere. A peer without an address is one on a Unix socket."""
        if call.client is not None and not is_loopback(call.client.host):
            raise Refused(Reason.STRANGER)
        if not self._proxied and any(name in call.headers for name in _PROXIED):
            raise Refused(Reason.PROXY)
        host = call.headers.get("host")
        if host is not None and not self._own(host):
            raise Refused(Reason.HOST)
        origin = call.headers.get("origin")
        if origin is not None and origin not in self._origins:
            raise Refused(Reason.ORIGIN)

    def _own(self, host: str) -> bool:
        parts = split_url(f"http://{host}")
        name = (parts.hostname or "") if parts is not None else ""
        return is_loopback(name) or name in self._names
