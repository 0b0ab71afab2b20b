"""CORS over a socket: what a browser asks before it lets a page call, and what it lets the page read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from cds import create_app
from cds.settings import Settings
from tests.conftest import NOW, serving
from tests.hooks.service import JSON, SIGN, diagnostics, of, rules, ten_fold
from tests.trust.signing import BASE, bearer, token
from tests.trust.trusted import MUTE, ORIGIN, Trusted, of_second

SANDBOX = "https://sandbox.cds-hooks.org"
STRANGERS = ("https://evil.example", "null", f"{ORIGIN}.evil.example", f"{ORIGIN}:8443", ORIGIN.upper(), f"{ORIGIN}/")


@pytest.fixture(scope="module")
def local() -> Iterator[httpx.Client]:
    """A service without clients that lets the pages of the public sandbox call it."""
    with serving(create_app(Settings(origins=frozenset({SANDBOX})), clock=lambda: NOW)) as client:
        yield client


def preflight(client: httpx.Client, origin: str, path: str = SIGN, **headers: str) -> httpx.Response:
    asked = {
        "origin": origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type",
    }
    return client.options(path, headers=asked | {name.replace("_", "-"): value for name, value in headers.items()})


def words(answer: httpx.Response, name: str) -> set[str]:
    return {word.strip().lower() for word in answer.headers[name].split(",")}


@pytest.mark.parametrize("path", ["/cds-services", SIGN, f"{SIGN}/feedback"])
def test_a_preflight_is_answered_without_a_token(trusted: Trusted, path: str) -> None:
    answer = preflight(trusted.http, ORIGIN, path)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert {"authorization", "content-type", "accept"} <= words(answer, "access-control-allow-headers")
    assert words(answer, "access-control-allow-methods") == {"get", "post"}
    assert "origin" in words(answer, "vary")
    assert "access-control-allow-credentials" not in answer.headers
    assert "access-control-allow-private-network" not in answer.headers


def test_a_page_from_outside_may_reach_into_the_network(local: httpx.Client) -> None:
    answer = preflight(local, SANDBOX, access_control_request_private_network="true")
    assert answer.headers["access-control-allow-private-network"] == "true"


@pytest.mark.parametrize("origin", STRANGERS)
def test_pages_of_other_origins_are_told_nothing(trusted: Trusted, origin: str) -> None:
    answer = preflight(trusted.http, origin)
    diagnostics(answer, 405)
    assert "access-control-allow-origin" not in answer.headers
    assert "origin" in words(answer, "vary")
    answer = trusted.sign(origin=origin)
    assert answer.status_code == 200, "the token says who calls; the browser keeps the answer from the page"
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    ("status", "send"),
    [
        (200, lambda t: t.sign(of_second(), origin=ORIGIN)),
        (401, lambda t: t.sign("no.to.ken", origin=ORIGIN)),
        (403, lambda t: t.sign(of_second(tenant="x"), origin=ORIGIN)),
        (404, lambda t: t.http.get("/nowhere", headers={"origin": ORIGIN})),
        (405, lambda t: t.http.delete(SIGN, headers={"origin": ORIGIN})),
        (
            413,
            lambda t: t.http.post(SIGN, content=b" " * 200_001, headers={"origin": ORIGIN, **JSON, **bearer(token())}),
        ),
        (
            415,
            lambda t: t.http.post(
                SIGN, content=b"x", headers={"origin": ORIGIN, **bearer(token())} | {"content-type": "a/b"}
            ),
        ),
    ],
)
def test_every_answer_can_be_read_by_the_page(trusted: Trusted, status: int, send: Any) -> None:
    answer = send(trusted)
    assert answer.status_code == status
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert "x-request-id" in words(answer, "access-control-expose-headers")
    assert answer.headers["x-request-id"]
    assert "origin" in words(answer, "vary")


def test_a_fault_of_ours_can_be_read_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise ValueError

    app = create_app(Settings(origins=frozenset({SANDBOX})), clock=lambda: NOW)
    monkeypatch.setattr("cds.calls.consider", fail)
    with serving(app) as client:
        answer = client.post(SIGN, json=of("order-sign", ten_fold()), headers={"origin": SANDBOX})
    diagnostics(answer, 500)
    assert answer.headers["access-control-allow-origin"] == SANDBOX


@pytest.mark.parametrize(
    "origin",
    [SANDBOX, "http://localhost:3000", "http://127.0.0.1", "https://localhost:8443", "http://[::1]:5173"],
)
def test_without_clients_pages_of_this_machine_and_those_listed_may_call(local: httpx.Client, origin: str) -> None:
    assert preflight(local, origin).headers["access-control-allow-origin"] == origin
    answer = local.post(SIGN, json=of("order-sign", ten_fold()), headers={"origin": origin})
    assert rules(answer)
    assert answer.headers["access-control-allow-origin"] == origin


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "http://localhost.evil.example", "http://127.0.0.1.evil.example", "file://", ""],
)
def test_without_clients_other_pages_may_not_even_call(local: httpx.Client, origin: str) -> None:
    """A page can send what needs no preflight, and would change things without reading the answer."""
    for headers in ({}, {"content-type": "application/json"}):
        answer = local.post(SIGN, content=b"{}", headers={"origin": origin, **headers})
        assert "IVIG_CDS_ORIGINS" in diagnostics(answer, 403)
        assert "access-control-allow-origin" not in answer.headers
    assert diagnostics(local.get("/cds-services", headers={"origin": origin}), 403)


def test_with_clients_the_pages_of_this_machine_are_like_any_others(trusted: Trusted) -> None:
    assert "access-control-allow-origin" not in preflight(trusted.http, "http://localhost:3000").headers
    assert preflight(trusted.http, BASE.removesuffix("/ivig")).status_code == 204, "the service's own pages"
    assert trusted.http.post(SIGN, json={}, headers={"origin": ORIGIN}).content == MUTE
