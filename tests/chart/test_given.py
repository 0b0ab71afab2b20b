"""Immune globulin given before: what counts as a past dose, on which day, and how much it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from cds.chart.given_courses import courses
from cds.chart.parts import Sizes
from tests.chart.given_reading import SIZES, day, doses, none, one, read
from tests.chart.records import (
    IBUPROFEN,
    PRIVIGEN,
    Resource,
    administration,
    concept,
    context,
    grams,
    per_kg,
    request,
)


def test_an_administration_in_grams_is_worked_out_by_the_weight_at_hand() -> None:
    found = one(administration())
    assert (found.ref, found.day, found.product) == ("MedicationAdministration/given-1", day("2026-11-01"), "privigen")
    assert (found.mg_per_kg, found.grams) == (Decimal(1000), Decimal(40))
    assert "given 2026-11-01, 40 g ÷ 40 kg of 2026-11-18 = 1000 mg/kg (administration)" in found.says


def test_a_dose_given_to_a_lighter_child_is_worked_out_by_the_weight_of_then() -> None:
    weights = ((date(2026, 1, 10), Decimal(14)), (date(2026, 11, 18), Decimal(40)))
    found = one(administration("2026-02-01", dose={"value": 15, "unit": "g"}), sizes=replace(SIZES, weights=weights))
    assert (found.mg_per_kg, round(found.mg_per_kg_then or 0)) == (Decimal(375), 1071)
    assert "15 g ÷ 14 kg of 2026-01-10 = 1071 mg/kg" in found.says
    (course,) = courses([found], context())
    assert round(course.mg_per_kg or 0) == 1071
    assert course.mg_per_kg_dose == Decimal(375)


def test_an_administration_in_mg_per_kg_needs_no_weight() -> None:
    found = one(administration(dose=per_kg(400)), sizes=Sizes())
    assert (found.mg_per_kg, found.grams) == (Decimal(400), None)


def test_grams_without_a_weight_stay_grams_and_that_is_said() -> None:
    found = one(administration(), sizes=Sizes())
    assert (found.mg_per_kg, found.grams) == (None, Decimal(40))
    assert "mg/kg unknown without a weight" in found.says


def test_a_volume_is_worked_out_by_the_strength_of_the_product() -> None:
    assert one(administration(dose={"value": 400, "unit": "mL"})).mg_per_kg == Decimal(1000)


@pytest.mark.parametrize(
    "dose", [{"value": 40}, {"value": 2, "unit": "vials"}, {"value": 40, "unit": "g", "code": "mg"}]
)
def test_a_dose_whose_unit_is_not_known_is_a_dose_of_unknown_size(dose: Resource) -> None:
    found = one(administration(dose=dose))
    assert (found.mg_per_kg, found.grams) == (None, None)
    assert "dose unknown" in found.says


def test_an_administration_without_a_dose_is_a_dose_of_unknown_size() -> None:
    assert "dose unknown: no dose is written" in one(administration(dosage={"text": "per protocol"})).says


@pytest.mark.parametrize("state", ["completed", "in-progress", "completed "])
def test_administrations_completed_or_under_way_count(state: str) -> None:
    assert len(doses(administration(status=state))) == 1


@pytest.mark.parametrize("state", ["not-done", "entered-in-error", "entered-in-error "])
def test_what_was_not_given_does_not_count(state: str) -> None:
    assert state.strip() in none(administration(status=state))


@pytest.mark.parametrize("state", ["stopped", "on-hold", "unknown"])
def test_a_stopped_or_held_administration_counts_only_if_it_had_begun(state: str) -> None:
    assert one(administration(status=state, dose=grams(12))).grams == Decimal(12)
    lasted = administration(status=state, dosage={}, effectivePeriod={"start": "2026-11-01T08:00:00Z"})
    del lasted["effectiveDateTime"]
    assert one(lasted).mg_per_kg is None
    assert state in none(administration(status=state, dosage={}))
    assert state in none(administration(status=state, dose=grams(0)))


def test_a_completed_dose_of_nothing_does_not_count() -> None:
    assert "a dose of nothing" in none(administration(dose=grams(0)))


def test_an_infusion_over_midnight_counts_on_its_last_day() -> None:
    lasted = administration(effectivePeriod={"start": "2026-11-01T22:00:00Z", "end": "2026-11-02T04:00:00Z"})
    del lasted["effectiveDateTime"]
    assert one(lasted).day == day("2026-11-02")


@pytest.mark.parametrize(
    ("written", "counts"), [("2026-11-20T09:00:00Z", True), ("2026-11-21", False), ("2027", False)]
)
def test_a_future_administration_does_not_count(written: str, counts: bool) -> None:
    if counts:
        assert one(administration(written)).day == day("2026-11-20")
    else:
        assert "future" in none(administration(written))


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2026-09", "2026-09-01", "2026-09-30"),
        ("2026-11", "2026-11-01", "2026-11-20"),
        ("2025", "2025-01-01", "2025-12-31"),
    ],
)
def test_a_partial_date_keeps_its_span_and_says_what_counts(written: str, first: str, last: str) -> None:
    found = one(administration(written))
    assert found.day == day(first, last)
    assert f"counted as {last}" in found.says


@pytest.mark.parametrize("written", ["", "yesterday", "2026-13-01"])
def test_an_administration_without_a_readable_day_is_left_out_and_said(written: str) -> None:
    assert "the day it was given cannot be read" in none(administration(written), "left out")


# which immune globulin


@pytest.mark.parametrize(
    "text",
    [
        "Hepatitis B immune globulin",
        "RhoGAM",
        "Thymoglobulin",
        "Cytogam",
        "HyperRAB",
        "Hizentra 20 %",
        "varicella zoster immune globulin",
    ],
)
def test_look_alikes_and_products_for_under_the_skin_are_no_past_doses(text: str) -> None:
    assert doses(administration(medicationCodeableConcept={"text": text})) == ()


def test_other_drugs_make_neither_dose_nor_reading() -> None:
    assert read(administration(medicationCodeableConcept=IBUPROFEN)) == ((), ())


def test_a_product_only_in_text_is_found() -> None:
    assert one(administration(medicationCodeableConcept={"text": "Privigen 10%"})).product == "privigen"


def test_generic_intravenous_immune_globulin_is_of_an_unknown_product() -> None:
    assert one(administration(medicationCodeableConcept={"text": "IVIG"})).product == "unknown"


def test_immune_globulin_of_an_unknown_kind_is_left_out_and_said() -> None:
    record = administration(medicationCodeableConcept=concept("immune globulin, human", rxnorm="5666"))
    assert "which immune globulin it is cannot be told" in none(record, "left out")


def test_immune_globulin_of_an_unknown_kind_counts_where_it_went_into_a_vein() -> None:
    record = administration(medicationCodeableConcept=concept("immune globulin, human", rxnorm="5666"))
    record["dosage"]["route"] = {"text": "Intravenous"}
    assert one(record).product == "unknown"


def test_the_reason_of_a_record_or_of_its_order_is_its_indication() -> None:
    reason = [{"text": "Kawasaki disease"}]
    assert one(administration(reasonCode=reason)).indication == "KAWASAKI"
    order = request(PRIVIGEN, reasonCode=reason)
    found = one(administration(request={"reference": "MedicationRequest/order-1"}), order)
    assert (found.indication, found.order) == ("KAWASAKI", "MedicationRequest/order-1")
    assert one(administration()).indication == "unknown"
    two = [{"text": "Kawasaki disease"}, {"text": "immune thrombocytopenia"}]
    assert one(administration(reasonCode=two)).indication == "unknown"


def test_weights_are_those_at_hand() -> None:
    assert SIZES.day is not None
    assert str(SIZES.day) in one(administration("2025-01-01")).says


@pytest.mark.parametrize(("weighed", "known"), [("2026-01-02", True), ("2026-01-01", False), ("2026-03-03", True)])
def test_a_child_s_dose_needs_a_weight_near_its_day(weighed: str, known: bool) -> None:
    sizes = replace(SIZES, weights=((date.fromisoformat(weighed), Decimal(14)),), grown=date(2040, 1, 1), child_days=30)
    found = one(administration("2026-02-01", dose={"value": 15, "unit": "g"}), sizes=sizes)
    assert (found.mg_per_kg, found.mg_per_kg_then is not None) == (Decimal(375), known)
    assert known or "a child, not weighed near that day" in found.says
    grown = replace(sizes, grown=date(2026, 2, 1))
    assert one(administration("2026-02-01", dose={"value": 15, "unit": "g"}), sizes=grown).mg_per_kg_then is not None
