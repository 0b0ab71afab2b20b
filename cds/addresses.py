"""Addresses: what is this machine alone, and which URLs may stand in a setting or in a file of the site."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Literal
from urllib.parse import SplitResult, urlsplit

Kind = Literal["base", "document", "origin"]
"""What a URL is written for: what paths are added to, one document, or the pages of a browser."""

_DEFAULT_PORTS: Mapping[str, int] = {"http": 80, "https": 443}


def is_loopback(host: str) -> bool:
    """Whether a name or an address without its port is this machine's own, which no other can reach or call from."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host.lower() == "localhost"
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback


def split_url(url: str) -> SplitResult | None:
    """The parts of an absolute http or https URL of printable ASCII; None for anything else."""
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        return None
    try:
        parts = urlsplit(url)
        usable = parts.scheme in _DEFAULT_PORTS and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return parts if usable else None


def url_fault(url: str, kind: Kind) -> str:
    """What is wrong with a URL as the predicate of a sentence, "" where nothing is.

    Patient data and tokens travel to it or from it, so it is https, and http only on this machine.
    """
    parts = split_url(url)
    if parts is None:
        return "is no http or https URL"
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        return "must begin with https: http is for this machine only"
    if "@" in parts.netloc:
        return "must not hold a user or a password"
    if "#" in url:
        return "must not have a fragment"
    if kind != "document" and "?" in url:
        return "must not have a query"
    if kind == "base" and url.endswith("/"):
        return "must not end with a slash"
    if kind == "origin" and url != _origin(parts):
        return f"is no origin: write {_origin(parts)}"
    return ""


def _origin(parts: SplitResult) -> str:
    """The origin of a URL as browsers write it: small letters, and no port where it is the usual one."""
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    port = "" if parts.port in (None, _DEFAULT_PORTS[parts.scheme]) else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"


def origin_of(url: str) -> str:
    """The origin of a URL without faults."""
    return _origin(urlsplit(url))
