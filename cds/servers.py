"""FHIR servers by their base address: how one is written, which one covers another, and which URLs lie under it."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote, urljoin, urlsplit

from cds.addresses import is_loopback

_HOST = r"(?P<host>[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::(?P<port>[0-9]{1,5}))?"
_BASE = re.compile(rf"(?P<scheme>https?)://{_HOST}(?P<path>(?:/[A-Za-z0-9._~!$'()*+,;=:@-]+)*)/?", re.IGNORECASE)
_AUTHORITY = re.compile(_HOST)
_URL = re.compile(r"[\x21-\x7e]+")
_PORTS = {"http": 80, "https": 443}
_DOTS = frozenset({".", ".."})


@dataclass(frozen=True, slots=True)
class Server:
    """The base address of a FHIR server: small letters, the port always told, no slash at the end of the path."""

    scheme: str
    host: str
    port: int
    path: str = ""

    @classmethod
    def read(cls, url: str) -> Server:
        """A base address as it is written. Raises ValueError, saying what to write, for one with anything else in it.

        It has no user, query or fragment, and no path that leads elsewhere than it seems to.
        """
        match = _BASE.fullmatch(url)
        if match is None or _leads_away(match["path"]):
            raise ValueError("not the base address of a FHIR server; write one like https://ehr.example/fhir")
        scheme = match["scheme"].lower()
        return cls(scheme, *_authority(match, scheme), match["path"])

    @property
    def url(self) -> str:
        """The address as it is asked."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.path}"

    @property
    def private(self) -> bool:
        """Whether what is sent there can be read by nobody on the way: over TLS, or on this machine."""
        return self.scheme == "https" or is_loopback(self.host)

    def covers(self, other: Server) -> bool:
        """Whether the other one is this one, or lies under it by whole parts of the path."""
        return (self.scheme, self.host, self.port) == (other.scheme, other.host, other.port) and _under(
            self.path, other.path
        )

    def at(self, url: str, seen_from: str | None = None) -> str | None:
        """The whole of a URL that lies under this address; None for one that does not.

        A relative one is seen from the address itself, or from `seen_from`.
        """
        if not _URL.fullmatch(url) or "\\" in url:
            return None
        try:
            whole = urljoin(seen_from or f"{self.url}/", url)
            parts = urlsplit(whole)
        except ValueError:
            return None
        match = _AUTHORITY.fullmatch(parts.netloc)
        if match is None or parts.scheme != self.scheme or parts.fragment:
            return None
        if _leads_away(unquote(parts.path)) or not _under(self.path, parts.path):
            return None
        try:
            return whole if _authority(match, self.scheme) == (self.host, self.port) else None
        except ValueError:
            return None


def narrowed(servers: Iterable[Server], to: Iterable[Server] | None) -> tuple[Server, ...]:
    """What lies under one of the servers and also under one of `to`; all of the servers where that is None."""
    listed = tuple(servers)
    if to is None:
        return listed
    narrower = tuple(to)
    under = [one for one in narrower if any(server.covers(one) for server in listed)]
    return (*under, *(server for server in listed if any(one.covers(server) for one in narrower)))


def _authority(match: re.Match[str], scheme: str) -> tuple[str, int]:
    host = match["host"].lower()
    port = int(match["port"] or _PORTS[scheme])
    if not 0 < port <= 65535:
        raise ValueError("the port of a FHIR server must be from 1 to 65535")
    return str(ipaddress.IPv6Address(host[1:-1])) if host.startswith("[") else host, port


def _leads_away(path: str) -> bool:
    """Whether a part of a path is "." or "..", also with parameters, which some servers take off first ("..;a=b")."""
    return any(part.partition(";")[0] in _DOTS for part in path.split("/"))


def _under(base: str, path: str) -> bool:
    return path.rstrip("/") == base or path.startswith(f"{base}/")
