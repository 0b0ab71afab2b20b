"""One patient's facts never meet another's; what cannot be read is left out, named, and makes its source partial."""

from __future__ import annotations

from typing import Any

import pytest

from cds.case import SOURCES, Entry
from tests.chart.charting import (
    ICD,
    SUBJECT,
    WOMAN,
    Resource,
    allergy,
    chart,
    coded,
    condition,
    facts,
    iga,
    readings,
    state,
    weight,
)

URN = "urn:uuid:0f6f2d0e-6d2b-4a3f-8d55-8d9a5f2f6a11"
MRN = {"system": "http://hospital.example.org/mrn", "value": "000001"}
AKI = coded(ICD, "N17.9")


@pytest.mark.parametrize(
    "reference",
    [
        "Patient/p1",
        "p1",
        "https://ehr.example.org/fhir/R4/Patient/p1",
        "Patient/p1/_history/3",
        "https://ehr.example.org/fhir/Patient/p1/_history/3",
        " Patient/p1 ",
    ],
)
def test_the_patient_by_relative_and_absolute_references(reference: str) -> None:
    assert facts(chart(conditions=[condition(AKI, subject={"reference": reference})]), "condition")


def test_the_patient_by_the_full_url_of_the_bundle() -> None:
    by_urn = condition(AKI, subject={"reference": URN})
    assert facts(chart(Entry(WOMAN, URN), conditions=[by_urn]), "condition")
    assert not facts(chart(conditions=[by_urn]), "condition")


def test_the_patient_by_identifier_only_where_the_patient_has_it() -> None:
    by_identifier = condition(AKI, subject={"identifier": MRN, "display": "Example"})
    assert facts(chart({**WOMAN, "identifier": [MRN]}, conditions=[by_identifier]), "condition")
    assert not facts(chart(conditions=[by_identifier]), "condition")
    other = condition(AKI, subject={"identifier": {**MRN, "system": "http://elsewhere.example.org"}})
    assert not facts(chart({**WOMAN, "identifier": [MRN]}, conditions=[other]), "condition")


@pytest.mark.parametrize(
    "reference", ["Patient/p2", "https://ehr.example.org/fhir/Patient/p2", "Patient/p11", "Group/p1"]
)
def test_another_patients_resource_is_left_out_and_named(reference: str) -> None:
    found = chart(conditions=[condition(AKI, subject={"reference": reference})])
    assert not facts(found, "condition")
    assert state(found, "conditions") == (
        "partial",
        "Condition/conditions-1 is about another patient and was left out",
    )


@pytest.mark.parametrize("subject", [None, {}, {"display": "Example"}, {"reference": URN}, {"reference": "#p"}])
def test_a_resource_that_does_not_tell_its_patient_is_left_out_and_named(subject: object) -> None:
    resource = condition(AKI)
    resource["subject"] = subject
    found = chart(conditions=[resource])
    assert not facts(found, "condition")
    assert state(found, "conditions") == (
        "partial",
        "Condition/conditions-1 does not tell which patient it is about and was left out",
    )


STRANGERS: dict[str, Resource] = {
    "vitals": weight(62, "kg", subject={"reference": "Patient/p2"}),
    "labs": iga(5, "mg/dL", subject={"reference": "Patient/p2"}),
    "conditions": condition(AKI, subject={"reference": "Patient/p2"}),
    "allergies": allergy({"text": "IVIG"}, patient={"reference": "Patient/p2"}),
    **{
        source: {
            "resourceType": SOURCES[source][0],
            "status": "completed",
            "medicationCodeableConcept": {"text": "Privigen"},
            "vaccineCode": {"text": "MMR"},
            subject: {"reference": "Patient/p2"},
        }
        for source, subject in {
            "medicationRequests": "subject",
            "medicationStatements": "subject",
            "medicationAdministrations": "subject",
            "medicationDispenses": "subject",
            "immunizations": "patient",
        }.items()
    },
}


@pytest.mark.parametrize("source", list(STRANGERS))
def test_in_every_source_another_patients_resource_makes_no_fact(source: str) -> None:
    alone = {(fact.kind, fact.ref) for fact in chart().facts}
    found = chart(**{source: [STRANGERS[source]]})
    assert {(fact.kind, fact.ref) for fact in found.facts} == alone
    assert state(found, source)[0] == "partial"


def test_a_patient_of_another_id_is_not_the_patient() -> None:
    found = chart({**WOMAN, "id": "p2"})
    assert facts(found, "patient")[0].age_min is None
    assert state(found, "patient")[0] == "partial"


@pytest.mark.parametrize("more", [{"modifierExtension": [{"url": "http://example.org/not"}]}, {"implicitRules": "x"}])
@pytest.mark.parametrize("source", list(STRANGERS))
def test_unknown_modifiers_and_rules_are_refused(source: str, more: Resource) -> None:
    subject = {"subject": {"reference": "Patient/p1"}, "patient": {"reference": "Patient/p1"}}
    found = chart(**{source: [{**STRANGERS[source], **subject, **more}]})
    assert state(found, source)[0] == "partial"
    assert next(iter(more)) in state(found, source)[1]


def test_a_modifier_within_a_part_that_is_read_is_refused_too() -> None:
    part = {"modifierExtension": [{"url": "http://example.org/not"}], "manifestation": [{"text": "Hives"}]}
    found = chart(allergies=[allergy({"text": "IVIG"}, reaction=[part])])
    assert not facts(found, "allergy")
    assert "reaction" in state(found, "allergies")[1]


