"""HTTP as a client does it that trusts nobody: a deadline for the whole answer, a limit of its size, no redirects, no
cookies, no compression. Whatever happens is an Answer, never an exception."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx
import orjson

from cds.conformance.shape import brief

LARGEST = 1024 * 1024
"""The most bytes of an answer that are read."""
_ALL = 64 * LARGEST
"""The most bytes that are read in all: answers are kept."""
_PATIENCE = 5
"""After so many calls in a row without an answer the service is not called any more."""
_NOT_JSON = object()
_STALE = (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError)
"""What a kept connection gives that the other side has closed meanwhile: asked once again."""

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Answer:
    """How a request was answered. `status` is 0 without any answer; `trouble` says why it did not come as a whole."""

    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    seconds: float = 0.0
    trouble: str = ""
    content: Any = _NOT_JSON

    @property
    def is_json(self) -> bool:
        """Whether the body is JSON; then it stands in `content`."""
        return self.content is not _NOT_JSON

    @property
    def unheard(self) -> bool:
        """Whether the request was turned away before it was looked at: no or no good token, or too many calls."""
        return self.status in (401, 403, 429)


@dataclass(slots=True)
class Listener:
    """A port of this machine on which nothing is served; `callers` counts who came."""

    port: int = 0
    callers: int = 0


class Wire:
    """Sends requests one by one, from a loop in a thread of its own, so that one deadline holds for all of a call."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._silent = 0
        self._read = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._client = self._run(self._open())

    def close(self) -> None:
        self._run(self._client.aclose())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def send(self, method: str, url: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
        """The answer to one request."""
        if self._silent >= _PATIENCE:
            return Answer(trouble=f"not asked: {_PATIENCE} calls in a row were not answered")
        if self._read > _ALL:
            return Answer(trouble=f"not asked: {_ALL} bytes were read already")
        answer = self._run(self._answer(method, url, body, {"accept-encoding": "identity", **(headers or {})}))
        self._silent = 0 if answer.status else self._silent + 1
        self._read += len(answer.body)
        return answer

    @contextmanager
    def listening(self) -> Iterator[Listener]:
        """A port of this machine that counts who connects."""
        listener = Listener()
        server = self._run(self._listen(listener))
        try:
            yield listener
        finally:
            self._run(self._deafen(server))

    def _run(self, coroutine: Coroutine[Any, Any, _T]) -> _T:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    async def _open(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(timeout=None, follow_redirects=False)

    async def _answer(
        self, method: str, url: str, body: bytes, headers: dict[str, str], *, again: bool = True
    ) -> Answer:
        started = self._loop.time()
        deadline = started + self._seconds
        try:
            request = self._client.build_request(method, url, content=body or None, headers=headers)
            async with asyncio.timeout_at(deadline):
                response = await self._client.send(request, stream=True)
        except TimeoutError:
            return Answer(trouble=f"no answer within {self._seconds:g} s")
        except _STALE as fault:
            if again:
                return await self._answer(method, url, body, headers, again=False)
            return Answer(trouble=f"the connection broke ({type(fault).__name__})")
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as fault:
            return Answer(trouble=brief(f"{type(fault).__name__}: {fault}"))
        self._client.cookies.clear()
        whole, trouble = await self._body(response, deadline)
        seconds = self._loop.time() - started
        return Answer(response.status_code, response.headers, whole, seconds, trouble, _json(whole))

    async def _body(self, response: httpx.Response, deadline: float) -> tuple[bytes, str]:
        """The body, or nothing and why."""
        if response.headers.get("content-encoding", "identity").strip().lower() != "identity":
            await response.aclose()
            return b"", "compressed, though that was not asked for"
        parts, size = [], 0
        try:
            async with asyncio.timeout_at(deadline):
                async for part in response.aiter_raw():
                    size += len(part)
                    parts.append(part)
                    if size > LARGEST:
                        return b"", f"larger than {LARGEST} bytes"
        except TimeoutError:
            return b"", f"no whole answer within {self._seconds:g} s"
        except httpx.HTTPError as fault:
            return b"", f"the connection broke ({type(fault).__name__})"
        finally:
            await response.aclose()
        return b"".join(parts), ""

    async def _listen(self, listener: Listener) -> asyncio.Server:
        async def met(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            listener.callers += 1
            writer.close()

        server = await asyncio.start_server(met, "127.0.0.1", 0)
        listener.port = server.sockets[0].getsockname()[1]
        return server

    async def _deafen(self, server: asyncio.Server) -> None:
        server.close()
        await server.wait_closed()


def _json(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return _NOT_JSON
