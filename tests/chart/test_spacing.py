"""The pause before an order and within it, and other orders on the same days."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from cds.fhir import Span
from tests.chart.ordering import daily, day, dosage, every, facts, given, on, one, order, run


def ordered(written: str, timing: Any = None, reason: str = "ITP", **more: Any) -> dict[str, Any]:
    return order(dosage(written, timing=timing), reason=reason, **more)


def test_the_pause_since_the_last_course() -> None:
    result = run(order(dosage("400 mg/kg")), doses=[given(-28, "400", "PI"), given(-16, "400", "PI")])
    pause = one(result, "spacing")
    assert (pause.origin, pause.days) == ("previous", 16)
    assert pause.says == "last dose 2026-11-04 (MedicationAdministration/g16), planned 2026-11-20: 16 days"


def test_the_pause_counts_to_the_planned_day() -> None:
    result = run(order(dosage("400 mg/kg", timing=on(5))), doses=[given(-16, "400", "PI")])
    assert one(result, "spacing").days == 21


@pytest.mark.parametrize(("offset", "days"), [(-6, None), (-7, 7)])
def test_inside_a_course_there_is_no_pause(offset: int, days: int | None) -> None:
    result = run(order(dosage("400 mg/kg")), doses=[given(offset, "400", "PI")])
    assert [pause.days for pause in facts(result, "spacing")] == ([days] if days else [])


def test_a_course_given_after_the_first_planned_day_makes_no_pause() -> None:
    active = ordered("400 mg/kg", on(-28, -3), "PI", status="active")
    result = run(active, doses=[given(-3, "400", "PI")])
    assert [pause.origin for pause in facts(result, "spacing")] == ["own"]


def test_the_pause_is_from_the_last_dose_of_a_course() -> None:
    course = [given(-12, "400", "CIDP"), given(-8, "400", "CIDP")]
    assert one(run(ordered("1 g/kg", reason="CIDP"), doses=course), "spacing").days == 8


def test_doses_for_another_indication_make_no_pause() -> None:
    assert not facts(run(order(dosage("400 mg/kg")), doses=[given(-10, "1000", "ITP")]), "spacing")
    assert one(run(order(dosage("400 mg/kg")), doses=[given(-10, "1000")]), "spacing").days == 10


def test_a_dose_on_a_partial_date_counts_on_its_latest_day() -> None:
    october = replace(given(0, "400", "PI"), day=Span(date(2026, 10, 1), date(2026, 10, 31)))
    pause = one(run(order(dosage("400 mg/kg")), doses=[october]), "spacing")
    assert pause.days == 20
    assert "2026-10-31 at the latest" in pause.says


@pytest.mark.parametrize(("first", "last", "said"), [(13, 14, True), (13, 13, False), (14, 20, False), (1, 20, True)])
def test_a_dose_that_may_be_of_this_course_or_of_an_earlier_one_leaves_the_pause_unknown(
    first: int, last: int, said: bool
) -> None:
    november = replace(given(0, "400", "PI"), day=Span(date(2026, 11, first), date(2026, 11, last)))
    gaps = facts(run(order(dosage("400 mg/kg")), doses=[november]), "unchecked", rule="dose.interval-short")
    assert len(gaps) == said
    assert not said or "MedicationAdministration/g0" in gaps[0].says


def test_without_a_shortest_interval_no_pause_is_missed() -> None:
    november = replace(given(0, "400", "MG"), day=Span(date(2026, 11, 1), date(2026, 11, 20)))
    assert not facts(run(ordered("400 mg/kg", reason="MG"), doses=[november]), "unchecked")


@pytest.mark.parametrize(("reason", "rules"), [("PI", {"dose.course-exceeded", "dose.interval-short"}), ("MG", set())])
def test_a_timing_that_is_not_understood_leaves_course_and_pause_unknown(reason: str, rules: set[str]) -> None:
    result = run(ordered("400 mg/kg", {"code": {"text": "Q21D"}}, reason))
    assert {gap.rule for gap in facts(result, "unchecked")} == rules


def test_the_order_s_own_pause() -> None:
    pause = one(run(order(dosage("400 mg/kg", timing=every(2, "wk")))), "spacing")
    assert (pause.origin, pause.days) == ("own", 14)
    assert not facts(run(order(dosage("400 mg/kg", timing=daily(5)))), "spacing")
    assert not facts(run(order(dosage("400 mg/kg", timing=daily(7)))), "spacing")


@pytest.mark.parametrize(("timing", "days"), [(daily(8), 1), (every(1, "d"), 1), (every(4, "d"), 4), (on(0, 21), 21)])
def test_doses_that_go_on_after_a_course_have_a_pause(timing: Any, days: int) -> None:
    pause = one(run(order(dosage("400 mg/kg", timing=timing))), "spacing")
    assert (pause.origin, pause.days) == ("own", days)


def test_doses_on_the_same_days() -> None:
    other = order(dosage("30 g", timing=on(1, 2)), id="o2", status="active")
    found = one(run(order(dosage("400 mg/kg", timing=on(0, 1))), record=[other]), "overlap")
    assert (found.other, found.first_day) == ("MedicationRequest/o2", day(1))
    assert found.other_name == "Privigen 10% 30 g"
    apart = order(dosage("30 g", timing=on(2)), id="o2", status="active")
    assert not facts(run(order(dosage("400 mg/kg", timing=on(0, 1))), record=[apart]), "overlap")


def test_a_draft_that_is_still_being_entered_has_no_doses_yet() -> None:
    entered, empty = order(dosage("30 g")), order(dosage(), id="o2")
    assert not facts(run(entered, empty), "overlap")
    assert facts(run(entered, record=[order(dosage(), id="o2", status="active")]), "overlap")


def test_two_drafts_overlap_both_ways() -> None:
    result = run(order(dosage("30 g")), order(dosage("30 g"), id="o2"))
    assert {fact.order for fact in facts(result, "overlap")} == {"MedicationRequest/o1", "MedicationRequest/o2"}


def test_an_order_does_not_overlap_with_what_it_replaces() -> None:
    renewed = order(dosage("30 g"), priorPrescription={"reference": "MedicationRequest/o2"})
    prior = order(dosage("30 g"), id="o2", status="active")
    assert not facts(run(renewed, record=[prior]), "overlap")


@pytest.mark.parametrize("status", ["on-hold", "stopped", "completed", "cancelled", "entered-in-error "])
def test_only_draft_and_active_orders_overlap(status: str) -> None:
    other = order(dosage("30 g"), id="o2", status=status)
    result = run(order(dosage("30 g")), record=[other])
    assert not facts(result, "overlap")
