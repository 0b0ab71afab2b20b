"""Watched drugs: which one a resource names."""

from __future__ import annotations

import pytest

from tests.chart.drug_reading import one, read
from tests.chart.records import IBUPROFEN, PRIVIGEN, concept, request, statement

GENTAMICIN = concept("100 ML gentamicin 1 MG/ML Injection", rxnorm="242816")


def test_an_nsaid_by_its_product_code() -> None:
    drug = one(request())
    assert (drug.ref, drug.nsaid, drug.aspirin, drug.nephrotoxic) == (
        "MedicationRequest/order-1",
        True,
        False,
        "moderate",
    )
    assert drug.says.startswith("Ibuprofen 600 MG Oral Tablet: in use")


def test_an_nsaid_by_its_ndc_alone() -> None:
    assert one(request(concept(ndc="0904-5854-40"))).nsaid is True


def test_an_nsaid_inside_a_combination_is_found_by_its_ingredient() -> None:
    assert one(request(concept(rxnorm="2387532"))).nsaid is True


@pytest.mark.parametrize("code", ["318272", "1722689"])
def test_aspirin_is_aspirin_in_every_combination_and_no_nsaid(code: str) -> None:
    drug = one(request(concept(rxnorm=code)))
    assert (drug.aspirin, drug.nsaid) == (True, False)


def test_weights_of_nephrotoxic_drugs() -> None:
    assert one(request(GENTAMICIN)).nephrotoxic == "high"
    assert one(request(concept(rxnorm="313988"))).nephrotoxic == "moderate"
    assert one(request(concept(rxnorm="314076"))).nephrotoxic == "low"


@pytest.mark.parametrize("atc", ["M01AX05", "M01AX25"])
def test_glucosamine_and_chondroitin_are_no_nsaids_though_their_atc_group_is(atc: str) -> None:
    assert read(requests=(request(concept(atc=atc)),)) == ((), ())


@pytest.mark.parametrize("atc", ["N02BA11", "N02BA06"])
def test_diflunisal_and_salsalate_are_nsaids_outside_the_atc_group(atc: str) -> None:
    assert one(request(concept(atc=atc))).nsaid is True


def test_other_drugs_are_left_in_peace() -> None:
    assert read(orders=(request(PRIVIGEN), request(concept("Amoxicillin 500 MG", rxnorm="308191")))) == ((), ())


def test_a_drug_only_in_text_is_said_to_be_read_from_text() -> None:
    drug = one(request({"text": "Ibuprofen 400 mg PO"}))
    assert drug.nsaid is True
    assert "read from text" in drug.says


def test_a_drug_by_its_code_is_not_said_to_be_read_from_text() -> None:
    assert "text" not in one(request()).says


def test_a_negated_text_is_no_drug() -> None:
    assert read(statements=(statement({"text": "no ibuprofen"}),)) == ((), ())


def test_a_contained_medication_names_the_drug() -> None:
    made = request(contained=[{"resourceType": "Medication", "id": "m", "code": IBUPROFEN}])
    del made["medicationCodeableConcept"]
    made["medicationReference"] = {"reference": "#m"}
    assert one(made).nsaid is True


def test_an_ingredient_of_a_referenced_medication_names_the_drug() -> None:
    medication = {
        "resourceType": "Medication",
        "id": "m",
        "code": {"text": "Pharmacy mixture"},
        "ingredient": [{"itemCodeableConcept": concept(rxnorm="5640")}],
    }
    made = request()
    del made["medicationCodeableConcept"]
    made["medicationReference"] = {"reference": "Medication/m"}
    assert one(made, others=(medication,)).nsaid is True


def test_each_ingredient_that_is_coded_by_itself_counts() -> None:
    coded = [{"itemCodeableConcept": concept(rxnorm=code)} for code in ("161", "5640", "1596450")]
    medication = {"resourceType": "Medication", "id": "m", "code": {"text": "Mixture"}, "ingredient": coded}
    made = request()
    del made["medicationCodeableConcept"]
    made["medicationReference"] = {"reference": "Medication/m"}
    drug = one(made, others=(medication,))
    assert (drug.nsaid, drug.nephrotoxic) == (True, "high")
    assert drug.name == "acetaminophen / ibuprofen / gentamicin"


def test_an_inactive_ingredient_names_no_drug() -> None:
    medication = {
        "resourceType": "Medication",
        "id": "m",
        "code": {"text": "Pharmacy mixture"},
        "ingredient": [{"itemCodeableConcept": concept(rxnorm="5640"), "isActive": False}],
    }
    made = request()
    del made["medicationCodeableConcept"]
    made["medicationReference"] = {"reference": "Medication/m"}
    assert read(requests=(made,), others=(medication,)) == ((), ())


def test_the_display_of_a_reference_that_leads_somewhere_is_not_read() -> None:
    made = request(contained=[{"resourceType": "Medication", "id": "m", "code": PRIVIGEN}])
    del made["medicationCodeableConcept"]
    made["medicationReference"] = {"reference": "#m", "display": "Ibuprofen 600 mg tablet"}
    assert read(requests=(made,)) == ((), ())


def test_the_display_of_a_reference_that_leads_nowhere_is_all_there_is() -> None:
    made = request()
    del made["medicationCodeableConcept"]
    made["medicationReference"] = {"reference": "Medication/lost", "display": "Ibuprofen 600 mg oral tablet"}
    assert "read from text" in one(made).says


def test_an_estrogen_coded_by_its_ingredients_is_one() -> None:
    coded = {"resourceType": "Medication", "id": "m", "code": concept("Cetura")}
    coded["ingredient"] = [{"itemCodeableConcept": concept(rxnorm=code)} for code in ("4124", "310965")]
    made = request(contained=[coded], medicationReference={"reference": "#m"})
    del made["medicationCodeableConcept"]
    drug = one(made)
    assert (drug.estrogen, drug.nsaid) == (True, True)
