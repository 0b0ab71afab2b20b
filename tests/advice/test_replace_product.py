"""Another product of the formulary: which are offered, and what becomes of the order's medication, volume and rate."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from cds.advice.products import concept
from cds.knowledge import load
from tests.advice.suggesting import changed, offered, signed
from tests.chart.ordering import RULES, daily, dosage, dose, order, quantity

SUCROSE, FRUCTOSE = "renal.sucrose-at-risk", "excipient.fructose-intolerance"
KIDNEYS, INTOLERANT = "chronic kidney disease stage 3", "hereditary fructose intolerance"


def ordered(*lines: dict[str, Any], product: str = "Carimune NF", **more: Any) -> dict[str, Any]:
    return order(*(lines or (dosage("25 g", timing=daily(1)),)), medicationCodeableConcept={"text": product}, **more)


def at_risk(sent: dict[str, Any], *stocked: str, **more: Any) -> list[dict[str, Any]]:
    return offered(signed(sent, stocked=stocked, conditions=[KIDNEYS], **more), SUCROSE)


def intolerant(sent: dict[str, Any], *stocked: str, **more: Any) -> list[dict[str, Any]]:
    return offered(signed(sent, stocked=stocked, conditions=[INTOLERANT], **more), FRUCTOSE)


def labels(suggestions: list[dict[str, Any]]) -> list[str]:
    return [one["label"].removeprefix("Change to ") for one in suggestions]


@pytest.mark.parametrize(
    ("stocked", "expected"),
    [
        ((), []),
        (("carimune_nf", "sandoglobulin", "tegeline"), []),
        (("privigen", "octagam_10"), ["Privigen 10%", "Octagam 10%"]),
        (("octagam_10", "privigen"), ["Privigen 10%", "Octagam 10%"]),
        (("hizentra", "gamastan", "hyqvia"), []),
        (("gammagard_liquid_erc", "yimmugo"), []),
        (("privigen", "octagam_10", "panzyga", "bivigam"), ["Privigen 10%", "Panzyga 10%", "Bivigam 10%"]),
    ],
)
def test_what_the_site_stocks_and_a_page_proves(stocked: tuple[str, ...], expected: list[str]) -> None:
    suggestions = at_risk(ordered(), *stocked)
    assert labels(suggestions) == expected
    assert [one.get("isRecommended", False) for one in suggestions] == [True, False, False][: len(expected)]


def test_a_warning_recommends_none_of_them() -> None:
    (suggestion,) = intolerant(ordered(), "privigen")
    assert "isRecommended" not in suggestion


def test_no_product_that_a_condition_speaks_against() -> None:
    sent = ordered()
    advice = signed(sent, stocked=["privigen", "flebogamma_10", "bivigam"], conditions=[KIDNEYS, "hyperprolinemia"])
    assert labels(offered(advice, SUCROSE)) == ["Flebogamma DIF 10%", "Bivigam 10%"]
    advice = signed(sent, stocked=["privigen", "flebogamma_10", "bivigam"], conditions=[KIDNEYS, INTOLERANT])
    assert labels(offered(advice, SUCROSE)) == ["Privigen 10%", "Bivigam 10%"]


@pytest.mark.parametrize(("born", "offers"), [("2008-11-20", ["Octagam 10%"]), ("2008-11-21", [])])
def test_no_product_under_the_age_of_its_label(born: str, offers: list[str]) -> None:
    sent = ordered(dosage("1 g/kg", timing=daily(1)), reason="ITP")
    assert labels(at_risk(sent, "octagam_10", born=born)) == offers


def test_only_the_medication_is_changed_where_strength_and_dose_fit() -> None:
    sent = ordered(
        dosage("25 g", timing=daily(1), text="25 g IV, slowly"),
        identifier=[{"system": "urn:x", "value": "1"}],
        extension=[{"url": "urn:x", "valueString": "own"}],
        dispenseRequest={"quantity": quantity("25 g")},
    )
    before = copy.deepcopy(sent)
    (suggestion,) = at_risk(sent, "privigen")
    system = "http://www.nlm.nih.gov/research/umls/rxnorm"
    concept = {"coding": [{"system": system, "code": "758996", "display": "Privigen"}], "text": "Privigen 10%"}
    assert changed(suggestion) == {**sent, "medicationCodeableConcept": concept}
    assert sent == before
    assert suggestion["actions"][0]["description"] == "Privigen 10% in place of Carimune NF, at the same dose."


@pytest.mark.parametrize(("product", "text"), [("octagam_10", "Octagam 10%"), ("gammagard_sd", "Gammagard S/D")])
def test_a_brand_code_that_several_products_share_names_none(product: str, text: str) -> None:
    (suggestion,) = at_risk(ordered(), product)
    assert changed(suggestion)["medicationCodeableConcept"] == {"text": text}


def test_the_sites_own_code_names_the_product(tmp_path: Any) -> None:
    site = tmp_path / "site.yaml"
    site.write_text(
        'products:\n- {system: "http://hospital.example/f", code: "9001", display: Privigen 100 mL, is: privigen}\n'
        '- {system: "http://hospital.example/f", code: "9002", is: [octagam_5, octagam_10]}\n'
        '- {system: "http://hospital.example/f", code: "9003", is: panzyga}\n'
        '- {system: "http://hospital.example/f", code: "9004", is: panzyga}\n'
        "formulary: [privigen, octagam_10, panzyga]\n"
    )
    known = load(RULES, site)
    own = {id: concept(known.products.page(id), known) for id in ("privigen", "octagam_10", "panzyga")}
    coding = {"system": "http://hospital.example/f", "code": "9001", "display": "Privigen 100 mL"}
    assert own["privigen"] is not None
    assert own["privigen"]["coding"][0] == coding
    assert own["octagam_10"] == {"text": "Octagam 10%"}
    assert own["panzyga"] is not None
    assert [one["code"] for one in own["panzyga"]["coding"]] == ["2102436"], "of two codes none is meant for sure"


def test_a_contained_medication_goes_with_the_reference_to_it() -> None:
    contained = [
        {
            "resourceType": "Medication",
            "id": "m1",
            "code": {"text": "Carimune NF"},
            "ingredient": [{"itemReference": {"reference": "#s1"}}],
        },
        {"resourceType": "Substance", "id": "s1", "code": {"text": "immunoglobulin G"}},
        {"resourceType": "Practitioner", "id": "p9"},
    ]
    sent = order(
        dosage("25 g", timing=daily(1)),
        contained=contained,
        medicationReference={"reference": "#m1"},
        requester={"reference": "#p9"},
    )
    (suggestion,) = at_risk(sent, "privigen")
    made = changed(suggestion)
    assert "medicationReference" not in made
    assert made["contained"] == [contained[2]]
    (suggestion,) = at_risk({**sent, "contained": contained[:2], "requester": {"display": "x"}}, "privigen")
    assert "contained" not in changed(suggestion)


@pytest.mark.parametrize(
    ("written", "stocked", "after"),
    [
        ("24 g", "privigen", {"value": 25, "unit": "g"}),
        ("24 g", "octagam_10", {"value": 24.0, "unit": "g"}),
        ("400 mg/kg", "privigen", {"value": 400.0, "unit": "mg/kg"}),
        ("500 mL", "privigen", {"value": 250, "unit": "mL"}),
        ("480 mL", "privigen", {"value": 250, "unit": "mL"}),
        ("8 mL/kg", "privigen", {"value": 4, "unit": "mL/kg"}),
        ("49 g", "privigen", {"value": 49.0, "unit": "g"}),
        ("7 g", "privigen", {"value": 7.0, "unit": "g"}),
    ],
)
def test_strength_and_whole_vials(written: str, stocked: str, after: dict[str, Any]) -> None:
    """49 g is 790 mg/kg; 50 g would be over the printed range. 7 g is out of range as it is."""
    sent = ordered(dosage(written, timing=daily(1)), product="Gammaplex 5%")
    (suggestion,) = intolerant(sent, stocked)
    made = changed(suggestion)["dosageInstruction"][0]["doseAndRate"][0]["doseQuantity"]
    assert {name: made[name] for name in ("value", "unit")} == after


def test_a_volume_of_an_unknown_strength_cannot_be_recalculated() -> None:
    sent = ordered(dosage("500 mL", timing=daily(1)), product="Octagam")
    corn = signed(sent, stocked=["privigen"], conditions=["corn allergy"])
    assert offered(corn, "excipient.corn") == []
    sent = ordered(dosage("500 mL", timing=daily(1)), product="Gammaplex 5%")
    assert intolerant(sent, "gammagard_sd") == [], "it is made up to one of two strengths"


@pytest.mark.parametrize(
    ("rate", "stocked", "after"),
    [
        ("100 mL/h", "privigen", 50),
        ("2 mL/kg/h", "privigen", 1),
        ("1.5 mg/kg/min", "privigen", 1.5),
        ("333 mL/h", "privigen", 166),
        ("1200 mL/h", "privigen", 297),
        ("12 mg/kg/min", "privigen", 8),
        ("12 mg/kg/min", "bivigam", 6),
    ],
)
def test_rates_keep_their_mg_a_minute_up_to_the_label(rate: str, stocked: str, after: float) -> None:
    """Privigen's label allows 8 mg/kg/min in primary immunodeficiency: 297 mL/h of 10 % for 62 kg."""
    sent = ordered(dosage(dose("25 g") | {"rateQuantity": quantity(rate)}, timing=daily(1)), product="Gammaplex 5%")
    (suggestion,) = intolerant(sent, stocked)
    made = changed(suggestion)["dosageInstruction"][0]["doseAndRate"][0]
    assert made["rateQuantity"] == {**quantity(rate), "value": after}


