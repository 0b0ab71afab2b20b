"""Calls at once and slow ones, over real sockets: who is turned away, with what, and who is still answered."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from starlette.exceptions import HTTPException

import cds.calls
from cds import create_app
from cds.evaluation import Advice
from cds.settings import Settings
from cds.traffic import Traffic
from tests.conftest import NOW, serving
from tests.hooks.calls import order
from tests.hooks.service import SIGN, diagnostics, of, rules, ten_fold
from tests.support.raw import raw


class Held:
    """Evaluations that wait until they are let go, and calls that are waiting for them."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client
        self.begun, self.go = threading.Semaphore(0), threading.Event()
        self.pool = ThreadPoolExecutor(8)

    def evaluate(self, *args: Any) -> Advice:
        self.begun.release()
        assert self.go.wait(20)
        return Advice((), "")

    def call(self) -> Future[httpx.Response]:
        content = of("order-sign", ten_fold())
        return self.pool.submit(httpx.post, f"{self.client.base_url}{SIGN}", json=content, timeout=30)

    def __enter__(self) -> Held:
        return self

    def __exit__(self, *_: object) -> None:
        self.go.set()
        self.pool.shutdown()


@contextmanager
def holding(monkeypatch: pytest.MonkeyPatch, **settings: Any) -> Iterator[Held]:
    with serving(create_app(Settings(**settings), clock=lambda: NOW)) as client, Held(client) as held:
        monkeypatch.setattr(cds.calls, "consider", held.evaluate)
        yield held


def test_probes_and_other_drugs_are_answered_while_an_evaluation_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    other = of("order-sign", order(medicationCodeableConcept={"text": "amoxicillin"}))
    with holding(monkeypatch) as held:
        waiting = held.call()
        assert held.begun.acquire(timeout=20)
        assert held.client.get("/health").json() == {"status": "alive"}
        assert held.client.get("/ready").status_code == 200
        assert held.client.post(SIGN, json=other).json() == {"cards": []}
        assert not waiting.done()
        held.go.set()
        assert waiting.result(20).json() == {"cards": []}


@pytest.mark.parametrize(
    ("settings", "status", "code"),
    [
        ({"max_calls": 2, "max_calls_per_client": 9}, 503, "transient"),
        ({"max_calls": 9, "max_calls_per_client": 2}, 429, "throttled"),
        ({"max_calls": 2, "max_calls_per_client": 2}, 429, "throttled"),
    ],
)
def test_a_call_too_many_hears_at_once_when_to_come_again(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, int], status: int, code: str
) -> None:
    with holding(monkeypatch, **settings) as held:
        done, waiting = wait([held.call() for _ in range(3)], 20, FIRST_COMPLETED)
        (refused,) = (one.result() for one in done)
        diagnostics(refused, status)
        assert refused.headers["retry-after"] == "1"
        assert refused.json()["issue"][0]["code"] == code
        assert held.client.get("/health").status_code == 200
        assert 'outcome="refused"} 1.0' in held.client.get("/metrics").text
        held.go.set()
        assert [one.result(20).status_code for one in waiting] == [200, 200]
        assert held.call().result(20).status_code == 200


def test_clients_are_counted_apart_and_together() -> None:
    traffic = Traffic(3, 2)
    with traffic.call_of("a"), traffic.call_of("b"), traffic.call_of("a"):
        for client, status in (("a", 429), ("b", 503), ("c", 503)):
            with pytest.raises(HTTPException) as refused, traffic.call_of(client):
                pass
            assert refused.value.status_code == status
    with traffic.call_of("a"), traffic.call_of("a"), traffic.call_of("b"):
        pass


def test_a_call_that_fails_makes_room_again() -> None:
    traffic = Traffic(1, 1)
    for _ in range(3):
        with pytest.raises(ValueError, match="x"), traffic.call_of("a"):
            raise ValueError("x")


def head(length: int) -> bytes:
    lines = (
        f"POST {SIGN} HTTP/1.1",
        "host: localhost",
        "content-type: application/json",
        f"content-length: {length}",
        "",
        "",
    )
    return "\r\n".join(lines).encode()


def test_a_body_that_does_not_come_to_its_end_is_408_and_makes_room() -> None:
    settings = Settings(body_seconds=0.2, max_calls=1)
    with serving(create_app(settings, clock=lambda: NOW)) as client:
        for _ in range(2):
            start, _, body = raw(client, head(1000), b'{"hook":').partition(b"\r\n\r\n")
            assert start.startswith(b"HTTP/1.1 408 ")
            assert b"connection: close" in start.lower()
            (issue,) = json.loads(body)["issue"]
            assert issue["code"] == "timeout"
            assert issue["diagnostics"] == "not sent within 0.2 seconds; IVIG_CDS_BODY_SECONDS sets the limit"
        assert rules(client.post(SIGN, json=of("order-sign", ten_fold())))


def test_a_body_that_comes_in_time_by_pieces_is_read() -> None:
    content = json.dumps(of("order-sign", ten_fold())).encode()
    with serving(create_app(Settings(), clock=lambda: NOW)) as client:
        close = head(len(content)).replace(b"host: localhost", b"host: localhost\r\nconnection: close")
        assert raw(client, close, content[:10], content[10:]).startswith(b"HTTP/1.1 200 ")


def test_of_a_body_that_is_too_large_the_rest_is_not_waited_for(service: httpx.Client) -> None:
    start, _, body = raw(service, head(10**9), b"{").partition(b"\r\n\r\n")
    assert start.startswith(b"HTTP/1.1 413 ")
    assert b"IVIG_CDS_MAX_BODY" in body
