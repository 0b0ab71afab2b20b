"""The service as it runs, on a loopback socket, and the pages of the rule book: on the day of the fixtures."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import uvicorn

import cds
from cds.pages import Pages
from cds.settings import Settings
from tests.support.run import AS_OF, RULES, book

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@contextmanager
def serving(app: Any, **config: Any) -> Iterator[httpx.Client]:
    """A client of the ASGI application, which listens on a free port of this machine; `config` is uvicorn's."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, **config))
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    try:
        for _ in range(1000):
            if server.started:
                break
            time.sleep(0.01)
        with httpx.Client(base_url=f"http://127.0.0.1:{listening.getsockname()[1]}", timeout=20) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()


@pytest.fixture(scope="session")
def service() -> Iterator[httpx.Client]:
    """A client of the whole service."""
    with serving(cds.create_app(Settings(max_body=200_000), clock=lambda: NOW)) as client:
        yield client


@pytest.fixture(scope="session")
def pages() -> Pages:
    """The pages of the real rule book. All of them take seconds, since every written case is evaluated for them."""
    return Pages(book(), RULES, AS_OF)
