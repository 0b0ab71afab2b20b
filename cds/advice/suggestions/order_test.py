"""An order for a laboratory test that the card asks for, unless it is among the orders of the call already.

The code is the verified one of the tables; of a test without one there is no such suggestion. When it is to be drawn,
and how urgently, is left to whoever signs the order.
"""

from __future__ import annotations

from collections.abc import Iterable

from cds.advice.suggested import Action, Kind, Material, Suggestion
from cds.facts import LabOrder
from cds.findings import Finding
from cds.knowledge import Knowledge

_LOINC = "http://loinc.org"
_WHEN = {"hemoglobin": "the baseline before the infusion"}
"""What a test is for, where it is to be repeated: the order is for one of them alone."""


def _order(finding: Finding, material: Material, test: str) -> Iterable[Suggestion]:
    measurements = material.knowledge.measurements
    found = measurements.ordered(test)
    if found is None or any(order.concept == test for order in material.facts_of(LabOrder)):
        return
    name = measurements.name(test)
    code, display = found
    coding = {"system": _LOINC, "code": code.value, "display": display}
    order = material.draft("ServiceRequest", code={"coding": [coding], "text": name})
    if order is not None:
        when = f", {_WHEN[test]}" if test in _WHEN else ""
        yield Suggestion(f"Order {name}", (Action("create", f"Draft an order for {name}{when}", order),), True)


def _coded(knowledge: Knowledge) -> frozenset[str]:
    return frozenset(id for id in knowledge.measurements.ids if knowledge.measurements.ordered(id))


KIND = Kind(_order, _coded, beside=True)
