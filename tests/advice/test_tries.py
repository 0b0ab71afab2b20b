"""How often a changed order is tried before it is offered: in turn, and bounded by the size of the call."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from cds.evaluation import Advice, evaluate
from cds.hooks import case_of_request
from tests.advice.suggesting import UCUM, condition, signed
from tests.chart.ordering import dosage, on, order
from tests.conftest import NOW
from tests.hooks.calls import PATIENT, bundle, call, observation
from tests.support.run import about_of, book

STOCKED = ("asceniv", "bivigam", "gamunex_c", "panzyga", "privigen")
KIDNEYS = "chronic kidney disease stage 3"


def ordered(number: int) -> dict[str, Any]:
    line = dosage("25 g", timing=on(28 * number))
    return order(line, id=f"o{number}", medicationCodeableConcept={"text": "Carimune NF"})


def changes(advice: Advice) -> Counter[str]:
    """How many products each order is offered."""
    return Counter(about_of(card) for card in advice.cards for _ in card.get("suggestions", ()))


@pytest.mark.parametrize(("orders", "each"), [(1, [3]), (2, [3, 3]), (4, [3, 3, 1, 1]), (6, [2, 1, 1, 1, 1, 1])])
def test_every_order_is_tried_once_before_any_is_tried_twice(orders: int, each: list[int]) -> None:
    """Of six orders there are so many facts that one try less is made."""
    made = changes(signed(*map(ordered, range(orders)), stocked=STOCKED, conditions=[KIDNEYS]))
    assert [made[f"MedicationRequest/o{number}"] for number in range(orders)] == each


def result(number: int) -> dict[str, Any]:
    code = {"coding": [{"system": "http://loinc.org", "code": "2160-0"}]}
    value = {"value": 1.0, "unit": "mg/dL", "system": UCUM, "code": "mg/dL"}
    day = f"{2010 + number % 16}-{1 + number % 12:02}-10"
    return observation(f"l{number}", code=code, valueQuantity=value, effectiveDateTime=day)


@pytest.mark.parametrize(("results", "offers"), [(800, True), (8000, False)])
def test_many_results_silence_no_suggestion_and_very_many_do(results: int, offers: bool) -> None:
    content = call("order-sign", ordered(0))
    weight = {"value": 62, "unit": "kg", "system": UCUM, "code": "kg"}
    content["prefetch"] |= {
        "patient": PATIENT,
        "conditions": bundle(condition(KIDNEYS)),
        "vitals": bundle(observation(valueQuantity=weight)),
        "labs": bundle(*map(result, range(results))),
    }
    advice = evaluate(case_of_request(content), NOW, book().stocked(STOCKED)).sound()
    assert bool(changes(advice)) == offers
