"""An order of every shape through the whole evaluation, and what its card offers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cds.evaluation import Advice, evaluate
from cds.hooks import case_of_request
from tests.conftest import NOW
from tests.hooks.calls import PATIENT, bundle, call, observation
from tests.support.run import about_of, book, rule_of

UCUM = "http://unitsofmeasure.org"


def condition(text: str) -> dict[str, Any]:
    return {
        "resourceType": "Condition",
        "id": text.replace(" ", "-"),
        "subject": {"reference": "Patient/p1"},
        "code": {"text": text},
    }


def signed(
    *orders: Mapping[str, Any],
    stocked: Iterable[str] = (),
    kg: float | None = 62,
    born: str = "1980-05-01",
    conditions: Iterable[str] = (),
    hook: str = "order-sign",
    **context: Any,
) -> Advice:
    """The advice on these orders of such a patient, at a site that stocks these products."""
    content = call(hook, *map(dict, orders))
    content["context"] |= context
    content["prefetch"]["patient"] = PATIENT | {"birthDate": born}
    content["prefetch"]["conditions"] = bundle(*map(condition, conditions))
    if kg is not None:
        weight = {"value": kg, "unit": "kg", "system": UCUM, "code": "kg"}
        content["prefetch"]["vitals"] = bundle(observation(valueQuantity=weight))
    return evaluate(case_of_request(content), NOW, book().stocked(stocked)).sound()


def offered(advice: Advice, rule: str, about: str = "MedicationRequest/o1") -> list[dict[str, Any]]:
    """What the card of a rule offers; fails where it is not there."""
    cards = [card for card in advice.cards if (rule_of(card), about_of(card)) == (rule, about)]
    assert len(cards) == 1, [(rule_of(card), about_of(card)) for card in advice.cards]
    return list(cards[0].get("suggestions", ()))


def labels(*orders: Mapping[str, Any], rule: str = "dose.out-of-range", **more: Any) -> list[str]:
    """What the card of a rule offers for the first of these orders, in its words."""
    return [one["label"] for one in offered(signed(*orders, **more), rule)]


def changed(suggestion: Mapping[str, Any]) -> dict[str, Any]:
    """The order as a suggestion has it."""
    (action,) = suggestion["actions"]
    assert action["type"] == "update"
    made: dict[str, Any] = action["resource"]
    return made