def test_what_was_recalculated_is_said() -> None:
    line = dosage(dose("500 mL") | {"rateQuantity": quantity("100 mL/h")}, timing=daily(1))
    (suggestion,) = intolerant(ordered(line, product="Gammaplex 5%"), "privigen")
    assert suggestion["actions"][0]["description"] == (
        "Privigen 10% in place of Gammaplex 5%, at the same dose. The volume and the rate are recalculated."
    )
    (suggestion,) = intolerant(ordered(dosage("480 mL", timing=daily(1)), product="Gammaplex 5%"), "privigen")
    assert suggestion["actions"][0]["description"] == (
        "Privigen 10% in place of Gammaplex 5%: 250 mL (25 g, 403 mg/kg) in place of 480 mL (24 g, 387 mg/kg), "
        "in whole vials. The volume is recalculated."
    )


def test_rates_of_other_shapes() -> None:
    ranged = {"rateRange": {"low": quantity("50 mL/h"), "high": quantity("100 mL/h")}}
    ratio = {"rateRatio": {"numerator": quantity("500 mL"), "denominator": quantity("5 h")}}
    sent = ordered(dosage(dose("25 g") | ranged, dose("25 g") | ratio, timing=daily(1)), product="Gammaplex 5%")
    (suggestion,) = intolerant(sent, "privigen")
    first, second = changed(suggestion)["dosageInstruction"][0]["doseAndRate"]
    assert [first["rateRange"][end]["value"] for end in ("low", "high")] == [25, 50]
    assert second["rateRatio"]["numerator"]["value"] == 250
    assert second["rateRatio"]["denominator"] == quantity("5 h")


