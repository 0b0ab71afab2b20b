"""One dose recorded more than once is one dose, and doses are grouped into courses."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from cds.chart.given_courses import Course, course_facts, courses
from cds.chart.parts import GivenDose
from tests.chart.given_reading import day, dispense, dosage, doses
from tests.chart.records import (
    PRIVIGEN,
    Resource,
    administration,
    concept,
    context,
    grams,
    immunization,
    per_kg,
    request,
    statement,
)

ORDER = {"reference": "MedicationRequest/order-1"}


def refs(*records: Resource) -> list[str]:
    return [dose.ref for dose in doses(*records)]


@pytest.mark.parametrize("turned", [False, True])
def test_a_dispense_and_an_administration_of_one_day_are_one_dose(turned: bool) -> None:
    records = [administration(), dispense(quantity=grams(40))]
    assert refs(*(reversed(records) if turned else records)) == ["MedicationAdministration/given-1"]


def test_two_administrations_of_one_day_are_two_doses() -> None:
    assert len(refs(administration(), administration(id="given-2"), dispense(quantity=grams(80)))) == 2


def test_the_same_resource_twice_is_one_dose() -> None:
    assert len(refs(administration(), administration())) == 1


def test_another_product_on_the_same_day_is_another_dose() -> None:
    other = dispense(medicationCodeableConcept={"text": "Octagam 10%"}, quantity=grams(40))
    assert len(refs(administration(), other)) == 2


def test_an_unknown_product_on_the_same_day_is_the_same_dose() -> None:
    record = immunization(concept("IGIV", cvx="87"), "2026-11-01")
    assert refs(administration(), record) == ["MedicationAdministration/given-1"]


def test_a_dispense_for_the_same_order_a_day_before_is_the_same_dose() -> None:
    before = dispense(whenHandedOver="2026-10-31", quantity=grams(40))
    given = administration(request=ORDER)
    assert len(refs(given, before)) == 2
    assert refs(given, {**before, "authorizingPrescription": [ORDER]}) == ["MedicationAdministration/given-1"]


def test_a_dispense_for_the_same_order_a_month_later_is_another_dose() -> None:
    later = dispense(whenHandedOver="2026-11-18", quantity=grams(40), authorizingPrescription=[ORDER])
    assert len(refs(administration("2026-10-20", request=ORDER), later)) == 2


def test_a_completed_order_says_nothing_where_something_was_recorded_for_it() -> None:
    timed = dosage(grams(40), event=["2026-10-01", "2026-10-02", "2026-10-30"])
    order = request(PRIVIGEN, status="completed", dosageInstruction=timed)
    assert len(refs(order)) == 3
    assert refs(order, administration("2026-10-01", request=ORDER)) == ["MedicationAdministration/given-1"]


def test_a_statement_made_from_an_administration_is_the_same_dose() -> None:
    record = statement(PRIVIGEN, status="completed", effectiveDateTime="2026-11-03", dosage=dosage(grams(40)))
    assert len(refs(administration(), record)) == 2
    derived = {**record, "derivedFrom": [{"reference": "MedicationAdministration/given-1"}]}
    assert refs(administration(), derived) == ["MedicationAdministration/given-1"]


def test_a_month_is_the_same_as_a_day_within_it() -> None:
    record = statement(PRIVIGEN, status="completed", effectiveDateTime="2026-11")
    assert refs(administration(), record) == ["MedicationAdministration/given-1"]
    assert len(refs(administration("2026-10-31"), record)) == 2


def test_use_that_goes_on_is_not_hidden_by_one_administration_in_it() -> None:
    record = statement(PRIVIGEN, effectivePeriod={"start": "2026-06-01"})
    assert len(refs(administration(), record)) == 2


def marked(*records: Resource) -> list[bool]:
    """Whether the use that goes on is known by what was recorded of it, for each such use."""
    return [dose.recorded for dose in doses(*records) if dose.ref.startswith("MedicationStatement/")]


@pytest.mark.parametrize(("given", "recorded"), [("2026-09-24", False), ("2026-09-25", True), ("2026-11-20", True)])
def test_a_use_that_goes_on_is_marked_where_a_dose_of_it_was_recorded_within_eight_weeks(
    given: str, recorded: bool
) -> None:
    use = statement(PRIVIGEN, effectivePeriod={"start": "2014-01-01"})
    assert marked(administration(given), use) == [recorded]
    assert marked(use) == [False]


def test_a_dose_of_another_product_or_from_before_the_use_does_not_mark_it() -> None:
    assert marked(administration(), statement({"text": "Octagam 10%"}, effectivePeriod={"start": "2014"})) == [False]
    assert marked(administration(), statement(PRIVIGEN, effectivePeriod={"start": "2026-11-10"})) == [False]


def test_the_dose_that_one_record_lacks_is_taken_from_the_other() -> None:
    (found,) = doses(administration(dosage={}), dispense(quantity=grams(40)))
    assert (found.ref, found.mg_per_kg, found.grams) == ("MedicationAdministration/given-1", Decimal(1000), Decimal(40))
    assert "(dispense)" in found.says


def test_a_dose_that_is_known_stays_as_its_own_record_has_it() -> None:
    (found,) = doses(administration(), dispense(quantity=grams(50)))
    assert found.mg_per_kg == Decimal(1000)


def test_doses_come_oldest_first_whatever_their_order() -> None:
    records = [administration("2026-10-20", id="b"), administration("2026-09-20", id="a"), dispense(quantity=grams(1))]
    assert doses(*records) == doses(*reversed(records))
    assert [dose.day.last for dose in doses(*records)] == [date(2026, 9, 20), date(2026, 10, 20), date(2026, 11, 1)]


# courses


def dose(first: str, mg_per_kg: str | None = "400", last: str = "", **more: Any) -> GivenDose:
    amount = None if mg_per_kg is None else Decimal(mg_per_kg)
    ref = f"MedicationAdministration/{first}"
    return GivenDose(ref, day(first, last), amount, None, says=first, mg_per_kg_then=amount, **more)


def grouped(*given: GivenDose) -> tuple[Course, ...]:
    return courses(given, context())


@pytest.mark.parametrize(("second", "found"), [("2026-11-07", 1), ("2026-11-08", 2)])
def test_a_course_is_seven_days_from_its_first_dose(second: str, found: int) -> None:
    assert len(grouped(dose("2026-11-01"), dose(second))) == found


def test_the_window_does_not_slide_from_dose_to_dose() -> None:
    found = grouped(dose("2026-11-01"), dose("2026-11-05"), dose("2026-11-09"))
    assert [(course.first_day.day, course.last_day.day) for course in found] == [(1, 5), (9, 9)]


def test_a_course_adds_its_doses_and_keeps_the_highest_day() -> None:
    split = [dose("2026-11-02", "300", product="privigen"), dose("2026-11-02", "300.5", product="privigen")]
    (course,) = grouped(dose("2026-11-01", "500", product="privigen"), *split)
    assert (course.mg_per_kg, course.mg_per_kg_dose) == (Decimal("1100.5"), Decimal("600.5"))
    assert (course.product, course.ref, course.exact) == ("privigen", "MedicationAdministration/2026-11-02", True)


def test_one_unknown_dose_leaves_the_course_unknown() -> None:
    (course,) = grouped(dose("2026-11-01", "1000"), dose("2026-11-02", None))
    assert (course.mg_per_kg, course.mg_per_kg_dose) == (None, None)


def test_products_and_indications_that_differ_are_unknown() -> None:
    one, other = dose("2026-11-01", product="privigen", indication="PI"), dose("2026-11-02", product="octagam_10")
    (course,) = grouped(one, other)
    assert (course.product, course.indication) == ("unknown", "unknown")


def test_a_span_counts_on_its_latest_day_and_is_never_taken_as_tolerated() -> None:
    (course,) = grouped(dose("2026-09-01", "1000", last="2026-09-30"))
    assert (course.last_day, course.exact) == (date(2026, 9, 30), False)
    (fact,) = course_facts([course], context())
    assert (fact.last_day, fact.mg_per_kg, fact.mg_per_kg_dose) == (date(2026, 9, 30), 1000.0, None)


def test_facts_are_the_newest_course_of_each_product_and_older_ones_of_a_higher_dose() -> None:
    found = course_facts(
        grouped(
            dose("2026-05-01", "2000", product="privigen"),
            dose("2026-06-01", "1000", product="privigen"),
            dose("2026-07-01", "1000", product="octagam_10"),
            dose("2026-08-01", "400", product="privigen"),
            dose("2026-09-01", "400", product="privigen"),
        ),
        context(),
    )
    assert [(fact.product, fact.last_day.month, fact.mg_per_kg_dose) for fact in found] == [
        ("privigen", 9, 400.0),
        ("octagam_10", 7, 1000.0),
        ("privigen", 6, 1000.0),
        ("privigen", 5, 2000.0),
    ]


def test_numbers_of_facts_are_rounded_to_six_digits() -> None:
    (fact,) = course_facts(grouped(dose("2026-11-01", "333.33333333333333333")), context())
    assert fact.mg_per_kg == 333.333333


def test_per_kg_doses_of_a_course_that_was_given_are_summed_as_written() -> None:
    records = [administration(f"2026-11-0{number}", per_kg(400), id=f"g{number}") for number in (1, 2, 3, 4, 5)]
    (course,) = grouped(*doses(*records))
    assert (course.mg_per_kg, course.last_day) == (Decimal(2000), date(2026, 11, 5))
