"""Each line is seen to pass on a service that is right, and to fail on one that is wrong there."""

from __future__ import annotations

from typing import Any

import pytest

from cds.conformance import Given, Outcome, Sample, checks
from cds.conformance.samples import made_up
from cds.conformance.speed import p95
from tests.conformance.conftest import Examine
from tests.conformance.faults import FAULTS, Fault, card, puts, query, service
from tests.conformance.reference import Behavior

PASS, FAIL = Outcome.PASS, Outcome.FAIL


def test_a_right_service_passes_every_line_that_can_be_seen(examine: Examine) -> None:
    results = examine(Behavior(guarded=True))
    assert {line: r.seen for line, r in results.items() if r.outcome is not PASS} == {
        "S7": ("cannot be seen from outside: search the service's logs for the tokens of this run",)
    }


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.title)
def test_a_wrong_service_is_noticed_on_its_line_and_on_no_other(
    examine: Examine, healthy: dict[bool, dict[str, Outcome]], fault: Fault
) -> None:
    results = examine(fault.behavior)
    assert results[fault.line].outcome is fault.outcome, results[fault.line].seen
    expected = healthy[fault.behavior.guarded]
    others = {
        line: result.seen
        for line, result in results.items()
        if line not in {fault.line, *fault.follows} and result.outcome is not expected[line]
    }
    assert not others


def test_every_line_has_its_faults() -> None:
    lines = {check.line for check in checks()}
    assert lines - {fault.line for fault in FAULTS} == {"P1", "S7"}
    assert lines - {fault.line for fault in FAULTS if fault.outcome is FAIL} == {"P1", "S7", "R6"}


@pytest.mark.parametrize(
    "right",
    [
        card("139 UTF-16 units", "C1", puts("summary", "x" * 137 + "\U0001f489"), PASS),
        card("isRecommended twice of any", "C4", lambda c: _any(c), PASS),
        service("no prefetch", "R8", lambda one: one.pop("prefetch"), PASS),
        query("a user", "D4", "Practitioner/{{userPractitionerId}}", PASS),
        query("an encounter", "D4", "Encounter/{{context.encounterId}}", PASS),
        query("codes", "D5", "Observation?patient={{context.patientId}}&code=http://loinc.org|1-8,x", PASS),
        query("a value set", "D5", "Condition?patient={{context.patientId}}&code:in=http://e.org/vs", PASS),
        query("dates", "D5", "Observation?date=ge2026-01-01&date=le2026&_sort=-date", PASS),
        query("3.0 that says so", "D5", "Observation?date=ge{{today() - 90 days}}", PASS, version="3.0.0"),
        query("a path of 3.0", "D4", "Condition?encounter={{context.draftOrders.entry.id}}", PASS, version="3.0.0"),
    ],
    ids=lambda right: right.title,
)
def test_what_is_right_just_beside_a_fault(examine: Examine, right: Fault) -> None:
    result = examine(right.behavior, right.line)[right.line]
    assert result.outcome is PASS, result.seen


def _any(one: dict[str, Any]) -> None:
    one["selectionBehavior"] = "any"
    for suggestion in one["suggestions"]:
        suggestion["isRecommended"] = True


@pytest.mark.parametrize(
    ("line", "behavior", "why"),
    [
        ("C1", Behavior(answer=lambda _: {"cards": []}), "no card came back; give a --request that gets one"),
        ("C6", Behavior(answer=lambda _: {"cards": [{"summary": "s"}]}), "no card has overrideReasons"),
        ("C9", Behavior(answer=lambda _: {"cards": [{"summary": "s"}]}), "no card has a detail"),
        (
            "C9",
            Behavior(answer=lambda _: {"cards": [{"detail": "s"}]}),
            "no HTML in 2 details, but none repeated the hostile words that were sent",
        ),
        ("R5", Behavior(discovery=lambda _: {"services": []}), "discovery names no service that can be called"),
        ("R6", Behavior(instead={"data": 200}), "no call was answered 412"),
        ("F1", Behavior(instead={"feedback": 404}), "feedback is not offered, which the standard allows"),
        ("F3", Behavior(instead={"feedback": 405}), "feedback is not offered, which the standard allows"),
        ("S1", Behavior(), "the service answers without a token"),
        ("S4", Behavior(), "the service answers without a token"),
    ],
)
def test_what_cannot_be_seen_is_not_passed(examine: Examine, line: str, behavior: Behavior, why: str) -> None:
    result = examine(behavior, line)[line]
    assert (result.outcome, result.seen) == (Outcome.UNCHECKED, (why,))


def test_a_guarded_service_without_a_key(examine: Examine) -> None:
    results = examine(Behavior(guarded=True), given=Given())
    assert {line: one.outcome for line, one in results.items() if one.outcome is not Outcome.UNCHECKED} == {
        "S1": PASS,
        "S4": PASS,
        "S5": PASS,
    }
    assert results["D1"].seen == ("discovery asks who is calling (401); give --client-key",)
    assert results["S2"].seen == ("needs a client that the service knows: --client-key, --iss, --kid",)


def test_r6_412_is_right_where_data_are_missing_and_doubtful_where_all_were_sent(examine: Examine) -> None:
    sample = made_up("order-sign", {"patient": "Patient/{{context.patientId}}"})
    order = sample.content["context"]["draftOrders"]["entry"][0]
    meds = {"resourceType": "Bundle", "entry": [order]}
    whole = Sample("whole", {**sample.content, "prefetch": {**sample.content["prefetch"], "meds": meds}})
    right, doubtful = (
        examine(Behavior(instead={check: 412}), "R5", "R6", given=Given(samples=(whole,))) for check in ("meds", "good")
    )
    assert [right[line].outcome for line in ("R5", "R6")] == [PASS, PASS]
    assert doubtful["R6"].outcome is Outcome.WARNING
    assert doubtful["R6"].seen == ("example-sign, whole: 412, though every prefetch key was sent with data",)


@pytest.mark.parametrize(("seconds", "outcome"), [(0.0, PASS), (0.5, Outcome.WARNING)])
def test_p1_a_slow_service_is_warned_of(examine: Examine, seconds: float, outcome: Outcome) -> None:
    assert examine(Behavior(seconds=seconds), "P1")["P1"].outcome is outcome


def test_p1_a_call_that_gets_lost_is_a_fault(examine: Examine) -> None:
    result = examine(Behavior(lost_after=1), "P1", given=Given(calls=3))["P1"]
    assert (result.outcome, result.seen) == (FAIL, ("example-sign: answered 503 where 200 came before",))


def test_the_95th_of_100_is_the_nearest_rank() -> None:
    assert p95([0.1]) == 0.1
    assert p95([n / 1000 for n in range(100, 0, -1)]) == 0.095
    assert p95([0.0] * 19 + [9.0]) == 0.0
