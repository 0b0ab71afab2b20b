"""Immune globulin given before, as immunization records, dispenses, statements and completed orders tell it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.chart.given_reading import day, dispense, dosage, doses, none, one, read
from tests.chart.records import (
    PRIVIGEN,
    bounds,
    concept,
    grams,
    immunization,
    per_kg,
    request,
    statement,
)

DAILY = {"frequency": 1, "period": 1, "periodUnit": "d"}
MONTHLY = {"frequency": 1, "period": 4, "periodUnit": "wk"}


# immunization records


@pytest.mark.parametrize("cvx", ["86", "87"])
def test_immune_globulin_recorded_as_an_immunization_is_a_past_dose(cvx: str) -> None:
    found = one(immunization(concept(cvx=cvx), "2026-10-05"))
    assert (found.day, found.mg_per_kg) == (day("2026-10-05"), None)
    assert "(immunization record)" in found.says


def test_its_dose_is_read_where_it_has_one() -> None:
    assert one(immunization(concept("IGIV", cvx="87"), doseQuantity=grams(16))).mg_per_kg == Decimal(400)


@pytest.mark.parametrize("cvx", ["30", "34", "36", "159", "03", "117"])
def test_other_immunizations_are_no_past_doses(cvx: str) -> None:
    assert read(immunization(concept(cvx=cvx))) == ((), ())


def test_an_immunization_not_done_does_not_count() -> None:
    assert "not-done" in none(immunization(concept(cvx="87"), status="not-done"))


def test_an_immunization_day_in_words_is_left_out_and_said() -> None:
    record = immunization(concept(cvx="87"), occurrenceString="last spring")
    del record["occurrenceDateTime"]
    assert "cannot be read" in none(record, "left out")


# dispenses


def test_a_dispense_is_a_dose_on_the_day_it_was_handed_over() -> None:
    found = one(dispense(dosageInstruction=dosage(grams(40))))
    assert (found.day, found.mg_per_kg) == (day("2026-11-01"), Decimal(1000))


def test_the_quantity_of_a_dispense_is_its_dose_where_no_other_is_written() -> None:
    assert one(dispense(quantity=grams(20))).mg_per_kg == Decimal(500)


def test_a_quantity_that_is_more_than_the_dosage_counts_in_full() -> None:
    assert one(dispense(quantity=grams(80), dosageInstruction=dosage(grams(40)))).mg_per_kg == Decimal(2000)


def test_a_quantity_of_the_whole_course_is_not_added_to_its_doses() -> None:
    instructions = dosage(grams(16), repeat={**DAILY, "boundsDuration": {"value": 5, "code": "d"}})
    found = doses(dispense(quantity=grams(80), dosageInstruction=instructions))
    assert [dose.day.last.day for dose in found] == [1, 2, 3, 4, 5]
    assert {dose.mg_per_kg for dose in found} == {Decimal(400)}


def test_a_quantity_in_vials_leaves_the_dose_unknown() -> None:
    assert one(dispense(quantity={"value": 2, "unit": "vial"})).mg_per_kg is None


@pytest.mark.parametrize("state", ["preparation", "cancelled", "on-hold", "stopped", "declined", "entered-in-error"])
def test_only_completed_dispenses_count(state: str) -> None:
    assert state in none(dispense(status=state))


def test_a_dispense_without_a_day_is_left_out_and_said() -> None:
    assert "cannot be read" in none(dispense(whenHandedOver=None), "left out")


# statements and completed orders


@pytest.mark.parametrize("state", ["completed", "active"])
def test_a_statement_is_a_dose_on_its_effective_day(state: str) -> None:
    record = statement(PRIVIGEN, status=state, effectiveDateTime="2026-10-02", dosage=dosage(per_kg(400)))
    assert (one(record).day, one(record).mg_per_kg) == (day("2026-10-02"), Decimal(400))


@pytest.mark.parametrize("state", ["not-taken", "entered-in-error", "intended"])
def test_statements_of_no_use_do_not_count(state: str) -> None:
    assert state in none(statement(PRIVIGEN, status=state, effectiveDateTime="2026-10-02"))


def test_a_stopped_statement_counts_only_with_a_period() -> None:
    assert "stopped" in none(statement(PRIVIGEN, status="stopped", effectiveDateTime="2026-10-02"))
    record = statement(PRIVIGEN, status="stopped", effectivePeriod={"start": "2026-10-02", "end": "2026-10-02"})
    assert one(record).day == day("2026-10-02")


def test_a_statement_without_any_day_is_left_out_and_said() -> None:
    assert "cannot be read" in none(statement(PRIVIGEN, status="completed"), "left out")


def test_a_statement_of_daily_doses_is_followed_through_its_period() -> None:
    record = statement(PRIVIGEN, effectivePeriod={"start": "2026-10-01", "end": "2026-10-05"})
    found = doses({**record, "dosage": dosage(per_kg(400), repeat=DAILY)})
    assert [dose.day.last for dose in found] == [date(2026, 10, number) for number in (1, 2, 3, 4, 5)]
    assert {dose.mg_per_kg for dose in found} == {Decimal(400)}


def test_monthly_doses_without_an_end_are_followed_up_to_today() -> None:
    record = statement(PRIVIGEN, effectivePeriod={"start": "2026-08-28"}, dosage=dosage(per_kg(500), repeat=MONTHLY))
    assert [str(dose.day.last) for dose in doses(record)] == ["2026-08-28", "2026-09-25", "2026-10-23", "2026-11-20"]


def test_doses_after_the_end_of_the_statement_were_not_given() -> None:
    timed = dosage(per_kg(400), repeat={**DAILY, "boundsDuration": {"value": 5, "code": "d"}})
    period = {"start": "2026-10-01", "end": "2026-10-03"}
    assert len(doses(statement(PRIVIGEN, effectivePeriod=period, dosage=timed))) == 3


@pytest.mark.parametrize(("state", "count"), [("active", 4), ("completed", 1)])
def test_a_repeating_dosage_goes_on_only_while_the_statement_is_active(state: str, count: int) -> None:
    timed = dosage(per_kg(500), repeat=MONTHLY)
    assert len(doses(statement(PRIVIGEN, status=state, effectiveDateTime="2026-08-28", dosage=timed))) == count


def test_a_timing_that_cannot_be_followed_leaves_days_and_dose_open() -> None:
    timed = dosage(grams(40), repeat={"frequency": 3, "period": 2})
    found = one(request(PRIVIGEN, status="completed", authoredOn="2026-09-01", dosageInstruction=timed))
    assert (found.day, found.mg_per_kg) == (day("2026-09-01", "2026-11-20"), None)
    assert "how often it was given cannot be read" in found.says


def test_use_without_a_timing_may_have_lasted_until_its_end() -> None:
    record = statement(PRIVIGEN, effectivePeriod={"start": "2026-06-01"}, dosage=dosage(grams(20)))
    found = one(record)
    assert (found.day, found.mg_per_kg) == (day("2026-06-01", "2026-11-20"), None)
    assert "counted until 2026-11-20" in found.says
    ended = {**record, "effectivePeriod": {"start": "2026-06-01", "end": "2026-09"}}
    assert one(ended).day == day("2026-06-01", "2026-09-30")


def test_a_completed_order_is_given_on_its_planned_days() -> None:
    events = dosage(grams(40), event=["2026-10-01", "2026-10-02"])
    found = doses(request(PRIVIGEN, status="completed", authoredOn="2026-09-01", dosageInstruction=events))
    assert [dose.day for dose in found] == [day("2026-10-01"), day("2026-10-02")]
    timed = dosage(per_kg(400), repeat={**DAILY, **bounds("2026-10-01", "2026-10-03")[0]["timing"]["repeat"]})
    assert len(doses(request(PRIVIGEN, status="completed", dosageInstruction=timed))) == 3


def test_a_completed_order_without_planned_days_is_given_on_the_day_it_was_written() -> None:
    record = request(PRIVIGEN, status="completed", authoredOn="2026-09-01", dosageInstruction=dosage(grams(40)))
    assert one(record).day == day("2026-09-01")


def test_a_completed_order_without_any_day_is_left_out_and_said() -> None:
    record = request(PRIVIGEN, status="completed", dosageInstruction=dosage(grams(40)))
    assert "cannot be read" in none(record, "left out")


@pytest.mark.parametrize("state", ["stopped", "cancelled", "entered-in-error"])
def test_orders_that_were_not_completed_do_not_count(state: str) -> None:
    assert state in none(request(PRIVIGEN, status=state, authoredOn="2026-09-01"))


@pytest.mark.parametrize("state", ["draft", "active", "on-hold"])
def test_orders_at_hand_are_no_past_doses(state: str) -> None:
    assert read(request(PRIVIGEN, status=state)) == ((), ())


def test_the_upper_end_of_an_ordered_range_counts() -> None:
    ranged = [{"doseAndRate": [{"doseRange": {"low": per_kg(300), "high": per_kg(600)}}]}]
    record = request(PRIVIGEN, status="completed", authoredOn="2026-09-01", dosageInstruction=ranged)
    assert one(record).mg_per_kg == Decimal(600)


def test_planned_days_after_today_are_not_given_yet() -> None:
    events = dosage(grams(40), event=["2026-11-19", "2026-11-20", "2026-11-21"])
    found = doses(request(PRIVIGEN, status="completed", dosageInstruction=events))
    assert [dose.day for dose in found] == [day("2026-11-19"), day("2026-11-20")]


def test_a_dosage_past_the_end_of_the_calendar_is_left_out_and_said() -> None:
    timed = dosage(grams(40), repeat=MONTHLY)
    record = request(PRIVIGEN, status="completed", authoredOn="9999-12-31", dosageInstruction=timed)
    assert "end of the calendar" in none(record, "left out")
