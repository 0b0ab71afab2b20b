"""Body-mass index, Devine's ideal weight and the adjusted weight: formulas, and to whom they apply."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from cds.chart.body import adjusted_weight, body_mass_index, ideal_weight
from tests.chart.charting import WOMAN, ago, born, chart, fact, facts, height, weight


@pytest.mark.parametrize(
    ("kg", "cm", "sex", "ideal", "adjusted"),
    [(100, 175, "male", "70.46", "82.28"), (120, 165, "female", "56.91", "82.15"), (70, 180, "male", "74.99", None)],
)
def test_devine_and_adjusted_weight(kg: int, cm: int, sex: str, ideal: str, adjusted: str | None) -> None:
    found = ideal_weight(Decimal(cm), sex)
    assert found is not None
    assert round(found, 2) == Decimal(ideal)
    by_adjusted = adjusted_weight(Decimal(kg), Decimal(cm), sex)
    assert (by_adjusted and round(by_adjusted, 2)) == (adjusted and Decimal(adjusted))


def test_devine_comes_within_a_tenth_of_what_is_published() -> None:
    ideal, adjusted = ideal_weight(Decimal(175), "male"), adjusted_weight(Decimal(100), Decimal(175), "male")
    assert ideal is not None
    assert adjusted is not None
    assert abs(ideal - Decimal("70.4")) <= Decimal("0.1")
    assert abs(adjusted - Decimal("82.2")) <= Decimal("0.1")


@pytest.mark.parametrize(("cm", "known"), [("152.39", False), ("152.4", True), ("152.41", True)])
def test_devine_begins_at_five_feet(cm: str, known: bool) -> None:
    assert (ideal_weight(Decimal(cm), "female") is not None) is known
    assert (adjusted_weight(Decimal(120), Decimal(cm), "female") is not None) is known


def test_a_weight_of_exactly_the_ideal_one_is_not_adjusted() -> None:
    ideal = ideal_weight(Decimal(180), "male")
    assert ideal is not None
    assert adjusted_weight(ideal, Decimal(180), "male") is None
    assert adjusted_weight(ideal + 1, Decimal(180), "male") == ideal + Decimal("0.4")


def test_body_mass_index_is_30_at_one_meter_and_30_kg() -> None:
    assert body_mass_index(Decimal(30), Decimal(100)) == 30


def body(patient: dict[str, Any] = WOMAN, *sizes: dict[str, Any]) -> list[Any]:
    return facts(chart(patient, vitals=sizes or [weight(120, "kg"), height(165, "cm")]), "body")


def test_a_body_tells_its_numbers_and_where_they_come_from() -> None:
    found = fact(chart(vitals=[weight(120, "kg"), height(165, "cm", day=ago(900))]), "body")
    assert (found.bmi, found.adjusted_kg) == (44.077135, 82.145669)
    assert found.says == (
        "body-mass index 44.1 kg/m², from 120 kg and 165 cm (2024-06-03); adjusted weight 82.1 kg (Devine)"
    )
    assert found.ref == "Observation/vitals-2"


def test_a_child_has_no_adjusted_weight_and_an_adult_of_18_years_has() -> None:
    assert not body(born(years=17))
    assert body(born(years=18))


def test_without_sex_height_weight_or_age_there_is_no_body() -> None:
    assert not body({**WOMAN, "gender": "unknown"})
    assert not body(WOMAN, weight(120, "kg"))
    assert not body(WOMAN, height(165, "cm"))
    assert not body({name: value for name, value in WOMAN.items() if name != "birthDate"})


def test_an_adult_under_five_feet_has_a_body_mass_index_only() -> None:
    (found,) = body(WOMAN, weight(80, "kg"), height(150, "cm"))
    assert found.bmi == 35.555556
    assert found.adjusted_kg is None


def test_heights_in_meters_and_inches() -> None:
    assert body(WOMAN, weight(120, "kg"), height(1.65, "m"))[0].bmi == 44.077135
    assert body(WOMAN, weight(120, "kg"), height(65, "[in_i]"))[0].bmi == pytest.approx(44.0236, abs=1e-3)


def test_an_implausible_height_is_not_used_and_an_older_one_is() -> None:
    sizes = weight(120, "kg"), height(165, "cm", day=ago(90)), height(1650, "cm", day=ago(2))
    assert body(WOMAN, *sizes)[0].bmi == 44.077135
    assert not body(WOMAN, weight(120, "kg"), height(1650, "cm"))


def test_a_height_of_childhood_is_not_an_adults_height_but_one_of_perhaps_18_years_is() -> None:
    assert not body(born(years=40), weight(120, "kg"), height(110, "cm", day=ago(365 * 30)))
    assert not body(WOMAN, weight(120, "kg"), height(165, "cm", day="1993"))
    assert body(WOMAN, weight(120, "kg"), height(165, "cm", day="1994"))