@pytest.mark.parametrize(
    ("rate", "stocked", "kg"),
    [("100 mL/h", "alyglo", 62), ("100 drops/min", "privigen", 62), ("100 mL/h", "privigen", None)],
)
def test_a_rate_that_cannot_be_told_is_left_out_and_that_is_said(rate: str, stocked: str, kg: float | None) -> None:
    line = dosage(dose("400 mg/kg") | {"rateQuantity": quantity(rate)}, timing=daily(1))
    stocked_for = "excipient.proline" if stocked == "alyglo" else FRUCTOSE
    product, has = ("Privigen", "hyperprolinemia") if stocked == "alyglo" else ("Gammaplex 5%", INTOLERANT)
    advice = signed(ordered(line, product=product), stocked=[stocked], conditions=[has], kg=kg)
    (suggestion,) = offered(advice, stocked_for)
    assert changed(suggestion)["dosageInstruction"][0]["doseAndRate"] == [dose("400 mg/kg")]
    assert "The rate is left out: enter one for this product." in suggestion["actions"][0]["description"]


def test_a_patient_at_risk_gets_no_rate_over_the_cap_of_the_label() -> None:
    line = dosage(dose("25 g") | {"rateQuantity": quantity("1.9 mg/kg/min")}, timing=daily(1))
    (suggestion,) = at_risk(ordered(line), "octagam_10")
    assert changed(suggestion)["dosageInstruction"][0]["doseAndRate"][0]["rateQuantity"]["value"] == 1.9
    fast = dosage(dose("25 g") | {"rateQuantity": quantity("5 mg/kg/min")}, timing=daily(1))
    (suggestion,) = at_risk(ordered(fast), "octagam_10")
    assert changed(suggestion)["dosageInstruction"][0]["doseAndRate"][0]["rateQuantity"]["value"] == 3.3


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("Gammaplex 5% 500 mL at 100 mL/h", "Privigen 10% 250 mL at 50 mL/h"),
        ("GAMMAPLEX (25 g) over 5 h", "Privigen 10% (25 g) over 5 h"),
        ("Slowly", "Slowly"),
        ("Gammaplex diluted to 3%", None),
        ("instead of Octagam", None),
        ("with 100 mL saline", None),
        ("start at 30 mL/h", None),
    ],
)
def test_words_about_the_old_product_are_rewritten_or_nothing_is_offered(text: str, after: str | None) -> None:
    rate = {"rateQuantity": quantity("100 mL/h")}
    sent = ordered(dosage(dose("500 mL") | rate, timing=daily(1), text=text), product="Gammaplex 5%")
    made = [changed(one)["dosageInstruction"][0]["text"] for one in intolerant(sent, "privigen")]
    assert made == ([] if after is None else [after])


