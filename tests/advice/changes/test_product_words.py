"""What of an order belongs to its old product alone: then none is offered in its place."""

from __future__ import annotations

from typing import Any

import pytest

from tests.advice.suggesting import UCUM, changed, offered, signed
from tests.chart.ordering import daily, dosage, dose, order, quantity


def offers(*lines: dict[str, Any], product: str = "Carimune NF", **more: Any) -> list[dict[str, Any]]:
    sent = order(*lines, medicationCodeableConcept={"text": product}, **more)
    has = ["chronic kidney disease stage 3"] if product == "Carimune NF" else ["hereditary fructose intolerance"]
    rule = "renal.sucrose-at-risk" if product == "Carimune NF" else "excipient.fructose-intolerance"
    return offered(signed(sent, stocked=["privigen"], conditions=has), rule)


def description(one: dict[str, Any]) -> str:
    return str(one["actions"][0]["description"])


WORDS = [
    "24 g IV, reconstitute with sterile water",
    "Use an in-line filter",
    "dilute in D5W",
    "Diluent: normal saline",
    "Carimune NF 24 g (4 vials of 6 g) IV",
    "Four bottles",
    "immune globulin 3 percent",
    "The one with sucrose",
    "Do not substitute",
    "do not use; never switch brands",
    "Dispense as written",
    "Brand medically necessary",
]
HARMLESS = ["24 g IV, slowly", "Monitor vital signs", "Premedicate", "May be given at home"]


@pytest.mark.parametrize("words", WORDS)
def test_words_about_how_the_old_product_is_made_ready_or_kept(words: str) -> None:
    plain = dosage("24 g", timing=daily(1))
    assert offers({**plain, "text": words}) == []
    assert offers({**plain, "patientInstruction": words}) == []
    assert offers({**plain, "additionalInstruction": [{"text": words}]}) == []
    assert offers(plain, note=[{"text": words}]) == []
    assert offers(plain, extension=[{"url": "urn:x", "valueMarkdown": words}]) == []


@pytest.mark.parametrize("words", HARMLESS)
def test_other_words_are_no_hindrance(words: str) -> None:
    assert offers(dosage("24 g", timing=daily(1), text=words))
    assert offers(dosage("24 g", timing=daily(1)), extension=[{"url": "urn:vial", "valueString": "ward 4"}])


@pytest.mark.parametrize("words", ["Carimune NF IV", "24 g IV"])
def test_a_rendered_instruction_of_the_old_product_or_dose(words: str) -> None:
    rendered = [{"url": "urn:x", "extension": [{"url": "urn:y", "valueMarkdown": words}]}]
    assert offers(dosage("24 g", timing=daily(1)), extension=rendered) == []
    assert offers(dosage("24 g", timing=daily(1), extension=rendered)) == []


@pytest.mark.parametrize(
    ("substitution", "may"),
    [
        ({"allowedBoolean": True}, True),
        ({"allowedBoolean": False}, False),
        ({"allowedCodeableConcept": {"text": "none"}}, False),
        ({}, False),
    ],
)
def test_an_order_that_may_not_be_substituted(substitution: dict[str, Any], may: bool) -> None:
    assert bool(offers(dosage("24 g", timing=daily(1)), substitution=substitution)) == may


def rated(rate: str, **more: Any) -> dict[str, Any]:
    timing = more.pop("timing", daily(1))
    return dosage(dose("25 g") | {"rateQuantity": quantity(rate)}, timing=timing, **more)


LASTING = [
    {"text": "25 g over 3.3 hours"},
    {"patientInstruction": "It takes 2-3 h"},
    {"additionalInstruction": [{"text": "increase every 30 min"}]},
    {"timing": {"event": ["2026-11-20"], "repeat": {"duration": 3.3, "durationUnit": "h"}}},
    {"timing": {"event": ["2026-11-20"], "repeat": {"durationMax": 4, "durationUnit": "h"}}},
]


@pytest.mark.parametrize("told", LASTING)
def test_beside_a_duration_a_rate_is_neither_lowered_nor_left_out(told: dict[str, Any]) -> None:
    assert offers(rated("8 mg/kg/min", **told), product="Gammaplex 5%")
    assert offers(rated("8.1 mg/kg/min", **told), product="Gammaplex 5%") == []
    assert offers(rated("20 drops/min", **told), product="Gammaplex 5%") == []


def test_a_duration_in_a_note() -> None:
    note = [{"text": "He wants it over two hours"}]
    assert offers(rated("8 mg/kg/min"), product="Gammaplex 5%", note=note)
    assert offers(rated("8.1 mg/kg/min"), product="Gammaplex 5%", note=note) == []


def test_a_lowered_rate_is_said_with_both_rates() -> None:
    (found,) = offers(rated("12 mg/kg/min"), product="Gammaplex 5%")
    assert description(found).endswith("The rate is lowered from 12 to 8 mg/kg/min, the label's highest.")
    volume = dose("500 mL") | {"rateQuantity": {"value": 744, "unit": "mL/h", "system": UCUM, "code": "mL/h"}}
    (found,) = offers(dosage(volume, timing=daily(1)), product="Gammaplex 5%")
    assert changed(found)["dosageInstruction"][0]["doseAndRate"][0]["rateQuantity"]["value"] == 297
    assert description(found).endswith(
        "The volume is recalculated. The rate is lowered from 10 to 8 mg/kg/min, the label's highest."
    )


@pytest.mark.parametrize(
    ("written", "parts"), [("25 g", False), ("49 g", True), ("500 mL", False), ("403 mg/kg", False)]
)
def test_where_the_dose_is_no_whole_number_of_vials_that_is_said(written: str, parts: bool) -> None:
    (found,) = offers(dosage(written, timing=daily(1)), product="Gammaplex 5%")
    assert description(found).endswith("That is no whole number of its vials.") == parts
