"""HTTP as uvicorn speaks it, with two bounds that it leaves open: how long a request's head may be, and how slow.

Without them an endless header occupies the event loop, and connections that never ask anything use up the sockets,
before anybody is asked who is calling.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_HEAD = 64 * 1024
"""Bytes of a request line and headers; a proxy seldom lets more than 8 or 16 KB pass."""
HEAD_SECONDS = 10.0
"""How long a client may take from its connection, or the first byte of another request, to the end of the headers."""


class BoundedHttp(HttpToolsProtocol):
    """Closes a connection whose head is too long, with 400, or too slow, without a word."""

    _deadline: asyncio.TimerHandle | None = None
    _head = 0
    _read = 0

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._expect_head()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._read = 0
        if self._deadline is None:
            self._expect_head()

    def on_header(self, name: bytes, value: bytes) -> None:
        self._read += len(name) + len(value)
        if self._read > MOST_HEAD:
            raise ValueError  # the parser makes it a 400: a head that comes all at once is not counted by its pieces
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._forget_head()
        super().on_headers_complete()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._deadline is None or self.transport.is_closing():
            return
        self._head += len(data)
        if self._head > MOST_HEAD:
            self.send_400_response("Request line and headers are too long.")

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget_head()
        super().connection_lost(exc)

    def _expect_head(self) -> None:
        self._head = 0
        self._deadline = self.loop.call_later(HEAD_SECONDS, self._too_late)

    def _forget_head(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _too_late(self) -> None:
        self.transport.close()
