"""Feedback from its bytes on: each limit, each place, and what is made of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from cds.errors import BadRequest
from cds.feedback import Feedback, Reason
from cds.hooks import read_feedback
from cds.hooks.feedback import MOST_ITEMS

SECRET = "Jane-Doe-19610307"
CARD, SUGGESTION = "4e0a3a1e-3283-4575-ab82-028d55fe2719", "e56e1945-20b3-4393-8503-a1a20fd73152"
AT = "2026-11-20T12:00:00Z"
OWN = {"system": "http://hospital.example/reasons", "code": "K7"}


def item(outcome: str = "overridden", **changes: Any) -> dict[str, Any]:
    """A report with some members changed; those that are `...` left out."""
    made: dict[str, Any] = {"card": CARD, "outcome": outcome, "outcomeTimestamp": AT}
    if outcome == "accepted":
        made["acceptedSuggestions"] = [{"id": SUGGESTION}]
    return {name: value for name, value in {**made, **changes}.items() if value is not ...}


def read(*items: Any) -> tuple[Feedback, ...]:
    return read_feedback({"feedback": list(items)})


def test_what_is_read() -> None:
    why = {"reason": {**OWN, "display": "Seen by the pharmacist"}, "userComment": f" {SECRET} "}
    accepted, overridden, bare = read(item("accepted"), item(overrideReason=why), item(overrideReason={"reason": OWN}))
    noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert accepted == Feedback(CARD, "accepted", noon, (SUGGESTION,))
    reason = Reason(OWN["system"], "K7", "Seen by the pharmacist")
    assert overridden == Feedback(CARD, "overridden", noon, reason=reason, comment=SECRET)
    assert bare.reason == Reason(OWN["system"], "K7")
    assert SECRET not in repr(overridden)


def test_suggestions_beside_an_override_are_not_accepted_ones() -> None:
    (read_,) = read(item(acceptedSuggestions=[{"id": SUGGESTION}]))
    assert (read_.outcome, read_.suggestions) == ("overridden", ())


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2026-11-20T12:00:00Z", "2026-11-20T12:00:00+00:00"),
        ("2026-11-20t12:00:00z", "2026-11-20T12:00:00+00:00"),
        ("2026-11-20T12:00:00.123456789Z", "2026-11-20T12:00:00.123456+00:00"),
        ("2026-11-20T12:00:00.5-06:00", "2026-11-20T18:00:00.500000+00:00"),
        ("2026-11-20T00:30:00+13:00", "2026-11-19T11:30:00+00:00"),
    ],
)
def test_moments_are_kept_in_utc(written: str, utc: str) -> None:
    assert read(item(outcomeTimestamp=written))[0].at.isoformat() == utc


@pytest.mark.parametrize(
    "written",
    [
        *("2026-11-20", "2026-11-20T12:00:00", "2026-11-20 12:00:00Z", "2026-11-20T12:00Z", "20261120T120000Z"),
        *("2026-02-30T12:00:00Z", "2026-11-20T25:00:00Z", "0001-01-01T00:00:00+23:00", "٢٠٢٦-11-20T12:00:00Z"),
        *(f"2026-11-20T12:00:00.{'1' * 13}Z", f"{AT}x", "", 5, None, [AT], SECRET),
    ],
)
def test_other_moments_are_refused(written: Any) -> None:
    with pytest.raises(BadRequest) as fault:
        read(item(), item(outcomeTimestamp=written))
    assert fault.value.where == "feedback[1].outcomeTimestamp"
    assert fault.value.what == "must be a date and time with its offset, as in 2026-11-20T12:00:00Z"


CODE = "must hold a reason or a userComment"


@pytest.mark.parametrize(
    ("changes", "where", "what"),
    [
        ({"card": ...}, "card", "is missing"),
        ({"card": 7}, "card", "must be a string"),
        ({"card": ""}, "card", "must not be empty"),
        ({"card": " \u200b"}, "card", "must not be empty"),
        ({"card": SECRET * 8}, "card", "is too long"),
        ({"outcome": ...}, "outcome", "is missing"),
        ({"outcome": SECRET}, "outcome", "must be accepted or overridden"),
        ({"outcome": "Accepted"}, "outcome", "must be accepted or overridden"),
        ({"outcomeTimestamp": ...}, "outcomeTimestamp", "is missing"),
        ({"acceptedSuggestions": {}}, "acceptedSuggestions", "must be a list"),
        ({"acceptedSuggestions": [SECRET]}, "acceptedSuggestions[0]", "must be an object"),
        ({"acceptedSuggestions": [{}]}, "acceptedSuggestions[0].id", "is missing"),
        ({"acceptedSuggestions": [{"id": "x"}] * 101}, "acceptedSuggestions", "holds too many"),
        ({"overrideReason": SECRET}, "overrideReason", "must be an object"),
        ({"overrideReason": {}}, "overrideReason", CODE),
        ({"overrideReason": {"userComment": " "}}, "overrideReason", CODE),
        ({"overrideReason": {"userComment": 1}}, "overrideReason.userComment", "must be a string"),
        ({"overrideReason": {"userComment": "x" * 20_001}}, "overrideReason.userComment", "is too long"),
        ({"overrideReason": {"reason": SECRET}}, "overrideReason.reason", "must be an object"),
        ({"overrideReason": {"reason": {"code": "x"}}}, "overrideReason.reason.system", "is missing"),
        ({"overrideReason": {"reason": {**OWN, "code": ""}}}, "overrideReason.reason.code", "must not be empty"),
        ({"overrideReason": {"reason": {**OWN, "code": "x" * 1025}}}, "overrideReason.reason.code", "is too long"),
        (
            {"overrideReason": {"reason": {**OWN, "display": "x" * 1025}}},
            "overrideReason.reason.display",
            "is too long",
        ),
    ],
)
def test_each_thing_wrong_is_named(changes: dict[str, Any], where: str, what: str) -> None:
    with pytest.raises(BadRequest) as fault:
        read(item(), item(**changes))
    assert (fault.value.where, fault.value.what) == (f"feedback[1].{where}", what)
    assert SECRET not in str(fault.value)


@pytest.mark.parametrize(
    "changes",
    [
        {"card": "x" * 128},
        {"acceptedSuggestions": [{"id": "x"}] * 100},
        {"acceptedSuggestions": []},
        {"acceptedSuggestions": None, "overrideReason": None},
        {"overrideReason": {"userComment": "x" * 20_000}},
        {"overrideReason": {"userComment": "why", "reason": None}},
        {"overrideReason": {"reason": {**OWN, "code": "x" * 1024, "display": "x" * 1024}}},
        {"overrideReason": {"reason": {**OWN, "display": ""}, "userComment": ""}},
        {"extension": {"com.example": [None]}, "hookInstance": 5},
    ],
)
def test_what_is_at_a_limit_or_unknown_is_read(changes: dict[str, Any]) -> None:
    assert len(read(item(**changes))) == 1


@pytest.mark.parametrize("body", [{}, {"feedback": None}, {"feedback": {}}, {"feedback": "x"}, {"Feedback": [item()]}])
def test_the_list_is_required(body: dict[str, Any]) -> None:
    with pytest.raises(BadRequest) as fault:
        read_feedback(body)
    assert fault.value.where == "feedback"


def test_of_one_report_up_to_a_thousand() -> None:
    for count, what in ((0, "must not be empty"), (MOST_ITEMS + 1, "holds too many")):
        with pytest.raises(BadRequest, match=f"^feedback: {what}$"):
            read(*[item()] * count)
    assert len(read(*[item()] * MOST_ITEMS)) == MOST_ITEMS


def test_deep_nesting_is_refused() -> None:
    deep: Any = {}
    for _ in range(200):
        deep = [deep]
    with pytest.raises(BadRequest, match="nested more than"):
        read(item(extension=deep))
