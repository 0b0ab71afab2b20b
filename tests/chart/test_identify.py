"""Which orders are for immune globulin, wherever the medication is written, and what is known of the product."""

from typing import Any

import pytest

from cds.case import Entry
from cds.chart.identify import Drug, drug
from cds.chart.references import References
from tests.chart.ordering import IV, SC, dosage, facts, knowledge, one, order, run

RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
PRIVIGEN_SBD = {"coding": [{"system": RXNORM, "code": "1809517"}]}
IM = {"text": "Intramuscular"}


def seen(made: dict[str, Any], *others: Entry) -> Drug:
    return drug(made, References([Entry(made), *others]), knowledge())


def medication(**more: Any) -> dict[str, Any]:
    return {"resourceType": "Medication", "id": "m1", "code": {"text": "Privigen"}} | more


def test_a_code_alone() -> None:
    found = seen(order(dosage(), medicationCodeableConcept=PRIVIGEN_SBD))
    assert (found.is_ivig, found.identified.product, found.name) == (True, "privigen", "Privigen 10%")
    assert found.strength == 100


def test_the_brand_only_in_the_text_of_a_contained_medication() -> None:
    """As in the only public order: a procedure's code as the drug's, another drug's name as display."""
    contained = medication(
        code={"coding": [{"system": "http://snomed.info/sct", "code": "76102007"}], "text": "Privigen"}
    )
    made = order(
        dosage("60 g"),
        contained=[contained],
        medicationReference={"reference": "#m1", "display": "Vancomycin 1 g"},
    )
    assert seen(made).identified.product == "privigen"
    assert one(run(made), "ig_order").product == "privigen"


@pytest.mark.parametrize(
    ("reference", "entry"),
    [
        ("urn:uuid:4b1a", Entry(medication(), "urn:uuid:4b1a")),
        ("Medication/m1", Entry(medication())),
        ("https://ehr.example/fhir/Medication/m1", Entry(medication())),
        (
            "https://ehr.example/fhir/Medication/m1",
            Entry(medication(id="other"), "https://ehr.example/fhir/Medication/m1"),
        ),
        ("Medication/m1/_history/2", Entry(medication())),
    ],
)
def test_a_reference_to_an_entry(reference: str, entry: Entry) -> None:
    made = order(dosage("60 g"), medicationReference={"reference": reference, "display": "Vancomycin 1 g"})
    assert seen(made, entry).identified.product == "privigen"
    assert one(run(made, others=[entry]), "ig_order").dose_state == "known"


def test_a_reference_that_leads_nowhere_is_known_by_its_display() -> None:
    made = order(dosage(), medicationReference={"reference": "Medication/gone", "display": "Privigen"})
    assert seen(made).identified.product == "privigen"
    assert not seen(order(dosage(), medicationReference={"identifier": {"value": "4711"}})).is_ivig


@pytest.mark.parametrize(
    "ingredient",
    [
        {"itemCodeableConcept": {"text": "Sucrose"}},
        {"itemCodeableConcept": {"coding": [{"code": "x", "display": "sucrose 1.67 g"}]}},
        {"itemReference": {"reference": "#s1"}},
    ],
)
def test_a_sugar_named_only_as_an_ingredient(ingredient: dict[str, Any]) -> None:
    product = medication(code={"text": "Immune globulin intravenous"}, ingredient=[ingredient])
    substance = {"resourceType": "Substance", "id": "s1", "code": {"text": "Sucrose"}}
    contained = [product, substance] if "itemReference" in ingredient else [product]
    made = order(dosage("60 g"), contained=contained, medicationReference={"reference": "#m1"})
    assert one(run(made), "ig_order").sugar == "sucrose"


@pytest.mark.parametrize("words", ["sucrose-free", "no sucrose", "proline"])
def test_a_sugar_that_is_denied_is_none(words: str) -> None:
    product = medication(
        code={"text": "Immune globulin intravenous"}, ingredient=[{"itemCodeableConcept": {"text": words}}]
    )
    made = order(dosage("60 g"), contained=[product], medicationReference={"reference": "#m1"})
    assert one(run(made), "ig_order").sugar == "unknown"


def test_an_ingredient_may_state_the_strength() -> None:
    strength = {"numerator": {"value": 5, "unit": "g"}, "denominator": {"value": 100, "unit": "mL"}}
    item = {"itemCodeableConcept": {"text": "immunoglobulin G"}, "strength": strength}
    product = medication(code={"text": "Immune globulin intravenous"}, ingredient=[item])
    made = order(dosage("300 mL"), contained=[product], medicationReference={"reference": "#m1"})
    assert one(run(made, kg="60"), "stated_amount").high == 250


@pytest.mark.parametrize(
    "text",
    [
        "Hepatitis B immune globulin",
        "Rho(D) immune globulin IV",
        "CytoGam",
        "Antithymocyte globulin (rabbit)",
    ],
)
def test_a_look_alike_is_left_in_peace(text: str) -> None:
    result = run(order(dosage("60 g"), medicationCodeableConcept={"text": text}))
    assert result.facts == ()
    assert [reading.verdict for reading in result.readings] == ["ignored"]


@pytest.mark.parametrize("text", ["Hizentra 20%", "HyQvia infusion solution", "SCIG 20%", "GamaSTAN"])
def test_what_is_not_for_veins_is_only_a_product(text: str) -> None:
    result = run(order(dosage("60 g"), medicationCodeableConcept={"text": text}))
    assert [fact.kind for fact in result.facts] == ["ig_product"]
    assert [reading.verdict for reading in result.readings] == ["read"]
    on_record = run(record=[order(dosage("60 g"), medicationCodeableConcept={"text": text})])
    assert on_record.facts == ()
    assert [reading.verdict for reading in on_record.readings] == ["ignored"]


