"""Course totals, pauses and doses on the same days: of this order, of others, and of what was given."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from cds.fhir import Span
from tests.chart.ordering import SC, amount, daily, day, dosage, every, facts, given, on, one, order, run

GAMMAGARD_SD = {"text": "Gammagard S/D"}


def ordered(written: str, timing: Any = None, reason: str = "ITP", **more: Any) -> dict[str, Any]:
    return order(dosage(written, timing=timing), reason=reason, **more)


def over(total: Any) -> str:
    if total.high > total.critical_limit:
        return "critical"
    return "over" if total.high > total.limit else "within"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2000 mg/kg", "within"),
        ("2200 mg/kg", "within"),
        ("2201 mg/kg", "over"),
        ("2500 mg/kg", "over"),
        ("2501 mg/kg", "critical"),
    ],
)
def test_limits_of_a_course(written: str, expected: str) -> None:
    assert over(one(run(ordered(written)), "course_total")) == expected


def test_planned_doses_within_seven_days_add_up() -> None:
    total = one(run(ordered("1 g/kg", on(0, 1))), "course_total")
    assert (total.high, total.days, total.maximum) == (2000, 2, 2000)
    assert total.says == "2 × 1000 mg/kg (2026-11-20 to 2026-11-21) = 2000 mg/kg"
    assert one(run(ordered("1 g/kg", on(0, 6))), "course_total").high == 2000
    assert one(run(ordered("1 g/kg", on(0, 7))), "course_total").high == 1000


def test_a_course_tells_what_of_it_the_order_itself_gives() -> None:
    before = run(ordered("1 g/kg", daily(2)), doses=[given(-1, "500", "ITP")])
    total = one(before, "course_total")
    assert (total.high, total.own) == (2500, 2000)
    course = one(before, "amount", basis="course")
    assert (course.high, course.own) == (2500, 2000)
    two = run(ordered("1 g/kg"), ordered("700 mg/kg", on(1), id="o2"))
    assert [(each.high, each.own) for each in facts(two, "course_total")] == [(1700, 1000), (1700, 700)]


def test_the_fullest_course_of_an_order_counts() -> None:
    assert one(run(ordered("1 g/kg", on(0, 10, 11, 12))), "course_total").high == 3000


@pytest.mark.parametrize("grams", ["25 g", "30 g", "50 g", "70 g"])
def test_of_courses_that_come_to_the_same_the_first_counts(grams: str) -> None:
    """Whatever the last digits of the quotients by 62 kg: they depend on the order in which doses are added."""
    read = run(ordered("30 g", on(1, 2, 3, 4, 5)), ordered(grams, on(0, 7), id="o2"))
    (total,) = (found for found in facts(read, "course_total") if found.ref == "MedicationRequest/o1")
    assert total.says.index("2026-11-20 (MedicationRequest/o2)") < total.says.index("5 × 484 mg/kg")


@pytest.mark.parametrize(("offset", "high"), [(-1, 3000), (-5, 3000), (-6, 2000), (-7, 2000)])
def test_doses_given_before_count_within_the_window(offset: int, high: float) -> None:
    """Planned today and tomorrow; a window of seven days that reaches back to day -5 holds both."""
    total = one(run(ordered("1 g/kg", daily(2)), doses=[given(offset, "1000", "ITP")]), "course_total")
    assert total.high == high


def test_a_fuller_course_before_is_not_this_one() -> None:
    before = [given(-20, "2000", "ITP"), given(-19, "2000", "ITP")]
    assert one(run(ordered("1 g/kg"), doses=before), "course_total").high == 1000


def test_a_dose_given_on_another_day_than_planned_is_no_planned_one() -> None:
    active = ordered("1 g/kg", on(-1, 3), status="active")
    early = given(-5, "1000", "ITP", order="MedicationRequest/o1")
    assert one(run(active, doses=[early]), "course_total").high == 2000


@pytest.mark.parametrize(("indication", "high"), [("ITP", 2000), ("unknown", 2000), ("PI", 1000)])
def test_doses_for_another_indication_do_not_count(indication: str, high: float) -> None:
    total = one(run(ordered("1 g/kg"), doses=[given(-1, "1000", indication)]), "course_total")
    assert total.high == high


def test_a_dose_given_of_unknown_size_is_named() -> None:
    result = run(ordered("1 g/kg"), doses=[given(-1, None, "ITP")])
    total, gap = one(result, "course_total"), one(result, "unchecked")
    assert (gap.rule, gap.source, gap.speaks) == ("dose.course-exceeded", "medicationAdministrations", True)
    assert "the dose of 2026-11-19 (MedicationAdministration/g1), whose size is not known" in gap.says
    assert (total.high, total.says) == (1000, "1000 mg/kg on 2026-11-20")


def test_other_orders_for_the_indication_count() -> None:
    second = ordered("1 g/kg", on(2), id="o2", status="active")
    total = one(run(ordered("1 g/kg"), record=[second]), "course_total")
    assert (total.high, total.days) == (2000, 2)
    assert "1000 mg/kg on 2026-11-22 (MedicationRequest/o2)" in total.says
    for_another = ordered("1 g/kg", on(2), "GBS", id="o2", status="active")
    assert one(run(ordered("1 g/kg"), record=[for_another]), "course_total").high == 1000


def test_an_implausible_other_order_is_not_counted_but_named() -> None:
    second = ordered("400 g", on(2), id="o2", status="active")
    result = run(ordered("1 g/kg"), record=[second])
    assert one(result, "course_total").high == 1000
    assert "(MedicationRequest/o2), whose dose is not known" in one(result, "unchecked").says


def test_of_another_order_of_an_open_number_of_doses_only_the_known_ones_count() -> None:
    second = ordered("400 mg/kg", {"code": {"text": "as planned"}}, id="o2", status="active")
    result = run(ordered("1 g/kg"), record=[second])
    assert one(result, "course_total").high == 1400
    assert "(MedicationRequest/o2), whose number of doses is not known" in one(result, "unchecked").says


def test_an_order_that_does_not_say_for_what_counts() -> None:
    second = ordered("1 g/kg", on(2), None, id="o2", status="active")
    assert one(run(ordered("1 g/kg"), record=[second]), "course_total").high == 2000


@pytest.mark.parametrize(("offset", "unchecked"), [(-6, 1), (-7, 0)])
def test_what_cannot_lie_in_the_course_is_not_missed(offset: int, unchecked: int) -> None:
    assert len(facts(run(ordered("1 g/kg"), doses=[given(offset, None, "ITP")]), "unchecked")) == unchecked


def test_without_a_limit_nothing_is_missed() -> None:
    assert not facts(run(ordered("1 g/kg", reason="MG"), doses=[given(-1, None, "MG")]), "unchecked")


@pytest.mark.parametrize(
    ("written", "reason", "expected"),
    [
        ("440 mg/kg", "PI", "within"),
        ("441 mg/kg", "PI", "over"),
        ("500 mg/kg", "PI", "over"),
        ("501 mg/kg", "PI", "critical"),
    ],
)
def test_a_reason_dosed_one_dose_at_a_time_has_the_highest_one_as_limit(
    written: str, reason: str, expected: str
) -> None:
    total = one(run(ordered(written, daily(2), reason)), "course_total")
    assert (total.maximum, over(total)) == (800, expected)


def test_one_dose_of_such_a_reason_is_no_course() -> None:
    assert not facts(run(ordered("2 g/kg", reason="PI")), "course_total")
    assert not facts(run(ordered("800 mg/kg", on(0, 7), "PI")), "course_total")


@pytest.mark.parametrize(("offset", "high"), [(-6, 1400), (-7, 400)])
def test_the_amount_of_a_course_holds_what_was_given_and_ordered_in_it(offset: int, high: float) -> None:
    result = run(ordered("400 mg/kg", reason="CIDP"), doses=[given(offset, "1000", "CIDP")])
    assert amount(result, "course") == (high, high)
    beside = ordered("400 mg/kg", on(-offset), "CIDP", id="o2", status="active")
    assert (
        amount(run(ordered("1 g/kg", reason="CIDP"), record=[beside]), "course") == (high if high > 400 else 1000,) * 2
    )


def test_by_adjusted_weight_all_of_a_course_is_by_adjusted_weight() -> None:
    before = replace(given(-1, "400", "CIDP"), grams=Decimal(40))
    result = run(ordered("40 g", reason="CIDP"), kg="100", adjusted="80", doses=[before])
    assert (amount(result, "course", "actual"), amount(result, "course", "adjusted")) == ((800, 800), (1000, 1000))


def test_beside_an_order_for_another_route_nothing_is_added() -> None:
    under_the_skin = order(dosage("400 mg/kg", route=SC), reason="PI")
    assert amount(run(under_the_skin, doses=[given(-1, "400", "PI")]), "course") == (400, 400)


def test_a_dose_given_of_the_very_order_counts_once() -> None:
    active = ordered("1 g/kg", on(-1, 0), status="active")
    first = given(-1, "1000", "ITP", order="MedicationRequest/o1")
    assert one(run(active, doses=[first]), "course_total").high == 2000
    unnamed = given(-1, "1000", "ITP")
    assert one(run(active, doses=[unnamed]), "course_total").high == 2000


def test_a_dose_given_on_the_day_of_a_draft_is_another_dose() -> None:
    assert one(run(ordered("1 g/kg"), doses=[given(0, "1000", "ITP")]), "course_total").high == 2000


def test_an_active_order_without_a_day_that_was_given_is_done() -> None:
    done = ordered("1 g/kg", id="o2", status="active")
    doses = [given(-3, "1000", "ITP", order="MedicationRequest/o2")]
    result = run(ordered("500 mg/kg"), record=[done], doses=doses)
    assert one(result, "course_total").high == 1500
    assert not facts(result, "overlap")


def test_itp_of_one_product_allows_three_doses() -> None:
    privigen = one(run(ordered("1 g/kg", on(0, 2, 4))), "course_total")
    gammagard = one(run(ordered("1 g/kg", on(0, 2, 4), medicationCodeableConcept=GAMMAGARD_SD)), "course_total")
    assert (over(privigen), over(gammagard)) == ("critical", "within")
    assert gammagard.maximum == 3000


@pytest.mark.parametrize(
    ("offset", "first", "expected"),
    [(-2, "2000", "within"), (-2, "1800", "within"), (-2, "1799", "critical"), (-1, "2000", "critical")],
)
def test_retreatment_in_kawasaki_disease(offset: int, first: str, expected: str) -> None:
    """36 hours are two whole days; a first dose of 2 g/kg counts from 1800 mg/kg."""
    result = run(ordered("2 g/kg", reason="KAWASAKI"), doses=[given(offset, first, "KAWASAKI")])
    assert over(one(result, "course_total")) == expected


@pytest.mark.parametrize(
    ("ended", "begins", "expected"),
    [
        ("2026-11-19T08:00:00Z", "2026-11-20T20:00:00Z", "within"),
        ("2026-11-19T08:00:01Z", "2026-11-20T20:00:00Z", "critical"),
        ("2026-11-18T23:00:00Z", "2026-11-20T10:59:00Z", "critical"),
    ],
)
def test_where_both_times_are_known_36_hours_are_hours(ended: str, begins: str, expected: str) -> None:
    first = given((date.fromisoformat(ended[:10]) - day(0)).days, "2000", "KAWASAKI", at=datetime.fromisoformat(ended))
    result = run(ordered("2 g/kg", {"event": [begins]}, "KAWASAKI"), doses=[first])
    assert over(one(result, "course_total")) == expected


def test_a_double_dose_without_a_first_one_is_no_retreatment() -> None:
    assert over(one(run(ordered("2 g/kg", on(0, 2), "KAWASAKI")), "course_total")) == "critical"


def test_of_two_indications_the_more_permissive_limit_counts() -> None:
    both = ordered("1 g/kg", on(0, 2, 4), medicationCodeableConcept=GAMMAGARD_SD)
    both["reasonCode"] += order(reason="GBS")["reasonCode"]
    total = one(run(both), "course_total")
    assert (total.indication, total.maximum) == ("ITP", 3000)


@pytest.mark.parametrize("reason", ["PI", "MG", None])
def test_without_a_limit_there_is_no_total(reason: str | None) -> None:
    assert not facts(run(order(dosage("400 mg/kg"), reason=reason)), "course_total")


def test_an_open_number_of_doses_has_no_total_and_that_is_said() -> None:
    result = run(ordered("400 mg/kg", every(1, "d"), "GBS"))
    assert not facts(result, "course_total")
    assert one(result, "unchecked").rule == "dose.course-exceeded"


def test_no_weight_no_total() -> None:
    assert not facts(run(ordered("60 g"), kg=None), "course_total")


def test_a_dose_on_a_partial_date_is_in_no_course_total() -> None:
    this_year = replace(given(0, "2000", "ITP"), day=Span(date(2026, 1, 1), date(2026, 12, 31)))
    assert one(run(ordered("1 g/kg"), doses=[this_year]), "course_total").high == 1000
