"""Infusion rates in mg/kg/min, in every shape that orders write them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from cds.chart.rate import highest_rate

TEN_PERCENT = Decimal(100)


def ordered(*rates: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "MedicationRequest", "dosageInstruction": [{"doseAndRate": [rate]} for rate in rates]}


def per(value: float | str, unit: str) -> dict[str, Any]:
    return {"rateQuantity": {"value": value, "unit": unit}}


@pytest.mark.parametrize(
    ("rate", "kg", "mg_per_kg_min"),
    [
        (per(4, "mg/kg/min"), None, "4"),
        (per(5, "mL/kg/h"), None, "8.33"),
        (per("5.4", "mL/kg/h"), None, "9.00"),
        (per(240, "mL/h"), 50, "8.00"),
        (per(200, "mL/h"), 80, "4.17"),
        (per("0.08", "mL/kg/min"), None, "8.00"),
        (per(24, "g/h"), 50, "8.00"),
        (per(4, "mL per minute"), 50, "8.00"),
        (
            {"rateRatio": {"numerator": {"value": 300, "unit": "mL"}, "denominator": {"value": 4, "unit": "h"}}},
            50,
            "2.5",
        ),
        ({"rateRange": {"low": {"value": 60, "unit": "mL/h"}, "high": {"value": 240, "unit": "mL/h"}}}, 50, "8.00"),
    ],
)
def test_a_rate_is_worked_out(rate: dict[str, Any], kg: int | None, mg_per_kg_min: str) -> None:
    found = highest_rate(ordered(rate), TEN_PERCENT, Decimal(kg) if kg else None)
    assert found is not None
    assert abs(found - Decimal(mg_per_kg_min)) < Decimal("0.005")


def test_the_highest_step_counts() -> None:
    steps = [per(30, "mL/h"), per(240, "mL/h"), per(120, "mL/h")]
    assert highest_rate(ordered(*steps), TEN_PERCENT, Decimal(50)) == 8


@pytest.mark.parametrize(
    "rate",
    [
        per(240, "mL"),
        per(240, "drops/min"),
        per(-1, "mg/kg/min"),
        {"rateQuantity": {"unit": "mL/h"}},
        {"rateQuantity": {"value": 4, "unit": "mg/kg/min", "comparator": "<"}},
        {"rateRatio": {"numerator": {"value": 300, "unit": "mL"}, "denominator": {"value": 0, "unit": "h"}}},
        {"rateRatio": {"numerator": {"value": 300, "unit": "mL"}, "denominator": {"value": 4, "unit": "bags"}}},
        {"rateRange": {"low": {"value": 60, "unit": "mL/h"}}},
    ],
)
def test_what_cannot_be_computed_is_no_rate_even_beside_one_that_can(rate: dict[str, Any]) -> None:
    assert highest_rate(ordered(rate), TEN_PERCENT, Decimal(50)) is None
    assert highest_rate(ordered(per(4, "mg/kg/min"), rate), TEN_PERCENT, Decimal(50)) is None


def test_a_volume_needs_the_strength_and_a_flow_needs_the_weight() -> None:
    assert highest_rate(ordered(per(240, "mL/h")), None, Decimal(50)) is None
    assert highest_rate(ordered(per(240, "mL/h")), TEN_PERCENT, None) is None
    assert highest_rate(ordered(per(24, "g/h")), None, None) is None


def test_no_rate_is_none() -> None:
    assert highest_rate(ordered({"doseQuantity": {"value": 30, "unit": "g"}}), TEN_PERCENT, Decimal(50)) is None