def test_empty_modifiers_and_elements_that_are_not_read_are_no_matter() -> None:
    odd = condition(AKI, modifierExtension=[], implicitRules=None, note="a word", stage={"x": [1]}, evidence=7)
    assert facts(chart(conditions=[odd]), "condition")


@pytest.mark.parametrize(
    "more",
    [
        {"code": "N17.9"},
        {"onsetDateTime": 20261110},
        {"clinicalStatus": [1]},
        {"encounter": "Encounter/e1"},
        {"recordedDate": {"x": 1}},
    ],
)
def test_a_resource_of_a_wrong_shape_is_left_out_and_its_element_named_never_its_value(more: Resource) -> None:
    found = chart(conditions=[condition(AKI), {**condition(AKI), **more}])
    assert len(facts(found, "condition")) == 1
    assert state(found, "conditions") == ("partial", f"Condition/conditions-2 cannot be read ({next(iter(more))})")


@pytest.mark.parametrize("entry", [None, 7, "text", [], {}, {"id": "x"}])
def test_an_entry_that_is_no_resource_is_left_out_and_said(entry: object) -> None:
    found = chart(conditions=[Entry(entry), condition(AKI)])
    assert len(facts(found, "condition")) == 1
    assert state(found, "conditions") == ("partial", "an entry that is no FHIR resource")


def test_what_was_left_out_is_told_alike_in_whatever_order_it_came() -> None:
    others = [condition(AKI, id=one, subject={"reference": "Patient/p2"}) for one in ("b", "a")]
    forward, backward = chart(conditions=others), chart(conditions=others[::-1])
    said = "; ".join(f"Condition/{one} is about another patient and was left out" for one in "ab")
    assert state(forward, "conditions") == state(backward, "conditions") == ("partial", said)


def test_a_resource_of_another_type_is_ignored() -> None:
    found = chart(conditions=[{"resourceType": "Medication", "code": AKI}, iga(5, "mg/dL")])
    assert state(found, "conditions") == ("read", "")
    assert not facts(found, "lab")
    assert len(readings(found, "ignored")) == 2


def test_entered_in_error_is_ignored_even_where_it_cannot_be_read() -> None:
    found = chart(labs=[iga(5, "mg/dL", status="entered-in-error ", implicitRules="x")])
    assert state(found, "labs") == ("read", "")


def test_a_known_absent_source_is_read_a_missing_one_tells_why_and_a_partial_one_too() -> None:
    from dataclasses import replace

    from cds.case import Obtained, Source
    from cds.chart import read
    from tests.chart.charting import NOW, ZONE, case, knowledge, values

    made = case(missing={"labs": "the search failed", "conditions": None})
    sources = {
        **made.sources,
        "allergies": Source(Obtained.ABSENT),
        "immunizations": Source(Obtained.PREFETCH, reason="there are more pages"),
    }
    del sources["medicationDispenses"]
    found = read(replace(made, sources=sources), NOW, knowledge(), values(), ZONE)
    assert state(found, "labs") == ("missing", "laboratory results could not be read (the search failed)")
    assert state(found, "conditions") == ("missing", "conditions could not be read (not sent)")
    assert state(found, "medicationDispenses")[0] == "missing"
    assert state(found, "allergies") == ("read", "")
    assert state(found, "immunizations") == ("partial", "immunizations were read in part (there are more pages)")


def test_every_source_and_the_orders_have_a_state() -> None:
    assert {one.name for one in facts(chart(), "source")} == {"orders", *SOURCES}
    nothing = facts(chart(missing=dict.fromkeys(SOURCES)), "source")
    assert {one.name: one.state for one in nothing} == {"orders": "read", **dict.fromkeys(SOURCES, "missing")}
    assert all(one.says for one in nothing if one.name != "orders")


def test_a_thousand_levels_of_nesting_are_survived() -> None:
    deep: dict[str, Any] = {}
    for _ in range(1000):
        deep = {"extension": [deep]}
    assert facts(chart(conditions=[condition(AKI, note=[deep])]), "condition")


UNNAMED = "a MedicationStatement that does not name its drug in a way that can be read"


@pytest.mark.parametrize(
    ("named", "untold"),
    [
        ({}, True),
        ({"medicationReference": {"reference": "Medication/not-here"}}, True),
        ({"medicationCodeableConcept": {"extension": [{"url": "http://x", "valueCode": "unknown"}]}}, True),
        ({"medicationReference": {"reference": "Medication/not-here", "display": "a drug"}}, False),
        ({"medicationCodeableConcept": {"text": "a drug"}}, False),
        ({"medicationCodeableConcept": {"coding": [{"system": "urn:x", "code": "1"}]}}, False),
        ({"medicationReference": {"reference": "#m"}, "contained": [{"id": "m", "code": {"text": "a drug"}}]}, False),
        ({"status": "not-taken"}, False),
        ({"status": "entered-in-error"}, False),
    ],
)
def test_a_record_of_a_drug_that_nothing_names(named: Resource, untold: bool) -> None:
    statement = {"resourceType": "MedicationStatement", "id": "s", "status": "active", "subject": SUBJECT, **named}
    known, says = state(chart(medicationStatements=[statement]), "medicationStatements")
    assert (known, UNNAMED in says) == (("partial", True) if untold else ("read", False))
