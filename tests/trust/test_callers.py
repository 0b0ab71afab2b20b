"""Without a clients file: who counts as on this machine, over sockets and straight through ASGI."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import HTTPConnection
from starlette.routing import Mount

from cds import create_app
from cds.settings import Settings
from cds.trust.callers import Neighbors, Origins
from cds.trust.refusal import Reason, Refused
from tests.conftest import NOW, serving
from tests.hooks.service import SIGN, diagnostics, of, rules, ten_fold
from tests.support.waiting import awaited
from tests.trust.signing import bearer, claims, token
from tests.trust.trusted import client, written

BASE = "https://cds.hospital.example/ivig"
LOCAL = Neighbors(Origins(loopback=True), None)
FRONTED = Neighbors(Origins(frozenset({"https://cds.hospital.example"}), loopback=True), BASE)


def refusal(neighbors: Neighbors, peer: str | None = "127.0.0.1", **headers: str) -> Reason | None:
    sent = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "headers": sent, "client": (peer, 50000) if peer is not None else None}
    try:
        neighbors.check(HTTPConnection(scope))
    except Refused as refused:
        return refused.reason
    return None


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", None])
def test_peers_of_this_machine(peer: str | None) -> None:
    assert refusal(LOCAL, peer) is None


@pytest.mark.parametrize(
    "peer", ["10.0.0.1", "192.168.1.4", "::ffff:10.0.0.1", "fe80::1", "0.0.0.0", "::", "testclient", "", "unknown"]
)
def test_peers_from_elsewhere(peer: str) -> None:
    assert refusal(LOCAL, peer) == Reason.STRANGER
    assert refusal(FRONTED, peer) == Reason.STRANGER


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8080", "127.0.0.1:8080", "[::1]:8080", "[::1]"])
def test_names_of_this_machine(host: str) -> None:
    assert refusal(LOCAL, host=host) is None


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.1:8080", ""),
        *("localhost@evil.example", "evil.example#localhost", "local\thost", "localhost:x", "0.0.0.0:8080", "[::1"),
    ],
)
def test_a_name_that_was_pointed_here_is_refused(host: str) -> None:
    """DNS rebinding: the browser believes that it talks to its page's own server."""
    assert refusal(LOCAL, host=host) == Reason.HOST


def test_the_base_url_names_a_proxy_in_front() -> None:
    assert refusal(LOCAL, host="cds.hospital.example") == Reason.HOST
    assert refusal(FRONTED, host="cds.hospital.example") is None
    assert refusal(FRONTED, host="CDS.hospital.example:443") is None
    assert refusal(FRONTED, host="evil.example") == Reason.HOST
    assert refusal(FRONTED, host="localhost", origin="https://cds.hospital.example") is None


@pytest.mark.parametrize("name", ["forwarded", "x_forwarded_for", "x_forwarded_host", "x_forwarded_proto", "via"])
def test_what_came_through_a_proxy_that_nobody_named_is_refused(name: str) -> None:
    assert refusal(LOCAL, host="localhost", **{name: "10.0.0.1"}) == Reason.PROXY
    assert refusal(FRONTED, host="localhost", **{name: "10.0.0.1"}) is None


def test_a_call_from_another_machine_is_403_wherever_the_application_is_mounted() -> None:
    outer = Starlette(routes=[Mount("/hospital", create_app(Settings(), clock=lambda: NOW))])

    async def call(peer: str) -> list[httpx.Response]:
        transport = httpx.ASGITransport(outer, client=(peer, 50000))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost/hospital") as http:
            return [
                await http.post(SIGN, json=of("order-sign", ten_fold())),
                *[await http.get(path) for path in ("/cds-services", "/health", "/ready", "/metrics", "/rules/")],
            ]

    cards, discovery, *open_to_all = awaited(call("127.0.0.1"))
    assert rules(cards)
    assert discovery.json()["services"]
    assert [answer.status_code for answer in open_to_all] == [200] * 4
    cards, discovery, *open_to_all = awaited(call("10.1.2.3"))
    for answer in (cards, discovery):
        assert "IVIG_CDS_CLIENTS" in diagnostics(answer, 403)
    assert [answer.status_code for answer in open_to_all] == [200] * 4


def test_the_audience_of_a_mounted_service_has_the_path_it_is_mounted_at(tmp_path: Path) -> None:
    app = create_app(Settings(clients=written(tmp_path, [client()]), base_url=BASE), clock=lambda: NOW)
    with serving(Starlette(routes=[Mount("/ivig", app)])) as http:
        for base, status in ((BASE, 200), (BASE.removesuffix("/ivig"), 401)):
            headers = bearer(token(claims(f"{base}{SIGN}")))
            answer = http.post(f"/ivig{SIGN}", json=of("order-sign", ten_fold()), headers=headers)
            assert answer.status_code == status


def test_refusals_are_counted() -> None:
    with serving(create_app(Settings(), clock=lambda: NOW)) as client:
        content: dict[str, Any] = of("order-sign", ten_fold())
        assert rules(client.post(SIGN, json=content, headers={"host": "localhost"}))
        diagnostics(client.post(SIGN, json=content, headers={"host": "evil.example"}), 403)
        counted = client.get("/metrics").text
    assert 'ivig_cds_authentications_total{client="",outcome="admitted"} 1.0' in counted
    assert 'ivig_cds_authentications_total{client="",outcome="another host name"} 1.0' in counted
    assert 'ivig_cds_calls_total{hook="order-sign",outcome="refused"} 1.0' in counted
