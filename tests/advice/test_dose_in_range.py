"""A dose within range: what is offered for an order over or under it, and what becomes of the client's resource."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.advice.suggesting import changed, labels, offered, signed
from tests.chart.ordering import daily, dosage, dose, order, quantity

RULE = "dose.out-of-range"


@pytest.mark.parametrize(
    ("written", "label"),
    [
        ("60 g", "Change the dose to 45 g (726 mg/kg)"),
        ("60000 mg", "Change the dose to 45 g (726 mg/kg)"),
        ("600 mL", "Change the dose to 450 mL (45 g, 726 mg/kg)"),
        ("968 mg/kg", "Change the dose to 800 mg/kg (49.6 g)"),
        ("0.968 g/kg", "Change the dose to 800 mg/kg (49.6 g)"),
        ("9.68 mL/kg", "Change the dose to 800 mg/kg (49.6 g)"),
        ("10 g", "Change the dose to 15 g (242 mg/kg)"),
    ],
)
def test_the_nearest_whole_vials_inside_the_range(written: str, label: str) -> None:
    assert labels(order(dosage(written, timing=daily(1)), medicationCodeableConcept={"text": "Privigen 10%"})) == [
        label
    ]


@pytest.mark.parametrize(
    ("written", "value"),
    [("60 g", 45), ("60000 mg", 45000), ("600 mL", 450), ("968 mg/kg", 800), ("0.968 g/kg", 0.8)],
)
def test_only_the_number_of_the_dose_is_changed(written: str, value: float) -> None:
    sent = order(
        dosage(written, timing=daily(1), patientInstruction="Drink enough", additionalInstruction=[{"text": "Slowly"}]),
        medicationCodeableConcept={"text": "Privigen 10%"},
        contained=[{"resourceType": "Medication", "id": "x"}],
        identifier=[{"system": "urn:x", "value": "1"}],
        extension=[{"url": "urn:x", "valueString": "Ward B"}],
        note=[{"text": "Her own wish"}],
    )
    sent["dosageInstruction"][0]["doseAndRate"][0]["extension"] = [{"url": "urn:y", "valueBoolean": True}]
    wanted = copy.deepcopy(sent)
    wanted["dosageInstruction"][0]["doseAndRate"][0]["doseQuantity"]["value"] = value
    before = copy.deepcopy(sent)
    (suggestion,) = offered(signed(sent), RULE)
    assert changed(suggestion) == wanted
    assert sent == before


def test_a_dose_that_is_written_twice_agrees_afterwards() -> None:
    twice = dosage(dose("968 mg/kg", "ordered"), dose("60 g", "calculated"), timing=daily(1))
    (suggestion,) = offered(signed(order(twice)), RULE)
    entries = changed(suggestion)["dosageInstruction"][0]["doseAndRate"]
    assert [(entry["doseQuantity"]["value"], entry["doseQuantity"]["unit"]) for entry in entries] == [
        (726, "mg/kg"),
        (45, "g"),
    ]


def test_several_instructions_of_one_dose_change_together() -> None:
    same = [dosage("60 g", timing=daily(1), sequence=1), dosage("600 mL", timing=daily(1), sequence=1)]
    (suggestion,) = offered(signed(order(*same, medicationCodeableConcept={"text": "Privigen 10%"})), RULE)
    values = [line["doseAndRate"][0]["doseQuantity"]["value"] for line in changed(suggestion)["dosageInstruction"]]
    assert values == [45, 450]


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("Privigen 10% 60 g IV once", "Privigen 10% 45 g IV once"),
        ("968 mg/kg (60 g) at 100 mL/h", "726 mg/kg (45 g) at 100 mL/h"),
        ("600 mL over 6 hours", "450 mL over 6 hours"),
        ("Slowly, after hydration", "Slowly, after hydration"),
    ],
)
def test_words_that_name_the_dose_are_rewritten(text: str, after: str) -> None:
    sent = order(dosage("60 g", timing=daily(1), text=text), medicationCodeableConcept={"text": "Privigen 10%"})
    (suggestion,) = offered(signed(sent), RULE)
    assert changed(suggestion)["dosageInstruction"][0]["text"] == after


@pytest.mark.parametrize(
    "more",
    [
        {"dosage": {"text": "60 g, of it 20 g first"}},
        {"dosage": {"text": "50-60 g"}},
        {"dosage": {"patientInstruction": "Acetaminophen 650 mg before"}},
        {"dosage": {"additionalInstruction": [{"text": "Never over 60 g"}]}},
        {"note": [{"text": "60 g as last time"}]},
        {"note": [{"text": "Dispense six vials"}]},
        {"text": {"status": "additional", "div": "<div>60 g</div>"}},
    ],
)
def test_words_that_cannot_be_rewritten_for_certain_leave_the_order_alone(more: dict[str, Any]) -> None:
    line = dosage("60 g", timing=daily(1), **more.pop("dosage", {}))
    assert labels(order(line, **more)) == []


RENDERED = "http://hl7.org/fhir/5.0/StructureDefinition/extension-MedicationRequest.renderedDosageInstruction"


@pytest.mark.parametrize(
    "extension",
    [
        {"url": RENDERED, "valueMarkdown": "Privigen 60 g IV"},
        {"url": "urn:x", "valueString": "6 vials"},
        {"url": "urn:x", "valueQuantity": {"value": 60, "unit": "g"}},
        {"url": "urn:x", "extension": [{"url": "y", "valueDosage": {"text": "60 g"}}]},
        {"url": "urn:x", "valueDecimal": 60},
    ],
)
def test_an_extension_that_may_tell_the_dose_leaves_the_order_alone(extension: dict[str, Any]) -> None:
    plain = order(dosage("60 g", timing=daily(1)))
    places = [order(dosage("60 g", timing=daily(1)), extension=[extension])]
    places += [order(dosage("60 g", timing=daily(1), extension=[extension]))]
    places += [order(dosage({"doseQuantity": quantity("60 g") | {"extension": [extension]}}, timing=daily(1)))]
    assert len(labels(plain)) == 1
    assert [labels(one) for one in places] == [[], [], []]


@pytest.mark.parametrize(
    ("name", "offers"),
    [("Privigen 60 g", 0), ("Privigen 60 g/600 mL", 0), ("Privigen 10 g/100 mL", 1), ("Privigen 20 g", 1)],
)
def test_a_medication_whose_name_tells_the_dose_is_left_alone(name: str, offers: int) -> None:
    """The display of a code is the name of a package."""
    sent = order(dosage("60 g", timing=daily(1)), medicationCodeableConcept={"text": name})
    assert len(labels(sent)) == offers
    vial = {"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "1809517", "display": "Privigen 600 mL"}
    packed = order(dosage("60 g", timing=daily(1)), medicationCodeableConcept={"coding": [vial]})
    assert len(labels(packed)) == 1


@pytest.mark.parametrize(("hours", "offers"), [(1, 1), (6, 0)])
def test_a_rate_that_is_an_amount_over_several_hours_leaves_the_order_alone(hours: int, offers: int) -> None:
    """100 mL in one hour is a rate; 600 mL in six may be all of the dose."""
    rate = {"numerator": quantity(f"{100 * hours} mL"), "denominator": quantity(f"{hours} h")}
    sent = order(dosage({"doseQuantity": quantity("60 g"), "rateRatio": rate}, timing=daily(1)))
    assert len(labels(sent)) == offers


def test_a_narrative_that_was_made_of_the_order_is_left_out() -> None:
    narrative = {"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml">60 g</div>'}
    (suggestion,) = offered(signed(order(dosage("60 g", timing=daily(1)), text=narrative)), RULE)
    assert "text" not in changed(suggestion)


@pytest.mark.parametrize(
    ("written", "after"),
    [
        ({"quantity": quantity("60 g")}, {"quantity": quantity("60 g") | {"value": 45}}),
        ({"quantity": quantity("1200 mL")}, {"quantity": quantity("1200 mL") | {"value": 900}}),
        ({"quantity": {"value": 3, "unit": "vial"}, "numberOfRepeatsAllowed": 2}, {"numberOfRepeatsAllowed": 2}),
        ({"quantity": quantity("50 g")}, None),
        (
            {"initialFill": {"quantity": quantity("60 g")}},
            {"initialFill": {"quantity": quantity("60 g") | {"value": 45}}},
        ),
        ({"initialFill": {"quantity": quantity("7 g")}}, None),
        ({"performer": {"display": "Pharmacy"}}, {"performer": {"display": "Pharmacy"}}),
    ],
)
def test_the_quantity_to_dispense_follows_or_is_left_out(written: dict[str, Any], after: dict[str, Any] | None) -> None:
    sent = order(
        dosage("60 g", timing=daily(1)), dispenseRequest=written, medicationCodeableConcept={"text": "Privigen 10%"}
    )
    (suggestion,) = offered(signed(sent), RULE)
    assert changed(suggestion).get("dispenseRequest") == after
    said = suggestion["actions"][0]["description"]
    lost = str(written).count("quantity") > str(after).count("quantity")
    assert ("The quantity to dispense is left out: enter it again." in said) is lost


def test_without_a_weight_the_quantity_to_dispense_of_an_order_by_weight_is_left_out() -> None:
    sent = order(dosage("968 mg/kg", timing=daily(1)), dispenseRequest={"quantity": quantity("60 g")})
    (suggestion,) = offered(signed(sent, kg=None), RULE)
    assert "dispenseRequest" not in changed(suggestion)
    assert "The quantity to dispense is left out" in suggestion["actions"][0]["description"]


def test_the_description_says_what_is_changed_and_on_which_row() -> None:
    (suggestion,) = offered(signed(order(dosage("60 g", timing=daily(1)))), RULE)
    assert suggestion["actions"][0]["description"] == (
        "Privigen 10%: 45 g (726 mg/kg) in place of 60 g (968 mg/kg), in whole vials. "
        "200-800 mg/kg every 3-4 weeks (21-28 days)."
    )
    assert suggestion["isRecommended"] is True


def test_the_dose_is_told_as_exactly_as_it_is_written() -> None:
    sent = order(dosage("200.5 g", timing=daily(1)), medicationCodeableConcept={"text": "Gamunex-C 10%"})
    (suggestion,) = offered(signed(sent, kg=178.2), RULE)
    assert suggestion["label"] == "Change the dose to 142.5 g (800 mg/kg)"
    assert "in place of 200.5 g (1125 mg/kg)" in suggestion["actions"][0]["description"]
    assert changed(suggestion)["dosageInstruction"][0]["doseAndRate"][0]["doseQuantity"]["value"] == 142.5


@pytest.mark.parametrize(
    "line",
    [
        dosage("40 g to 60 g", timing=daily(1)),
        dosage(dose("60 g"), dose("30 g"), timing=daily(1)),
        dosage({"doseQuantity": {"value": "60", "unit": "g"}}, timing=daily(1)),
    ],
)
def test_what_is_not_one_definite_dose_is_left_alone(line: dict[str, Any]) -> None:
    advice = signed(order(line))
    assert not [card for card in advice.cards if "Change the dose" in str(card.get("suggestions"))]


@pytest.mark.parametrize(
    ("name", "written", "expected"),
    [
        ("Kiovig", "60 g", []),
        ("immune globulin intravenous 10%", "60 g", []),
        ("Kiovig", "968 mg/kg", ["Change the dose to 800 mg/kg (49.6 g)"]),
        ("immune globulin intravenous 10%", "968 mg/kg", ["Change the dose to 800 mg/kg (49.6 g)"]),
        ("Privigen", "100 mg/kg", ["Change the dose to 200 mg/kg (12.4 g)"]),
        ("Kiovig", "100 mg/kg", ["Change the dose to 200 mg/kg (12.4 g)"]),
    ],
)
def test_without_known_vials_only_a_dose_by_weight_is_offered(name: str, written: str, expected: list[str]) -> None:
    assert labels(order(dosage(written, timing=daily(1)), medicationCodeableConcept={"text": name})) == expected


def test_a_dose_by_weight_needs_no_weight() -> None:
    sent = order(dosage("968 mg/kg", timing=daily(1)))
    (suggestion,) = offered(signed(sent, kg=None), RULE)
    assert suggestion["label"] == "Change the dose to 800 mg/kg"


def test_a_range_without_whole_vials_in_it_offers_nothing() -> None:
    sent = order(dosage("10 g", timing=daily(1)))
    assert labels(sent, kg=8, born="2025-01-01") == ["Change the dose to 5 g (625 mg/kg)"]
    assert labels(sent, kg=5, born="2025-01-01") == []


def test_a_dose_that_is_raised_is_never_recommended() -> None:
    (suggestion,) = offered(signed(order(dosage("10 g", timing=daily(1)))), RULE)
    assert "isRecommended" not in suggestion


@pytest.mark.parametrize(
    "limit",
    [
        {"maxDosePerAdministration": quantity("70 g")},
        {"timing": {"repeat": {"count": 1, "duration": 4, "durationUnit": "h"}}},
        {"text": "over 4 hours"},
    ],
)
def test_a_limit_of_the_orders_own_stands_beside_a_lower_dose_only(limit: dict[str, Any]) -> None:
    assert len(labels(order(dosage("60 g", **{"timing": daily(1), **limit})))) == 1
    assert labels(order(dosage("10 g", **{"timing": daily(1), **limit}))) == []


def test_an_order_that_is_not_selected_is_left_alone() -> None:
    sent = order(dosage("60 g", timing=daily(1)))
    other = order(dosage("25 g", timing=daily(1)), id="o2")
    advice = signed(sent, other, hook="order-select", selections=["MedicationRequest/o2"])
    assert "Change the dose" not in str(advice.cards)
    (suggestion,) = offered(signed(sent, hook="order-select"), RULE)
    assert suggestion["label"] == "Change the dose to 45 g (726 mg/kg)"


def test_an_order_without_an_id_or_with_that_of_another_is_left_alone() -> None:
    sent = order(dosage("60 g", timing=daily(1)))
    nameless = {name: value for name, value in sent.items() if name != "id"}
    for orders in ([nameless], [sent, {**sent, "priority": "urgent"}]):
        assert "Change the dose" not in str(signed(*orders).cards)


def test_an_order_that_is_not_valid_fhir_is_left_alone() -> None:
    assert labels(order(dosage("60 g", timing=daily(1)), priority=5)) == []


def test_in_a_large_call_nothing_is_tried() -> None:
    sent = order(dosage("60 g", timing=daily(1)))
    others = [order(dosage("25 g", timing=daily(1)), id=f"x{number}") for number in range(40)]
    assert len(offered(signed(sent), RULE)) == 1
    assert "Change the dose" not in str(signed(sent, *others).cards)
