"""Watched drugs: which one a resource names, and whether it reaches the circulation as ordered."""

from __future__ import annotations

import pytest

from tests.chart.drug_reading import one, read
from tests.chart.records import IBUPROFEN, PRIVIGEN, Resource, concept, request, statement

GENTAMICIN = concept("100 ML gentamicin 1 MG/ML Injection", rxnorm="242816")
TOBRAMYCIN = concept("tobramycin", rxnorm="10627")


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


@pytest.mark.parametrize("codes", [("855633", "3355"), ("3355", "855633")])
def test_codes_of_one_drug_agree_on_the_form_that_one_of_them_tells(codes: tuple[str, str]) -> None:
    coding = [each for code in codes for each in concept(rxnorm=code)["coding"]]
    assert one(request({"coding": coding})).systemic == "no"


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


@pytest.mark.parametrize(
    ("code", "systemic"),
    [
        ("197806", "yes"),
        ("855633", "no"),
        ("313415", "no"),
        ("348719", "no"),
        ("197735", "no"),
        ("1797855", "yes"),
        ("199549", "yes"),
        ("313570", "no"),
        ("1807511", "yes"),
        ("866042", "no"),
    ],
)
def test_the_form_of_the_product_tells_whether_it_is_systemic(code: str, systemic: str) -> None:
    assert one(request(concept(rxnorm=code))).systemic == systemic


def routed(medication: Resource, *routes: str) -> Resource:
    return request(medication, dosageInstruction=[{"route": {"text": route}} for route in routes])


@pytest.mark.parametrize(
    "route", ["Inhalation", "nebulized", "Ophthalmic", "both eyes", "Topical", "Otic", "oral inhalation"]
)
def test_a_local_route_overrides_a_systemic_form(route: str) -> None:
    drug = one(routed(GENTAMICIN, route))
    assert drug.systemic == "no"
    assert "not counted in this form" in drug.says


@pytest.mark.parametrize("route", ["Intravenous", "IV", "intramuscular"])
def test_a_parenteral_route_overrides_a_local_form(route: str) -> None:
    assert one(routed(concept(rxnorm="348719"), route)).systemic == "yes"


def test_an_ingredient_code_alone_leaves_it_open_and_says_so() -> None:
    drug = one(request(concept("tobramycin", rxnorm="10627")))
    assert drug.systemic == "unknown"
    assert "form not stated" in drug.says


@pytest.mark.parametrize(
    ("route", "systemic"), [("Intravenous", "yes"), ("Oral", "yes"), ("Ophthalmic", "no"), ("Nasal", "unknown")]
)
def test_the_route_decides_where_the_form_is_not_said(route: str, systemic: str) -> None:
    assert one(routed(TOBRAMYCIN, route)).systemic == systemic


@pytest.mark.parametrize(("route", "systemic"), [("Oral", "no"), ("Intravenous", "yes")])
@pytest.mark.parametrize("ingredient", ["11124", "7299"])
def test_vancomycin_and_neomycin_by_mouth_are_not_absorbed(ingredient: str, route: str, systemic: str) -> None:
    assert one(routed(concept(rxnorm=ingredient), route)).systemic == systemic


def test_an_injection_vial_of_vancomycin_given_by_mouth_is_not_absorbed() -> None:
    assert one(routed(concept(rxnorm="1807511"), "by mouth")).systemic == "no"


def test_ketorolac_nasal_spray_stays_systemic_by_its_nasal_route() -> None:
    assert one(routed(concept(rxnorm="1797855"), "Nasal")).systemic == "yes"


def test_a_rectal_suppository_stays_systemic_by_its_rectal_route() -> None:
    assert one(routed(concept(rxnorm="199549"), "Rectal")).systemic == "yes"


def test_of_several_dosages_the_systemic_one_counts() -> None:
    assert one(routed(TOBRAMYCIN, "Ophthalmic", "Intravenous")).systemic == "yes"
    assert one(routed(TOBRAMYCIN, "Ophthalmic", "Otic")).systemic == "no"


