"""The planned day of a vaccine order, moved in the client's own resource and nowhere else in it."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.advice.offering import CLEAR, VACCINE, called, drafts, offered
from tests.support.applying import accepted

RULE = "live-vaccine.too-soon"
DAY = CLEAR.isoformat()
Resource = dict[str, Any]


def call(as_: str, **elements: Any) -> Resource:
    """A call with the vaccine order as one type, without its timing and with these elements."""
    asked = called(VACCINE, vaccine_orders=[{"is": "MMR", "as": as_, "start": "missing"}])
    drafts(asked)[0].update({"meta": {"versionId": "7"}, "note": [{"text": "own words"}], **elements})
    return asked


def moved(asked: Resource) -> Resource | None:
    """The order as it is offered; None where nothing is."""
    found = offered(asked, RULE)
    if not found:
        return None
    (suggestion,) = found
    assert suggestion["label"] == f"Move MMR vaccine to {DAY}"
    (action,) = suggestion["actions"]
    assert action["type"] == "update"
    assert offered(accepted(asked, suggestion), RULE) == []
    resource: Resource = action["resource"]
    return resource


def timed(*timings: Any, **more: Any) -> Resource:
    return {"dosageInstruction": [{**more, "timing": timing} for timing in timings]}


def bounds(*ends: str, **more: Any) -> Resource:
    return {"repeat": {**more, "boundsPeriod": dict(zip(("start", "end"), ends, strict=False))}}


SERVICES = [
    ({}, {"occurrenceDateTime": DAY}),
    ({"occurrenceDateTime": "2026-11-20"}, {"occurrenceDateTime": DAY}),
    ({"occurrenceDateTime": "2026-11-20T23:30:00-05:00"}, {"occurrenceDateTime": DAY}),
    ({"occurrenceDateTime": "2026-12"}, {"occurrenceDateTime": DAY}),
    ({"occurrenceDateTime": "2026"}, {"occurrenceDateTime": DAY}),
    ({"occurrencePeriod": {"start": "2026-11-20"}}, {"occurrencePeriod": {"start": DAY}}),
    (
        {"occurrencePeriod": {"start": "2026-11-20", "end": "2026-11-27"}},
        {"occurrencePeriod": {"start": DAY, "end": "2027-01-27"}},
    ),
    (
        {"occurrencePeriod": {"start": "2026-11-20T08:00:00Z", "end": "2026-11-20T12:00:00Z"}},
        {"occurrencePeriod": {"start": DAY, "end": DAY}},
    ),
    ({"occurrenceTiming": {"event": ["2026-11-20"]}}, {"occurrenceTiming": {"event": [DAY]}}),
    ({"occurrenceTiming": bounds("2026-11-20", count=1)}, {"occurrenceTiming": bounds(DAY, count=1)}),
]

MEDICATIONS = [
    ({}, timed({"event": [DAY]})),
    ({"dosageInstruction": [{"text": "0.5 mL SC"}]}, timed({"event": [DAY]}, text="0.5 mL SC")),
    (timed({"event": ["2026-11-20"]}, route={"text": "SC"}), timed({"event": [DAY]}, route={"text": "SC"})),
    (timed(bounds("2026-11-20", "2026-11-27", count=1)), timed(bounds(DAY, "2027-01-27", count=1))),
    (
        timed({"event": ["2026-11-20"], "code": {"text": "once"}}),
        timed({"event": [DAY], "code": {"text": "once"}}),
    ),
]

SAYS_WHEN = [
    *("today", "Give now", "STAT", "asap", "at this visit", "before discharge", "on November 20", "Nov 20", "20 May"),
    *("May 20", "next week", "on Monday", "20.11.2026", "11/20", "in the morning"),
]

NOT_UNDERSTOOD: list[tuple[str, Resource]] = [
    ("service", {"occurrenceDateTime": "next spring"}),
    ("service", {"occurrenceDateTime": {"value": 1}}),
    ("service", {"_occurrenceDateTime": {"extension": [{"url": "http://x.example"}]}}),
    ("service", {"occurrenceDateTime": "2026-11-20", "occurrencePeriod": {"start": "2026-11-20"}}),
    ("service", {"occurrencePeriod": {"end": "2026-11-27"}}),
    ("service", {"occurrencePeriod": {"start": "2026-11", "end": "2026-12"}}),
    ("service", {"occurrencePeriod": {"start": "2026-11-20", "end": "9999-12-31"}}),
    ("service", {"occurrencePeriod": {"start": "2026-11-20", "end": 5}}),
    ("service", {"occurrencePeriod": ["2026-11-20"]}),
    ("service", {"occurrenceTiming": {"event": ["2026-11-20", "2026-12-20"]}}),
    ("service", {"occurrenceTiming": {"event": []}}),
    ("service", {"occurrenceTiming": {"event": ["2026-11-20"], "repeat": {"count": 2}}}),
    ("service", {"occurrenceTiming": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "mo"}}}),
    ("service", {"occurrenceString": "soon"}),
    ("service", timed({"event": ["2026-11-20"]})),
    ("request", {"dosageInstruction": {"timing": {"event": ["2026-11-20"]}}}),
    ("request", timed({"event": ["2026-11-20"]}, {"event": ["2026-12-20"]})),
    ("request", timed({"event": ["2026-11-20"]}, text="0.5 mL SC on 2026-11-20")),
    ("request", timed({"event": ["2026-11-20"]}, text="0.5 mL SC on 11/20")),
    ("request", timed({"event": ["2026-11-20"]}, patientInstruction="You get it today")),
    *(("request", timed({"event": ["2026-11-20"]}, text=words)) for words in SAYS_WHEN),
    *(("request", {"note": [{"text": words}]}) for words in SAYS_WHEN),
    *(("service", {"patientInstruction": words}) for words in SAYS_WHEN),
    ("service", {"note": [{"text": "Give it today"}]}),
    ("service", {"orderDetail": [{"text": "at this visit"}]}),
    ("service", {"extension": [{"url": "urn:x", "valueString": "on November 20"}]}),
    ("service", {"priority": "stat"}),
    ("request", {"priority": "asap"}),
    ("request", timed({"event": ["2026-11-20"]}, additionalInstruction=[{"text": "give today"}])),
    ("request", timed({"event": ["2026-11-20"], "code": {"text": "today"}})),
    ("request", timed({"event": ["2026-11-20"], "code": {"coding": [{"code": "STAT"}]}})),
    ("request", {"dispenseRequest": {"validityPeriod": {"end": "2027-01-19"}}}),
    ("request", {"dispenseRequest": {"validityPeriod": {"end": "2027"}}}),
    ("request", {"dispenseRequest": {"validityPeriod": "2027-02-01"}}),
    ("request", {"text": {"status": "additional", "div": "her own words"}}),
    ("request", timed("2026-11-20")),
    ("request", {"occurrenceDateTime": "2026-11-20"}),
]


@pytest.mark.parametrize(
    ("as_", "written", "wanted"),
    [("service", *one) for one in SERVICES] + [("request", *one) for one in MEDICATIONS],
)
def test_only_the_timing_is_changed(as_: str, written: Resource, wanted: Resource) -> None:
    asked = call(as_, **written)
    (order,) = drafts(asked)
    before = copy.deepcopy(order)
    assert moved(asked) == {**before, **wanted}
    assert order == before


@pytest.mark.parametrize(
    "written",
    [
        {"priority": "routine"},
        {"note": [{"text": "It may be given by a nurse; marked as checked"}]},
        {"dispenseRequest": {"validityPeriod": {"start": "2026-11-20", "end": DAY}}},
        {"dispenseRequest": {"validityPeriod": {"start": "2026-11-20"}}},
        {"dispenseRequest": {"quantity": {"value": 1}}},
    ],
)
def test_what_tells_no_other_day_stays(written: Resource) -> None:
    made = moved(call("request", **written))
    assert made is not None
    assert {name: made[name] for name in written} == written


def test_a_generated_narrative_is_left_out_as_it_tells_the_old_day() -> None:
    made = moved(call("request", text={"status": "generated", "div": "<div>MMR on 2026-11-20</div>"}))
    assert made is not None
    assert "text" not in made


@pytest.mark.parametrize(("as_", "written"), NOT_UNDERSTOOD)
def test_a_timing_that_is_not_understood_is_left_as_it_is(as_: str, written: Resource) -> None:
    assert moved(call(as_, **written)) is None


def test_it_is_recommended_where_the_vaccine_would_not_take_and_not_where_it_may() -> None:
    def given(on: str) -> Resource:
        return called(VACCINE, given=[{"product": "privigen", "on": on}])

    (would,) = offered(given("2026-03-21"), RULE)
    (may,) = offered(given("2026-03-20"), RULE)
    assert (would.get("isRecommended"), may.get("isRecommended")) == (True, None)
