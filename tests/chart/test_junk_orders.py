"""Whatever stands in an element of an order: it is read, or left out and said, and never an exception.

Only what names the drug may make it an order of no concern.
"""

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from tests.chart.ordering import daily, dosage, dose, every, facts, given, order, quantity, run

JUNK: list[Any] = [None, True, -1, 1e308, "", "x", "9999-12-31", [], {}, [None]]
IDENTITY = (("id",), ("resourceType",))
NAMES_THE_DRUG = ("contained", "medicationReference")
Path = tuple[str | int, ...]


def whole() -> dict[str, Any]:
    """An order that has every element we read."""
    product = {
        "resourceType": "Medication",
        "id": "m1",
        "code": {"text": "Privigen"},
        "ingredient": [{"itemCodeableConcept": {"text": "sucrose"}, "strength": {"numerator": quantity("1 g")}}],
    }
    bounds = {"boundsPeriod": {"start": "2026-11-20", "end": "2027-01-01"}, "dayOfWeek": ["mon"], "count": 3}
    lines = (
        dosage(dose("1 g/kg", "ordered"), dose("60 g", "calculated"), timing=daily(3), sequence=1),
        dosage("300 mL to 600 mL", timing=every(1, "wk", **bounds), sequence=2, text="in words"),
    )
    return order(
        *lines,
        contained=[product],
        medicationReference={"reference": "#m1", "display": "x"},
        reasonReference=[{"reference": "#m1"}],
        priorPrescription={"reference": "MedicationRequest/o0"},
    )


def places(part: Any, path: Path = ()) -> Iterator[Path]:
    if path:
        yield path
    for key, inner in part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ():
        yield from places(inner, (*path, key))


PLACES = [place for place in places(whole()) if place not in IDENTITY]


@pytest.mark.parametrize("place", PLACES, ids=lambda path: ".".join(map(str, path)))
def test_every_place(place: Path) -> None:
    for junk in JUNK:
        made = copy.deepcopy(whole())
        holder: Any = made
        for step in place[:-1]:
            holder = holder[step]
        holder[place[-1]] = copy.deepcopy(junk)
        result = run(made, record=[{**made, "id": "r1", "status": "active"}], doses=[given(-1, "1000")])
        read = facts(result, "ig_order", ref="MedicationRequest/o1")
        assert read or "MedicationRequest/o1" in result.unread or place[0] in NAMES_THE_DRUG
