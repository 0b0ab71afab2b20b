"""From when live vaccines take again: months by dose, calendar months, the last dose."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from cds.chart.clearance import add_months, clearances
from cds.chart.given_courses import Course
from cds.chart.parts import GivenDose, PlannedOrder
from cds.facts import Clearance
from cds.fhir import Span
from tests.chart.records import context


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        ("2026-01-31", 8, "2026-09-30"),
        ("2026-01-30", 8, "2026-09-30"),
        ("2025-10-31", 11, "2026-09-30"),
        ("2024-02-29", 8, "2024-10-29"),
        ("2027-05-31", 9, "2028-02-29"),
        ("2026-03-31", 11, "2027-02-28"),
        ("2027-03-31", 11, "2028-02-29"),
        ("2026-12-31", 10, "2027-10-31"),
        ("2026-11-20", 1, "2026-12-20"),
        ("2026-12-01", 0, "2026-12-01"),
        ("2024-02-29", 12, "2025-02-28"),
        ("9999-12-31", 8, "9999-12-31"),
    ],
)
def test_months_are_calendar_months_clamped_to_the_end_of_the_month(day: str, months: int, then: str) -> None:
    assert add_months(date.fromisoformat(day), months) == date.fromisoformat(then)


def course(mg_per_kg: str | None, last: str = "2026-03-10", indication: str = "unknown") -> Course:
    return Course(
        ref="MedicationAdministration/given-1",
        first_day=date(2026, 3, 9),
        last_day=date.fromisoformat(last),
        product="privigen",
        indication=indication,
        mg_per_kg=None if mg_per_kg is None else Decimal(mg_per_kg),
        last_says=f"Privigen given {last}, 40 g",
    )


def given(*courses: Course) -> tuple[Clearance, ...]:
    return clearances(courses, (), context())


@pytest.mark.parametrize(
    ("dose", "months", "clear"),
    [
        ("399", 8, "2026-11-10"),
        ("400", 8, "2026-11-10"),
        ("400.000001", 10, "2027-01-10"),
        ("1000", 10, "2027-01-10"),
        ("1000.000001", 11, "2027-02-10"),
        ("2000", 11, "2027-02-10"),
    ],
)
def test_the_dose_of_the_course_sets_the_months(dose: str, months: int, clear: str) -> None:
    (found,) = given(course(dose))
    assert (found.months, found.clear_day, found.dose_known) == (months, date.fromisoformat(clear), True)
    assert found.early_day == found.clear_day
    assert (found.origin, found.order) == ("given", "")


def test_a_dose_just_over_a_limit_is_not_printed_as_the_limit() -> None:
    assert "400.4 mg/kg" in given(course("400.4"))[0].says


def test_months_count_from_the_last_dose_of_the_course() -> None:
    (found,) = given(course("2000", last="2026-03-13"))
    assert (found.first_day, found.last_day, found.clear_day) == (
        date(2026, 3, 9),
        date(2026, 3, 13),
        date(2027, 2, 13),
    )


def test_an_unknown_dose_leaves_both_ends_and_says_so() -> None:
    (found,) = given(course(None))
    assert not found.dose_known
    assert (found.early_day, found.clear_day, found.months) == (date(2026, 11, 10), date(2027, 2, 10), 11)
    assert found.says.startswith(
        "Privigen given 2026-03-10, 40 g, dose unknown: such vaccines take again from 2027-02-10"
    )
    assert "not before 2026-11-10 (8 months)" in found.says


@pytest.mark.parametrize(("dose", "note"), [("400", None), ("600", "10 months, 2027-01-10"), ("2000", "11 months")])
def test_replacement_in_primary_immunodeficiency_keeps_eight_months_and_notes_the_other(
    dose: str, note: str | None
) -> None:
    (found,) = given(course(dose, indication="PI"))
    assert (found.months, found.early_day, found.clear_day) == (8, date(2026, 11, 10), date(2026, 11, 10))
    assert ("by its dose it would be" in found.says) is (note is not None)
    assert note is None or note in found.says


def test_replacement_of_an_unknown_dose_keeps_eight_months() -> None:
    (found,) = given(course(None, indication="PI"))
    assert (found.months, found.early_day, found.clear_day) == (8, date(2026, 11, 10), date(2026, 11, 10))
    assert not found.dose_known
    assert "at the highest dose it would be 11 months, 2027-02-10" in found.says


def test_of_courses_given_the_one_that_lasts_longest_is_told_not_the_newest() -> None:
    high, low = course("2000", last="2026-03-10"), course("400", last="2026-05-10")
    assert [found.clear_day for found in given(low, high)] == [date(2027, 2, 10)]


def test_a_known_dose_and_an_unknown_one_are_both_told_where_each_outlasts_the_other() -> None:
    known, unknown = course("1000", last="2026-03-10"), course(None, last="2026-03-01")
    found = given(known, unknown)
    assert {(one.early_day, one.clear_day) for one in found} == {
        (date(2027, 1, 10), date(2027, 1, 10)),
        (date(2026, 11, 1), date(2027, 2, 1)),
    }


def test_of_courses_that_end_on_one_clear_day_the_surer_one_is_told() -> None:
    known, unknown = course("2000"), course(None)
    for order in ((known, unknown), (unknown, known)):
        assert [found.dose_known for found in given(*order)] == [True]


def test_nothing_given_and_nothing_planned_is_no_clearance() -> None:
    assert given() == ()


def order(days: list[str], dose: str | None = "400", **more: Any) -> PlannedOrder:
    amount = (Decimal(dose), Decimal(dose)) if dose is not None else None
    plan = PlannedOrder(
        ref="MedicationRequest/order-1",
        selected=True,
        product="privigen",
        product_name="Privigen",
        route="intravenous",
        indications=("ITP",),
        days=tuple(date.fromisoformat(day) for day in days),
        mg_per_kg=amount,
        due=tuple(date.fromisoformat(day) for day in days),
    )
    return replace(plan, **more)


def planned(plan: PlannedOrder) -> tuple[Clearance, ...]:
    return clearances((), [plan], context())


def test_a_planned_course_counts_all_its_doses_from_its_last_day() -> None:
    (found,) = planned(order(["2026-11-20", "2026-11-21", "2026-11-22", "2026-11-23", "2026-11-24"]))
    assert (found.origin, found.order, found.first_day, found.last_day) == (
        "planned",
        "MedicationRequest/order-1",
        date(2026, 11, 20),
        date(2026, 11, 24),
    )
    assert (found.months, found.clear_day) == (11, date(2027, 10, 24))


@pytest.mark.parametrize("first", range(1, 9))
def test_of_courses_that_come_to_the_same_days_the_whole_one_is_told(first: int) -> None:
    (found,) = planned(order([f"2026-11-{first + n:02}" for n in range(5)]))
    assert "2000 mg/kg in the course" in found.says


def test_the_higher_end_of_a_planned_range_decides() -> None:
    (found,) = planned(order(["2026-11-20"], mg_per_kg=(Decimal(300), Decimal(600))))
    assert found.months == 10


def test_a_planned_order_of_an_unknown_dose_leaves_both_ends() -> None:
    (found,) = planned(order(["2026-11-20"], dose=None))
    assert (found.early_day, found.clear_day, found.dose_known) == (date(2027, 7, 20), date(2027, 10, 20), False)


def test_a_repeating_order_with_an_end_counts_from_its_last_dose_and_only_the_last_course() -> None:
    (found,) = planned(order(["2026-11-20", "2026-12-18", "2027-01-15"]))
    assert (found.last_day, found.months, found.clear_day) == (date(2027, 1, 15), 8, date(2027, 9, 15))


@pytest.mark.parametrize(
    ("days", "last"),
    [
        (["2026-11-20", "2026-11-21", "2026-12-18", "2026-12-19"], "2026-11-21"),
        (["2026-02-13", "2026-02-14", "2026-11-20", "2026-11-21"], "2026-11-21"),
        (["2026-02-13", "2026-02-14", "2026-11-19", "2026-11-20"], "2026-11-20"),
        (["2026-02-13", "2026-02-14", "2026-11-18", "2026-11-19"], "2026-11-19"),
    ],
)
def test_a_series_without_an_end_counts_from_the_course_that_is_due_next_and_goes_on(
    days: list[str], last: str
) -> None:
    (found,) = planned(order(days, repeats=True))
    assert (found.ongoing, found.first_day) == (True, date.fromisoformat(days[0]))
    assert (found.last_day, found.months) == (date.fromisoformat(last), 10)
    assert "next course due (it repeats without an end)" in found.says


def test_an_order_with_an_end_does_not_go_on() -> None:
    assert not planned(order(["2026-11-20", "2026-12-18"]))[0].ongoing


def before(given_on: str, dose: str | None = "1000", **more: Any) -> GivenDose:
    on, amount = date.fromisoformat(given_on), None if dose is None else Decimal(dose)
    made = GivenDose("MedicationAdministration/g1", Span(on, on), amount, None, mg_per_kg_then=amount)
    return replace(made, **more)


@pytest.mark.parametrize(
    ("dose", "months"),
    [
        (before("2026-11-19"), 11),
        (before("2026-11-14"), 11),
        (before("2026-11-13"), 10),
        (before("2026-11-19", None), 11),
        (before("2026-11-13", None), 10),
        (before("2026-11-30", day=Span(date(2026, 11, 1), date(2026, 11, 20))), 11),
        (before("2026-10-31", day=Span(date(2026, 10, 1), date(2026, 10, 31))), 10),
    ],
)
def test_what_was_given_in_the_course_counts_in_it(dose: GivenDose, months: int) -> None:
    (found,) = clearances((), [order(["2026-11-20"], dose="1000")], context(), [dose])
    assert (found.months, found.last_day) == (months, date(2026, 11, 20))
    assert found.dose_known is (dose.mg_per_kg is not None or months == 10)


@pytest.mark.parametrize(("second", "months"), [("2026-11-26", 11), ("2026-11-27", 10)])
def test_doses_of_two_orders_within_the_window_are_one_course(second: str, months: int) -> None:
    one = order(["2026-11-20"], dose="1000")
    other = order([second], dose="1000", ref="MedicationRequest/order-2")
    found = clearances((), [one, other], context())
    assert [each.months for each in found] == [months, months]
    assert found[0].last_day == (date.fromisoformat(second) if months == 11 else date(2026, 11, 20))


@pytest.mark.parametrize("more", [{"counts": False}, {"replaces": "MedicationRequest/order-1"}])
def test_an_order_that_is_held_or_replaced_adds_nothing(more: dict[str, Any]) -> None:
    one = order(["2026-11-20"], dose="1000")
    other = order(["2026-11-21"], dose="1000", ref="MedicationRequest/order-2", **more)
    assert clearances((), [one, other], context())[0].months == 10


def test_a_dose_that_carried_out_the_order_is_not_counted_twice() -> None:
    done = order(["2026-11-19"], dose="1000", due=())
    assert clearances((), [done], context(), [before("2026-11-19")])[0].months == 10
    second_left = order(["2026-11-19", "2026-11-20"], dose="500", due=(date(2026, 11, 20),))
    assert clearances((), [second_left], context(), [before("2026-11-19", "500")])[0].months == 10


def test_replacement_joined_by_another_reason_does_not_keep_eight_months() -> None:
    one = order(["2026-11-20"], dose="400", indications=("PI",))
    same = before("2026-11-19", "400", indication="PI")
    assert [clearances((), [one], context(), [dose])[0].months for dose in (same, before("2026-11-19"))] == [8, 11]


@pytest.mark.parametrize("repeats", [False, True])
@pytest.mark.parametrize(("gap", "months"), [(6, 10), (7, 8)])
def test_doses_are_one_course_within_the_window_and_two_from_the_seventh_day_on(
    gap: int, months: int, repeats: bool
) -> None:
    second = date(2026, 11, 20) + timedelta(days=gap)
    (found,) = planned(order(["2026-11-20", second.isoformat()], repeats=repeats))
    assert found.months == months


def test_a_planned_replacement_order_keeps_eight_months() -> None:
    (found,) = planned(order(["2026-11-20"], dose="800", indications=("PI",)))
    assert (found.months, found.clear_day) == (8, date(2027, 7, 20))
    assert "10 months" in found.says


def test_of_two_reasons_the_shorter_interval_of_one_is_not_taken() -> None:
    (found,) = planned(order(["2026-11-20"], dose="800", indications=("PI", "ITP")))
    assert found.months == 10


@pytest.mark.parametrize("route", ["subcutaneous", "intramuscular", "oral"])
def test_orders_for_another_route_have_no_clearance(route: str) -> None:
    assert planned(order(["2026-11-20"], route=route)) == ()


def test_an_order_whose_route_is_unknown_has_one() -> None:
    assert len(planned(order(["2026-11-20"], route="unknown"))) == 1
