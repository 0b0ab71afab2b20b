"""The one way out: GET from a FHIR server over a pool of connections, and why an answer could not be had.

What a client may not do is left out rather than forbidden: there is no cookie jar, no proxy or password from the
environment, no redirect out of the server's base address, and nothing that logs an address, which names the patient.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from contextvars import ContextVar

import httpx

from cds.errors import Trouble, Unavailable
from cds.servers import Server

LARGEST = 4 * 1024 * 1024
"""Bytes of one answer that are read; a page of 200 Observations has half a megabyte."""

_REDIRECTS = 3
_CONNECTIONS = 100
_KEPT_SECONDS = 3.0
"""A connection is not used again when it was idle for so long: many servers close theirs after 5 seconds."""

_HEADERS = {
    "accept": "application/fhir+json",
    "accept-encoding": "identity",
    "user-agent": "ivig-cds",
}
_JSON = frozenset({"application/fhir+json", "application/json", "application/json+fhir"})
_REFUSALS: Mapping[int, tuple[Trouble, str]] = {
    401: ("refused", "did not accept the access token (401)"),
    403: ("refused", "did not allow it (403)"),
    404: ("not found", "did not find it (404)"),
    410: ("not found", "says that it was deleted (410)"),
    429: ("busy", "is too busy (429)"),
}


class Client:
    """The connections to all FHIR servers, each opened when it is first needed: no lifespan has to open them.

    They belong to the event loop that they were opened in; another loop gets its own.
    """

    def __init__(self) -> None:
        self._trusted = httpx.create_ssl_context(trust_env=False)
        self._trusted.load_default_certs()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._pool = self._opened()
        for name in _TALKATIVE:
            logging.getLogger(name).addFilter(_muted)

    async def get(self, url: str, server: Server, token: str | None) -> bytes:
        """The body of the answer, which says that it is JSON. Raises Unavailable. `url` lies under `server`.

        The token goes to this server and nowhere else. How long it may take is for the caller to say.
        """
        asking = _asking.set(True)
        try:
            for _ in range(_REDIRECTS + 1):
                answer = await self._send(url, token)
                if isinstance(answer, bytes):
                    return answer
                onward = server.at(answer, seen_from=url)
                if onward is None:
                    raise Unavailable("elsewhere", "sends to another address, which is not followed")
                url = onward
            raise Unavailable("elsewhere", "sends from one address to the next")
        except httpx.ConnectError:
            raise Unavailable("unreachable", "could not be reached") from None
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError):
            raise Unavailable("broken", "broke off its answer") from None
        finally:
            _asking.reset(asking)

    async def aclose(self) -> None:
        """Close the connections; asked again, it opens new ones."""
        pool, ours = self._pool, self._loop is asyncio.get_running_loop()
        self._pool, self._loop = self._opened(), None
        if ours:
            await pool.aclose()

    async def _send(self, url: str, token: str | None) -> bytes | str:
        """The body, or the address that the server sends to."""
        headers = {**_HEADERS, "authorization": f"Bearer {token}"} if token else _HEADERS
        response = await self._open().handle_async_request(httpx.Request("GET", url, headers=headers))
        try:
            if response.is_redirect and response.has_redirect_location:
                return response.headers["location"]
            _check(response)
            return await _body(response)
        finally:
            await response.aclose()

    def _open(self) -> httpx.AsyncHTTPTransport:
        loop = asyncio.get_running_loop()
        if self._loop is not None and self._loop is not loop:
            self._pool = self._opened()
        self._loop = loop
        return self._pool

    def _opened(self) -> httpx.AsyncHTTPTransport:
        limits = httpx.Limits(
            max_connections=_CONNECTIONS, max_keepalive_connections=_CONNECTIONS, keepalive_expiry=_KEPT_SECONDS
        )
        return httpx.AsyncHTTPTransport(verify=self._trusted, retries=1, limits=limits)


def _check(response: httpx.Response) -> None:
    """Raises Unavailable for an answer that is none, or none that can be read."""
    status = response.status_code
    if status != 200:
        trouble, what = _REFUSALS.get(status, ("failed", f"failed ({status})"))
        raise Unavailable(trouble, what)
    media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if media_type not in _JSON or encoding not in ("", "identity"):
        raise Unavailable("broken", "did not answer in FHIR JSON")


async def _body(response: httpx.Response) -> bytes:
    size, parts = 0, []
    announced = response.headers.get("content-length", "0")
    if not announced.isdigit() or int(announced) <= LARGEST:
        async for part in response.aiter_raw():
            size += len(part)
            parts.append(part)
            if size > LARGEST:
                break
        else:
            return b"".join(parts)
    raise Unavailable("too large", f"answered with more than {LARGEST // 1024 // 1024} MB")


_TALKATIVE = (
    "httpx",
    *(f"httpcore.{part}" for part in ("connection", "http11", "http2", "proxy", "socks")),
)
"""The loggers that tell addresses and headers, at INFO or at DEBUG."""

_asking: ContextVar[bool] = ContextVar("asking a FHIR server", default=False)


def _muted(record: logging.LogRecord) -> bool:
    """Whether a record is none of ours: what others do in the same process is theirs to log."""
    return not _asking.get()
