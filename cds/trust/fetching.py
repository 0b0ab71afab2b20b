"""Fetching one key set from a URL that the clients file lists: quick, small, no detours."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from functools import cache
from typing import Literal

import httpx
import orjson

from cds.trust.keys import Key, Keys, Unusable, read_key

Failure = Literal["unreachable", "timeout", "status", "too large", "not a key set"]

DEADLINE = 2.0
"""Seconds for all of it: an order entry screen waits while the first call of a client is checked."""
LARGEST = 128 * 1024
"""Bytes; sets that carry certificates have some 20,000."""


class NotFetched(Exception):
    """There is no key set to be had; `failure` says why in a closed list of words."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure)
        self.failure = failure


async def fetch_keys(url: str, deadline: float = DEADLINE) -> tuple[Keys, int]:
    """The usable keys of a key set, and how many others it has. Raises NotFetched.

    Redirects are not followed and proxies of the environment are not asked: the listed host answers, or nobody.
    """
    try:
        async with asyncio.timeout(deadline):
            content = await _content(url, deadline)
    except (TimeoutError, httpx.TimeoutException):
        raise NotFetched("timeout") from None
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError):
        raise NotFetched("unreachable") from None
    try:
        listed = orjson.loads(content)["keys"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        raise NotFetched("not a key set") from None
    if not isinstance(listed, list):
        raise NotFetched("not a key set")
    keys = list(_usable(listed))
    return Keys(keys), len(listed) - len(keys)


async def _content(url: str, deadline: float) -> bytes:
    """The body, which is read as it comes: what would be unpacked can be a thousand times what was sent."""
    headers = {"accept": "application/jwk-set+json, application/json", "accept-encoding": "identity"}
    async with (
        httpx.AsyncClient(verify=_tls(), timeout=deadline, follow_redirects=False, trust_env=False) as client,
        client.stream("GET", url, headers=headers) as answer,
    ):
        if answer.status_code != 200:
            raise NotFetched("status")
        content = b""
        async for part in answer.aiter_raw():
            content += part
            if len(content) > LARGEST:
                raise NotFetched("too large")
        return content


@cache
def _tls() -> ssl.SSLContext:
    """Public authorities, and those that this machine was taught to trust, such as a hospital's own."""
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    return context


def _usable(listed: list[object]) -> Iterator[Key]:
    for jwk in listed:
        try:
            if isinstance(jwk, dict):
                yield read_key(jwk)
        except Unusable:
            continue
