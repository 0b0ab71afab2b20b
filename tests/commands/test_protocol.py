"""The head of a request, below, at and above its bounds, over a real socket."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from cds import create_app
from cds.commands import _protocol
from cds.commands._protocol import MOST_HEAD, BoundedHttp
from cds.settings import Settings
from tests.conftest import NOW, serving
from tests.hooks.service import SIGN, of, rules, ten_fold
from tests.support.raw import raw


@pytest.fixture(scope="module")
def bounded() -> Iterator[httpx.Client]:
    with serving(create_app(Settings(), clock=lambda: NOW), http=BoundedHttp) as client:
        yield client


def head(length: int) -> bytes:
    """The start of a request, so many bytes long, without the end of its headers."""
    return b"GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx: ".ljust(length, b"a")


@pytest.mark.parametrize("over", [-1, 0])
def test_headers_up_to_the_bound(bounded: httpx.Client, over: int) -> None:
    assert raw(bounded, head(MOST_HEAD + over), b"\r\n\r\n").startswith(b"HTTP/1.1 200 ")


def test_longer_headers_are_refused_before_they_end(bounded: httpx.Client) -> None:
    answer = raw(bounded, head(MOST_HEAD + 1))
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.endswith(b"Request line and headers are too long.")
    assert b"200" not in raw(bounded, head(8_000_000), b"\r\n\r\n")
    assert bounded.get("/health").status_code == 200


def test_longer_headers_that_come_at_once_are_refused_as_well(bounded: httpx.Client) -> None:
    assert raw(bounded, head(MOST_HEAD + 200) + b"\r\n\r\n").startswith(b"HTTP/1.1 400 ")
    many = b"".join(b"x%d: %s\r\n" % (number, b"a" * 100) for number in range(700))
    assert raw(bounded, head(60), b"\r\n", many, b"\r\n").startswith(b"HTTP/1.1 400 ")
    assert bounded.get("/health").status_code == 200


def test_each_request_of_a_connection_is_counted_by_itself(bounded: httpx.Client) -> None:
    for _ in range(3):
        assert bounded.get("/health", headers={"x": "a" * (MOST_HEAD // 2)}).status_code == 200
        assert rules(bounded.post(SIGN, json=of("order-sign", ten_fold())))


@pytest.mark.parametrize("start", [b"", b"GET /health HTTP/1.1\r\nhost: x\r\n"])
def test_a_head_that_does_not_come_to_its_end_is_not_waited_for(monkeypatch: pytest.MonkeyPatch, start: bytes) -> None:
    monkeypatch.setattr(_protocol, "HEAD_SECONDS", 0.1)
    with serving(create_app(Settings(), clock=lambda: NOW), http=BoundedHttp) as client:
        assert raw(client, start) == b""
        whole = b"GET /health HTTP/1.1\r\nhost: x\r\n\r\n"
        answer = raw(client, whole, start)
        assert answer.startswith(b"HTTP/1.1 200 ")
        assert answer.count(b"HTTP/1.1") == 1


def test_what_is_no_http_is_refused_as_before(bounded: httpx.Client) -> None:
    assert raw(bounded, b"\x00\x01\r\n\r\n").startswith(b"HTTP/1.1 400 ")
