"""Medications that orders and records point to: fetched, and where they do not come, never taken for another drug."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.access.calling import (
    SUBJECT,
    asking,
    cards,
    condition,
    medication,
    not_checked,
    ordered,
    pointing,
    record,
    rules,
    sent,
)
from tests.fhir_server import FhirServer, acts
from tests.hooks.calls import call

UNNAMED = "does not name its drug in a way that can be read"


def given(to: str = "Medication/m1", id_: str = "a1", display: str = "", **changes: Any) -> dict[str, Any]:
    """An administration ten days ago, of a drug that a Medication names."""
    reference = {"reference": to, "display": display} if display else {"reference": to}
    made = {"resourceType": "MedicationAdministration", "id": id_, "status": "completed", "subject": SUBJECT}
    return {**made, "medicationReference": reference, "effectiveDateTime": "2026-11-10", **changes}


def test_the_medication_of_an_order_is_fetched(client: httpx.Client, fhir: FhirServer) -> None:
    fhir.reset([*record(), medication()])
    named, found = (cards(client, asking(fhir, "order-sign", order)) for order in (ordered(), pointing()))
    assert rules(named) == rules(found) == {"dose.implausible", "renal.sucrose-at-risk", "infusion.reaction-risk"}
    assert fhir.kinds.count("Medication") == 1


@pytest.mark.parametrize("display", ["", "Carimune NF", "amoxicillin 500 mg"])
def test_it_tells_the_drug_whatever_the_display_says(client: httpx.Client, fhir: FhirServer, display: str) -> None:
    fhir.reset([*record(), medication()])
    assert "dose.implausible" in rules(cards(client, asking(fhir, "order-sign", pointing(display=display))))
    fhir.reset([*record(), medication(text="amoxicillin 500 MG Oral Capsule")])
    found = cards(client, asking(fhir, "order-sign", pointing(display=display)))
    assert found == []
    assert set(fhir.kinds) == {"Medication"} or display == "Carimune NF", "nothing else is asked for another drug"


@pytest.mark.parametrize("display", ["", "amoxicillin 500 mg"])
@pytest.mark.parametrize(
    ("act", "why"),
    [
        (acts.status(403), "its Medication was asked for, and the FHIR server did not allow it (403)"),
        (acts.status(404), "its Medication was asked for, and the FHIR server did not find it (404)"),
        (acts.reset, "its Medication was asked for, and the FHIR server broke off its answer"),
        (acts.body(b'{"resourceType":"Medication","id":"m2"}'), "the FHIR server did not send it"),
        (acts.body(b'{"resourceType":"Patient","id":"m1"}'), "the FHIR server did not send it"),
    ],
)
def test_an_order_whose_medication_did_not_come_is_said(
    client: httpx.Client, fhir: FhirServer, act: Any, why: str, display: str
) -> None:
    fhir.reset([*record(), medication()])
    fhir.acts["Medication"] = act
    said = not_checked(cards(client, asking(fhir, "order-sign", pointing(display=display))))
    assert UNNAMED in said
    assert why in said


def test_a_medication_that_was_not_asked_for_names_no_other_order(client: httpx.Client, fhir: FhirServer) -> None:
    stray = acts.body(b'{"resourceType":"Medication","id":"m2","code":{"text":"amoxicillin"}}')
    fhir.acts["Medication"] = lambda asked, reply: (stray if "m1" in asked.path else acts.reset)(asked, reply)
    found = cards(client, asking(fhir, "order-sign", pointing(), pointing("Medication/m2", id="o2")))
    assert "MedicationRequest/o1 does not name" in not_checked(found)
    assert "MedicationRequest/o2 does not name" in not_checked(found)


def test_an_order_whose_medication_is_late_is_said(hasty: httpx.Client, fhir: FhirServer) -> None:
    fhir.reset([*record(), medication()])
    fhir.acts["Medication"] = acts.late(30)
    answer = sent(hasty, asking(fhir, "order-sign", pointing(display="amoxicillin")))
    assert answer.status_code == 200
    assert "did not answer in time" in not_checked(answer.json()["cards"])


def test_a_display_that_names_a_drug_of_ours_counts_where_the_medication_does_not_come(
    client: httpx.Client, fhir: FhirServer
) -> None:
    fhir.acts["Medication"] = acts.status(500)
    found = cards(client, asking(fhir, "order-sign", pointing(display="Carimune NF 12 g")))
    assert "dose.implausible" in rules(found)
    ibuprofen = cards(client, asking(fhir, "order-sign", pointing(display="ibuprofen 400 MG Oral Tablet")))
    assert UNNAMED in not_checked(ibuprofen), "a display may name another drug"


def test_without_access_the_display_names_the_drug(client: httpx.Client, fhir: FhirServer) -> None:
    assert cards(client, call("order-sign", pointing(display="amoxicillin 500 mg"))) == []
    assert UNNAMED in not_checked(cards(client, call("order-sign", pointing())))
    assert not fhir.asked


@pytest.mark.parametrize(
    "to",
    [
        "https://other.example/fhir/Medication/m1",
        "urn:uuid:3f2504e0-4f89-41d3-9a0c-0305e82c3301",
        "#m1",
        "Medication/..",
    ],
)
def test_a_reference_to_another_place_is_not_looked_up_here(client: httpx.Client, fhir: FhirServer, to: str) -> None:
    fhir.reset([*record(), medication()])
    found = cards(client, asking(fhir, "order-sign", pointing(to)))
    assert UNNAMED in not_checked(found)
    assert "Medication" not in fhir.kinds


def test_an_absolute_reference_to_this_server_is(client: httpx.Client, fhir: FhirServer) -> None:
    fhir.reset([*record(), medication()])
    order = pointing(f"{fhir.url}/Medication/m1/_history/2")
    assert "dose.implausible" in rules(cards(client, asking(fhir, "order-sign", order)))


def test_a_medication_in_the_call_is_not_asked_for(client: httpx.Client, fhir: FhirServer) -> None:
    contained = pointing("#m", contained=[medication("m")])
    assert "dose.implausible" in rules(cards(client, asking(fhir, "order-sign", contained)))
    content = asking(fhir, "order-sign", pointing(), prefetch={"drugs": medication()})
    assert "dose.implausible" in rules(cards(client, content))
    assert "Medication" not in fhir.kinds


@pytest.mark.parametrize("count", [1, 8, 9, 60])
def test_medications_of_the_record_are_fetched_last(client: httpx.Client, fhir: FhirServer, count: int) -> None:
    others = [medication(f"x{number}", "amoxicillin") for number in range(count - 1)]
    doses = [given(f"Medication/{one['id']}", f"a-{one['id']}") for one in (*others, medication())]
    fhir.reset([*record(), *doses, *others, medication(text="Privigen 10 %")])
    found = cards(client, asking(fhir, "order-sign", ordered()))
    assert not not_checked(found)
    assert "Privigen 10% given 2026-11-10" in str(found)
    assert fhir.kinds.count("Medication") == (count if count <= 8 else -(-count // 50))


def test_records_of_a_drug_that_nothing_names_are_said(client: httpx.Client, fhir: FhirServer) -> None:
    fhir.reset([*record(), given()])
    said = not_checked(cards(client, asking(fhir, "order-sign", ordered())))
    assert f"A MedicationAdministration that {UNNAMED}" in said
    fhir.reset([*record(), given(display="amoxicillin"), given("Medication/m2", "a2", status="not-done")])
    assert not not_checked(cards(client, asking(fhir, "order-sign", ordered())))


def test_more_medications_than_are_asked_for(client: httpx.Client, fhir: FhirServer) -> None:
    drugs = [medication(f"x{number:03}", "amoxicillin") for number in range(201)]
    named = [given(f"Medication/{one['id']}", f"a-{one['id']}", "amoxicillin") for one in drugs]
    fhir.reset([*record(), *drugs, *named])
    assert not not_checked(cards(client, asking(fhir, "order-sign", ordered()))), "those with a name are left out first"
    for one in named:
        del one["medicationReference"]["display"]
    fhir.reset([*record(), *drugs, *named])
    assert UNNAMED in not_checked(cards(client, asking(fhir, "order-sign", ordered())))


def test_medications_of_a_record_that_was_sent_are_fetched_too(client: httpx.Client, fhir: FhirServer) -> None:
    fhir.reset([*record(), condition("c2"), medication(text="Privigen 10 %")])
    content = asking(fhir, "order-sign", ordered())
    content["prefetch"] = {**dict.fromkeys(call()["prefetch"]), "patient": record()[0]}
    content["prefetch"]["medicationAdministrations"] = given()
    assert not not_checked(cards(client, content))
    assert fhir.kinds == ["Medication"]
