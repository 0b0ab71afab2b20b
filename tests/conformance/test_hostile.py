"""Whatever a service sends, the check comes to its end, says what it saw, and does no more than it should."""

from __future__ import annotations

import json
import random
import time
from typing import Any

import orjson
import pytest

from cds.conformance import Examination, Given, Outcome, Result, as_json, checks, totals
from cds.conformance.wire import LARGEST
from tests.conformance.conftest import Examine
from tests.conformance.hostile_server import OK, Act, body, endless, hostile, says, silent
from tests.conformance.reference import Behavior
from tests.test_hostile import spoiled

ROUNDS = 25
SOON = Given(seconds=0.3, calls=1)


def examined(act: Act) -> list[Result]:
    """Every line against a server that does this to each connection."""
    with hostile(act) as server, Examination(server.url, SOON) as examination:
        return [check.run(examination) for check in checks()]


@pytest.mark.parametrize(
    ("act", "says_"),
    [
        (says(b"\x00\xff garbage\r\n\r\n"), "the connection broke (RemoteProtocolError)"),
        (says(), "the connection broke"),
        (says(b"HTTP/1.1 200 OK\r\n"), "the connection broke"),
        (silent, "no answer within 0.3 s"),
        (endless(b"HTTP/1.1 200 OK\r\n", b"x: y\r\n" * 1000), "the connection broke (RemoteProtocolError)"),
        (endless(b"HTTP/1.1 200 OK\r\n", b"x: y\r\n", 0.05), "no answer within 0.3 s"),
        (endless(OK + b"\r\n", b" " * 65536), f"larger than {LARGEST} bytes"),
        (endless(OK + b"transfer-encoding: chunked\r\n\r\n", b"1\r\n \r\n", 0.05), "no whole answer within 0.3 s"),
        (says(OK, b"content-length: 999\r\n\r\n{}"), "the connection broke (RemoteProtocolError)"),
        (says(OK, b"transfer-encoding: chunked\r\n\r\nzz\r\n"), "the connection broke (RemoteProtocolError)"),
        (body(b"\x1f\x8b bomb", "content-encoding: gzip"), "compressed, though that was not asked for"),
        (says(b"HTTP/1.1 302 x\r\nlocation: http://[::bad\r\ncontent-length: 0\r\n\r\n"), "the connection broke"),
        (body(b"<html>"), "answered 200, and the body is no JSON"),
        (body(b""), "answered 200, and the body is no JSON"),
        (body(b'{"services": NaN}'), "answered 200, and the body is no JSON"),
        (body(b'{"services": "\xff"}'), "answered 200, and the body is no JSON"),
        (body(b'{"services": "\\ud800"}'), "answered 200, and the body is no JSON"),
        (body(b"[" * 100_000 + b"]" * 100_000), "answered 200, and the body is no JSON"),
        (body(b'{"services": 5}'), "the body has no list of services"),
        (body(b"null", "set-cookie: a=b; Max-Age=x; Domain=\xff", "x: \xff\x1b"), "the body has no list of services"),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_a_fault_of_discovery_and_no_more(act: Act, says_: str) -> None:
    first, *others = examined(act)
    assert (first.line, first.outcome) == ("D1", Outcome.FAIL)
    assert first.seen[0].startswith(says_)
    assert {result.outcome for result in others if result.line != "D3"} == {Outcome.UNCHECKED}


def test_a_redirect_is_not_followed() -> None:
    with hostile(body(b"{}")) as elsewhere:
        location = f"HTTP/1.1 307 x\r\nlocation: {elsewhere.url}/\r\ncontent-length: 0\r\n\r\n"
        (first, *_) = examined(says(location.encode()))
        assert first.seen == ("answered 307",)
        assert elsewhere.callers == 0


def test_a_service_that_falls_silent_is_left_alone() -> None:
    service = {"id": "a", "hook": "order-sign", "title": "t", "description": "d"}
    with hostile(body(orjson.dumps({"services": [service]}))) as server:
        with Examination(server.url, SOON) as examination:
            assert examination.services
            server.act = silent
            started = time.monotonic()
            results = [check.run(examination) for check in checks()]
            assert time.monotonic() - started < 20
        assert server.callers == 1 + 5
    assert {r.line for r in results if r.outcome is Outcome.FAIL} >= {"R1", "C10"}


def test_many_faults_and_deep_ones_cost_little() -> None:
    deep = b'{"a":' * 500 + b"[" + b"[]," * 100_000 + b"0]" + b"}" * 500
    many = b'{"services": [' + b"0," * 400_000 + b"0]}"
    services = b'{"id": "a", "hook": "h", "description": "d", "extension": ' + deep + b"}"
    for content in (many, b'{"services": [' + services + b"]}"):
        lines = {result.line: result for result in examined(body(content))}
        assert Outcome.FAIL in (lines["D2"].outcome, lines["D3"].outcome)
        assert len(as_json("x", list(lines.values()), ())) < 2_000_000


def test_nothing_that_a_service_says_acts_on_a_terminal(examine: Examine) -> None:
    evil = "\x1b[31m\x9b2J\u202e\u2028[bold red]x[/][link=https://evil.example]y"
    service = {
        "id": evil,
        "hook": f"order-sign{evil}",
        "title": "t",
        "description": 5,
        evil: None,
        "prefetch": {evil: evil},
    }
    answer = {"cards": [{"summary": "s", "indicator": evil, "source": {}, "links": [{"type": evil}], evil: []}]}
    results = examine(Behavior(discovery=lambda _: {"services": [service]}, answer=lambda _: answer))
    said = json.dumps([result.seen for result in results.values()], ensure_ascii=False)
    assert "[bold red]" in said
    assert said.isprintable()
    assert totals(list(results.values()))


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_no_answer_breaks_a_check(examine: Examine, seed: int) -> None:
    chance = random.Random(seed)

    def change(content: Any) -> Any:
        made = content
        for _ in range(chance.randint(1, 6)):
            made = spoiled(made, chance) if made else made
        return made

    examine(Behavior(answer=change, instead={"id": chance.choice([200, 404])}))
    examine(Behavior(discovery=change), *(f"D{number}" for number in range(1, 6)), "R5", "C1")
