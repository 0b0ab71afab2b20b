"""A server of key sets on a socket of this machine, with all the ways in which such a server fails."""

from __future__ import annotations

import gzip
import json
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class KeyServer:
    """`keys` is what it publishes, `asked` the paths that were asked for, `mode` how it behaves."""

    def __init__(self) -> None:
        self.keys: list[Any] = []
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.mode = "sound"
        self.open = threading.Event()
        self.url = ""

    @property
    def jwks(self) -> str:
        return f"{self.url}/jwks.json"

    def body(self) -> bytes:
        bodies = {
            "no json": b"<html>moved</html>",
            "no set": b'{"keys": 7}',
            "a list": b"[]",
            "huge": json.dumps({"keys": self.keys, "more": "x" * 200_000}).encode(),
            "zipped": gzip.compress(b" " * 10_000_000),
        }
        return bodies.get(self.mode, json.dumps({"keys": self.keys}).encode())


@contextmanager
def key_server(tls: ssl.SSLContext | None = None) -> Iterator[KeyServer]:
    """One that runs; what waits in mode "hanging" is let go at the end, or by `open.set()`."""
    state = KeyServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked.append(self.path)
            state.headers.append({name.lower(): value for name, value in self.headers.items()})
            if state.mode == "hanging":
                state.open.wait(10)
            if state.mode == "cut off":
                self.connection.close()
                return
            redirected = state.mode == "redirecting" and self.path != "/elsewhere"
            self.send_response(302 if redirected else 500 if state.mode == "failing" else 200)
            if redirected:
                self.send_header("location", "/elsewhere")
            if state.mode == "zipped":
                self.send_header("content-encoding", "gzip")
            self.end_headers()
            if state.mode == "dripping":
                for _ in range(100):
                    self.wfile.write(b" ")
                    self.wfile.flush()
                    if state.open.wait(0.05):
                        return
            self.wfile.write(state.body())

        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except (OSError, ValueError):
                self.close_connection = True

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    state.url = f"{'http' if tls is None else 'https'}://127.0.0.1:{server.server_address[1]}"
    try:
        yield state
    finally:
        state.open.set()
        server.shutdown()
        server.server_close()
        thread.join(5)


def until(condition: Any) -> None:
    """Wait for what another thread is about to do."""
    for _ in range(500):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("it did not happen")
