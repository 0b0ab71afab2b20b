"""Whatever stands in an element of an order: its suggestions are made or left out, and never an exception.

What is offered all the same is valid FHIR.
"""

from __future__ import annotations

import copy
from typing import Any

import pytest

from cds.chart import whole
from tests.advice.suggesting import changed, offered, signed
from tests.chart.ordering import daily, dosage, dose, order, quantity
from tests.chart.test_junk_orders import IDENTITY, Path, places

JUNK: list[Any] = [None, True, -1, 1e308, 1e-300, "60 g", "9999-12-31", [], {}, [None], [{}]]
STOCKED, INTOLERANT = ("privigen", "octagam_10"), "hereditary fructose intolerance"


def rich() -> dict[str, Any]:
    """An order over its range, for a product that the patient must not have, with all that suggestions change."""
    product = {
        "resourceType": "Medication",
        "id": "m1",
        "code": {"text": "Gammaplex 5%"},
        "ingredient": [{"itemReference": {"reference": "#s1"}}],
    }
    substance = {"resourceType": "Substance", "id": "s1", "code": {"text": "immunoglobulin"}}
    ratio = {"numerator": quantity("120 mL"), "denominator": quantity("1 h")}
    ends = {"low": quantity("60 mL/h"), "high": quantity("120 mL/h")}
    line = dosage(
        dose("968 mg/kg", "ordered") | {"rateQuantity": quantity("120 mL/h")},
        dose("60 g", "calculated") | {"rateRange": ends},
        dose("1200 mL", "calculated") | {"rateRatio": ratio},
        timing=daily(1),
        text="Gammaplex 5% 60 g at 120 mL/h",
        patientInstruction="1200 mL by pump",
        additionalInstruction=[{"text": "slowly"}],
    )
    return order(
        line,
        contained=[product, substance],
        medicationReference={"reference": "#m1"},
        note=[{"text": "her own wish"}],
        text={"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml">60 g</div>'},
        dispenseRequest={"quantity": quantity("1200 mL"), "initialFill": {"quantity": quantity("60 g")}},
    )


def advice(sent: dict[str, Any], *has: str) -> Any:
    return signed(sent, stocked=STOCKED, conditions=has)


def test_as_it_stands_it_is_offered_a_dose_and_both_products() -> None:
    (dosed,) = offered(advice(rich()), "dose.out-of-range")
    line = changed(dosed)["dosageInstruction"][0]
    assert [entry["doseQuantity"]["value"] for entry in line["doseAndRate"]] == [726, 45, 900]
    assert (line["text"], line["patientInstruction"]) == ("Gammaplex 5% 45 g at 120 mL/h", "900 mL by pump")
    cards = advice(rich(), INTOLERANT)
    assert offered(cards, "dose.out-of-range") == [], "the product is changed first"
    exchanged = changed(offered(cards, "excipient.fructose-intolerance")[0])
    line = exchanged["dosageInstruction"][0]
    assert [entry["doseQuantity"]["value"] for entry in line["doseAndRate"]] == [968, 60, 600]
    assert (line["text"], line["patientInstruction"]) == ("Privigen 10% 60 g at 60 mL/h", "600 mL by pump")
    assert exchanged["dispenseRequest"]["quantity"]["value"] == 600
    assert "contained" not in exchanged
    assert len(offered(cards, "excipient.fructose-intolerance")) == 2


@pytest.mark.parametrize("place", [p for p in places(rich()) if p not in IDENTITY], ids=lambda p: ".".join(map(str, p)))
def test_every_place(place: Path) -> None:
    for junk in JUNK:
        made = copy.deepcopy(rich())
        holder: Any = made
        for step in place[:-1]:
            holder = holder[step]
        holder[place[-1]] = copy.deepcopy(junk)
        for card in (*advice(made).cards, *advice(made, INTOLERANT).cards):
            for suggestion in card.get("suggestions", ()):
                assert whole(changed(suggestion))