def test_other_drugs_are_not_even_validated() -> None:
    made = {"resourceType": "MedicationRequest", "medicationCodeableConcept": {"text": "Amoxicillin"}, "status": 7}
    assert run(made) == type(run())()


def test_immune_globulin_without_a_product_is_not_assumed() -> None:
    result = run(order(dosage("60 g", route=None), medicationCodeableConcept={"text": "Immune globulin"}))
    assert not facts(result, "ig_order")
    assert result.unread == ("MedicationRequest/o1",)
    assert one(result, "unchecked").order == "MedicationRequest/o1"


@pytest.mark.parametrize(
    "concept",
    [
        {"text": "immune globulin 10 %"},
        {"text": "Immune globulin 10 % IV"},
        {"coding": [{"system": RXNORM, "code": "5666", "display": "immunoglobulin G"}], "text": "immune globulin 10 %"},
        {"coding": [{"system": RXNORM, "code": "1809421", "display": "100 ML immunoglobulin G, human 100 MG/ML"}]},
    ],
)
def test_a_generic_order_for_a_vein_is_ivig_of_no_brand(concept: dict[str, Any]) -> None:
    found = one(run(order(dosage("300 mL", route=IV), medicationCodeableConcept=concept), kg="60"), "ig_order")
    assert (found.product, found.brand, found.route, found.dose_state) == ("unknown", "generic", "intravenous", "known")


@pytest.mark.parametrize("text", ["immune globulin 10 %", "immune globulin 20 g"])
def test_generic_immune_globulin_without_a_route_is_not_assumed(text: str) -> None:
    result = run(order(dosage("60 g", route=None), medicationCodeableConcept={"text": text}))
    assert not facts(result, "ig_order")
    assert one(result, "unchecked").order == "MedicationRequest/o1"


@pytest.mark.parametrize("route", [SC, {"text": "subcutaneous"}, IM])
def test_a_product_for_both_ordered_under_the_skin_is_no_ivig_order(route: dict[str, Any]) -> None:
    made = order(dosage("10 g", route=route), medicationCodeableConcept={"text": "Gamunex-C"})
    result = run(made)
    if route is IM:
        assert one(result, "ig_order").route == "intramuscular"
    else:
        assert [fact.kind for fact in result.facts] == ["ig_product"]
        assert result.readings[0].what == "Gamunex-C 10%: immune globulin that is not intravenous: no dose checks"


def test_a_generic_order_under_the_skin_is_no_ivig_order() -> None:
    made = order(dosage("10 g", route=SC), medicationCodeableConcept={"text": "IVIG"})
    assert [fact.kind for fact in run(made).facts] == ["ig_product"]


def test_an_intravenous_product_under_the_skin_keeps_the_wrong_route() -> None:
    result = run(order(dosage("10 g", route=SC)))
    assert one(result, "ig_order").route == "subcutaneous"
    assert not facts(result, "dose_range") + facts(result, "course_total")


@pytest.mark.parametrize(
    ("route", "medicine", "expected"),
    [
        (IV, "Gamunex-C", "intravenous"),
        ({"text": "IVPB"}, "Gamunex-C", "intravenous"),
        ({"coding": [{"code": "IV"}]}, "Gamunex-C", "intravenous"),
        ({"text": "by mouth"}, "Privigen", "oral"),
        ({"text": "intrathecal"}, "Privigen", "other"),
        ({"text": "per protocol"}, "Privigen", "unknown"),
        ({"coding": [SC["coding"][0] | {"display": "IV"}]}, "Privigen", "unknown"),
        (None, "Privigen", "intravenous"),
        (None, "Gamunex-C", "unknown"),
    ],
)
def test_routes(route: dict[str, Any] | None, medicine: str, expected: str) -> None:
    made = order(dosage("30 g", route=route), medicationCodeableConcept={"text": medicine})
    assert one(run(made), "ig_order").route == expected


def test_the_route_may_stand_in_the_text() -> None:
    made = order(dosage(route=None, text="10 g subcutaneously weekly"), medicationCodeableConcept={"text": "Gamunex-C"})
    assert [fact.kind for fact in run(made).facts] == ["ig_product"]


@pytest.mark.parametrize(
    "words", [{"text": "30 g, acetaminophen by mouth before"}, {"patientInstruction": "cetirizine 10 mg PO before"}]
)
def test_what_is_taken_by_mouth_before_is_no_route(words: dict[str, Any]) -> None:
    found = one(run(order(dosage("30 g", route=None, **words))), "ig_order")
    assert found.route == "intravenous"


def test_what_the_fact_says_of_the_product() -> None:
    found = one(run(order(dosage("60 g"))), "ig_order")
    assert (found.product, found.product_name, found.brand) == ("privigen", "Privigen 10%", "known")
    assert (found.sugar, found.iga, found.iga_basis) == ("none", 25, "max")
    generic = one(run(order(dosage("60 g"), medicationCodeableConcept={"text": "IVIG"})), "ig_order")
    assert (generic.product, generic.brand, generic.sugar, generic.iga) == ("unknown", "generic", "unknown", None)


def test_one_code_for_two_products_says_only_what_both_share() -> None:
    """Gammagard Liquid and its low-IgA version share their codes: only the NDC tells them apart."""
    shared = {"coding": [{"system": RXNORM, "code": "1809670"}]}
    found = one(run(order(dosage("30 g"), medicationCodeableConcept=shared)), "ig_order")
    assert (found.product, found.brand, found.iga) == ("unknown", "known", 37)


def test_a_name_fits_a_summary() -> None:
    long = {"text": "IVIG " + "of a very long name " * 20}
    assert len(one(run(order(dosage("30 g"), medicationCodeableConcept=long)), "ig_order").product_name) <= 32