def test_the_form_of_a_medication_is_read_where_its_code_tells_none() -> None:
    medication = {
        "resourceType": "Medication",
        "id": "m",
        "code": concept(rxnorm="10627"),
        "form": {"text": "Eye drops"},
    }
    made = request(contained=[medication])
    del made["medicationCodeableConcept"]
    made["medicationReference"] = {"reference": "#m"}
    assert one(made).systemic == "no"


def test_the_text_of_a_dosage_is_read_where_it_has_no_route() -> None:
    made = request(TOBRAMYCIN, dosageInstruction=[{"text": "1 drop in each eye"}])
    assert one(made).systemic == "no"
    made = request(TOBRAMYCIN, dosageInstruction=[{"text": "80 mg IV every 8 h"}])
    assert one(made).systemic == "yes"


@pytest.mark.parametrize(
    ("rxnorm", "text", "systemic"),
    [
        ("3008", "Restasis 0.05 % ophthalmic emulsion", "no"),
        ("3008", "Restasis", "no"),
        ("3008", "Sandimmune 100 mg capsule", "yes"),
        ("3008", "for both eyes", "unknown"),
        ("3008", "ketorolac eye drops", "unknown"),
        ("281", "acyclovir 400 MG Oral Tablet", "no"),
        ("281", "acyclovir 500 mg IV", "yes"),
    ],
)
def test_where_a_code_tells_no_form_the_words_for_the_same_drug_do(rxnorm: str, text: str, systemic: str) -> None:
    assert one(request(concept(text, rxnorm=rxnorm))).systemic == systemic


@pytest.mark.parametrize(("route", "systemic"), [("Oral", "no"), ("Intravenous", "yes")])
def test_acyclovir_counts_by_vein_only(route: str, systemic: str) -> None:
    made = request(concept("acyclovir", rxnorm="281"), dosageInstruction=[{"route": {"text": route}}])
    assert one(made).systemic == systemic


def estrogen(route: str | None, **codes: str) -> str:
    medication = concept(rxnorm=codes["rxnorm"]) if "rxnorm" in codes else concept(codes["text"])
    drug = one(routed(medication, *([route] if route else [])))
    assert drug.estrogen
    assert not drug.nsaid
    assert drug.nephrotoxic == "no"
    return drug.systemic


@pytest.mark.parametrize(
    ("rxnorm", "route", "systemic"),
    [
        ("2619683", None, "yes"),
        ("2619683", "Topical", "yes"),
        ("238003", "Transdermal", "yes"),
        ("1367439", "Vaginal", "yes"),
        ("310169", "Vaginal", "no"),
        ("310169", "Topical", "no"),
        ("884707", None, "no"),
        ("4083", None, "unknown"),
        ("4083", "Oral", "yes"),
        ("4083", "Vaginal", "no"),
        ("4083", "Topical", "unknown"),
        ("4083", "vaginal, topical", "no"),
    ],
)
def test_estrogens_through_the_skin_or_from_a_ring_reach_the_whole_body(
    rxnorm: str, route: str | None, systemic: str
) -> None:
    assert estrogen(route, rxnorm=rxnorm) == systemic


@pytest.mark.parametrize(
    ("text", "systemic"),
    [
        ("estradiol 0.05 mg/24 h patch", "yes"),
        ("estradiol 0.1 % gel", "yes"),
        ("estradiol vaginal gel", "no"),
        ("estradiol 0.01 % vaginal cream", "no"),
        ("estradiol 1 mg tablet", "yes"),
        ("norethindrone-ethinyl estradiol", "unknown"),
    ],
)
def test_the_words_for_an_estrogen_tell_its_form(text: str, systemic: str) -> None:
    assert estrogen(None, text=text) == systemic


def test_an_estrogen_coded_by_its_ingredients_is_one() -> None:
    coded = {"resourceType": "Medication", "id": "m", "code": concept("Cetura")}
    coded["ingredient"] = [{"itemCodeableConcept": concept(rxnorm=code)} for code in ("4124", "310965")]
    made = request(contained=[coded], medicationReference={"reference": "#m"})
    del made["medicationCodeableConcept"]
    drug = one(made)
    assert (drug.estrogen, drug.nsaid) == (True, True)
