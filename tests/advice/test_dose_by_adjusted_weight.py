"""The dose by adjusted weight: offered for orders in grams or mL, never recommended, and only where the card goes."""

from __future__ import annotations

from typing import Any

import pytest

from cds.evaluation import Advice, evaluate
from cds.hooks import case_of_request
from tests.advice.suggesting import UCUM, changed, offered
from tests.chart.ordering import daily, dosage, order
from tests.conftest import NOW
from tests.hooks.calls import bundle, call, observation
from tests.support.run import book

RULE = "dose.adjusted-weight"


def signed(sent: dict[str, Any]) -> Advice:
    """The advice on an order for a woman of 100 kg and 175 cm, whose adjusted weight is 79.7 kg."""
    weight = {"value": 100, "unit": "kg", "system": UCUM, "code": "kg"}
    height = {"value": 175, "unit": "cm", "system": UCUM, "code": "cm"}
    tall = observation("h1", code={"coding": [{"system": "http://loinc.org", "code": "8302-2"}]}, valueQuantity=height)
    content = call("order-sign", sent)
    content["prefetch"]["vitals"] = bundle(observation(valueQuantity=weight), tall)
    return evaluate(case_of_request(content), NOW, book())


def ordered(written: str, days: int = 1, reason: str = "ITP") -> dict[str, Any]:
    product = {"text": "Privigen 10%"}
    return order(dosage(written, timing=daily(days)), reason=reason, medicationCodeableConcept=product)


@pytest.mark.parametrize(
    ("written", "days", "label"),
    [
        ("100 g", 2, "Change the dose to 80 g (800 mg/kg) each day"),
        ("1000 mL", 1, "Change the dose to 800 mL (80 g, 800 mg/kg)"),
        ("1000 mg/kg", 2, None),
    ],
)
def test_the_nearest_whole_vials_by_adjusted_weight(written: str, days: int, label: str | None) -> None:
    found = offered(signed(ordered(written, days)), RULE)
    assert [one["label"] for one in found] == ([label] if label else [])
    assert not any("isRecommended" in one for one in found)
    if found:
        assert RULE not in str(signed(changed(found[0])).cards)


def test_a_dose_that_is_high_by_any_weight_is_left_alone() -> None:
    assert offered(signed(ordered("200 g", reason="CIDP")), RULE) == []
