"""A server below HTTP: whoever connects gets bytes that no service should send."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import threading
import time
from collections.abc import Callable, Iterator

OK = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
Act = Callable[[socket.socket], None]


def says(*parts: bytes) -> Act:
    """Sends these bytes and hangs up."""
    return lambda connection: connection.sendall(b"".join(parts))


def body(content: bytes, *headers: str) -> Act:
    """A whole answer of 200 with this body."""
    more = "".join(f"{header}\r\n" for header in headers).encode("latin-1")
    return says(OK, more, f"content-length: {len(content)}\r\nconnection: close\r\n\r\n".encode(), content)


def endless(first: bytes, again: bytes, pause: float = 0.0) -> Act:
    """Goes on until the other side hangs up."""

    def act(connection: socket.socket) -> None:
        connection.sendall(first)
        while True:
            connection.sendall(again)
            time.sleep(pause)

    return act


def silent(connection: socket.socket) -> None:
    """Says nothing until the other side hangs up."""
    while connection.recv(65536):
        pass


class _Handler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        server = self.server
        assert isinstance(server, Hostile)
        server.callers += 1
        with contextlib.suppress(OSError):
            if server.act is not silent:
                self.request.recv(65536)
            server.act(self.request)


class Hostile(socketserver.ThreadingTCPServer):
    """The server; `act` is what it does to each connection."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, act: Act) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.act = act
        self.callers = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


@contextlib.contextmanager
def hostile(act: Act) -> Iterator[Hostile]:
    with Hostile(act) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