@pytest.mark.parametrize("note", ["Carimune as always", "Not Octagam", "24 g"])
def test_a_remark_about_a_product_or_an_amount_leaves_the_order_alone(note: str) -> None:
    assert at_risk(ordered(note=[{"text": note}]), "privigen") == []
    assert labels(at_risk(ordered(note=[{"text": "Her own wish"}]), "privigen")) == ["Privigen 10%"]


@pytest.mark.parametrize(
    ("written", "after"),
    [
        ({"quantity": quantity("500 mL")}, {"quantity": {**quantity("500 mL"), "value": 250}}),
        ({"quantity": quantity("25 g")}, {"quantity": quantity("25 g")}),
        ({"quantity": {"value": 2, "unit": "vial"}}, None),
    ],
)
def test_the_quantity_to_dispense_is_that_of_the_new_product(written: Any, after: Any) -> None:
    (suggestion,) = intolerant(ordered(product="Gammaplex 5%", dispenseRequest=written), "privigen")
    assert changed(suggestion).get("dispenseRequest") == after


def test_an_order_without_a_dose_yet_is_offered_one_too() -> None:
    sent = order(medicationCodeableConcept={"text": "Carimune NF"})
    advice = signed(sent, stocked=["privigen"], conditions=[KIDNEYS], hook="order-select")
    assert labels(offered(advice, SUCROSE)) == ["Privigen 10%"]


def test_an_order_under_the_skin_is_left_alone() -> None:
    under = dosage("10 g", timing=daily(1), route={"text": "subcutaneous"})
    advice = signed(ordered(under, product="Hizentra"), stocked=["gamunex_c"], conditions=["hyperprolinemia"])
    assert offered(advice, "excipient.proline") == []


def test_an_order_that_is_not_selected_is_left_alone() -> None:
    other = ordered(id="o2")
    advice = signed(
        ordered(),
        other,
        stocked=["privigen"],
        conditions=[KIDNEYS],
        hook="order-select",
        selections=["MedicationRequest/o1"],
    )
    (suggestion,) = offered(advice, SUCROSE)
    assert changed(suggestion)["id"] == "o1"
    assert not [card for card in advice.cards if "o2" in str(card.get("suggestions"))]
