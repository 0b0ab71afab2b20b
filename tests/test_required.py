"""412 where nothing at all can be said, and nowhere else: what each service requires, and what is optional."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from cds.case import SOURCES
from cds.hooks import SERVICES
from cds.situations import Situation, situations
from tests.hooks.calls import PATIENT, bundle, call, order
from tests.hooks.service import SECRET, diagnostics, ten_fold
from tests.support.run import advise_request

IBUPROFEN = {"medicationCodeableConcept": {"text": "ibuprofen 400 MG Oral Tablet"}}
AMOXICILLIN = {"medicationCodeableConcept": {"text": "amoxicillin 500 MG Oral Capsule"}}
CHILD = {**PATIENT, "birthDate": "2020-05-01"}
GIVEN = (
    "medicationAdministrations",
    "medicationDispenses",
    "medicationRequests",
    "medicationStatements",
    "immunizations",
)
FAILED = {
    "resourceType": "OperationOutcome",
    "issue": [{"severity": "error", "code": "timeout", "diagnostics": SECRET}],
}
MMR = {
    "resourceType": "MedicationRequest",
    "id": "v1",
    "status": "active",
    "intent": "order",
    "subject": {"reference": "Patient/p1"},
    "medicationCodeableConcept": {"coding": [{"system": "http://hl7.org/fhir/sid/cvx", "code": "03"}], "text": "MMR"},
}


def send(service: httpx.Client, content: dict[str, Any]) -> httpx.Response:
    return service.post(f"/cds-services/ivig-{content['hook']}", json=content)


def refused(service: httpx.Client, content: dict[str, Any]) -> str:
    """What the refusal says, an OperationOutcome that every reader of FHIR knows."""
    answer = send(service, content)
    said = diagnostics(answer, 412)
    assert answer.json()["issue"][0]["code"] == "incomplete"
    assert said.startswith("nothing can be said, because what is required could not be obtained: ")
    return said


def silent(service: httpx.Client, content: dict[str, Any]) -> bool:
    answer = send(service, content)
    assert answer.status_code == 200, answer.text
    return answer.json()["cards"] == []


@pytest.mark.parametrize("hook", ["order-sign", "order-select"])
@pytest.mark.parametrize("value", [..., FAILED, {"resourceType": "Bundle", "entry": {}}])
def test_an_order_beside_which_nothing_could_be_obtained(service: httpx.Client, hook: str, value: Any) -> None:
    content = call(hook, order(**IBUPROFEN))
    content["prefetch"] = {} if value is ... else dict.fromkeys(SOURCES, value)
    assert "the patient's own data (" in refused(service, content)


@pytest.mark.parametrize("hook", ["order-sign", "order-select"])
@pytest.mark.parametrize("key", SOURCES)
def test_any_one_source_is_enough_for_an_order(service: httpx.Client, hook: str, key: str) -> None:
    content = call(hook, order(**IBUPROFEN))
    content["prefetch"] = {key: PATIENT if key == "patient" else None}
    answer = send(service, content)
    assert answer.status_code == 200
    rules = [card["extension"]["org.ivig-cds.finding"]["rule"] for card in answer.json()["cards"]]
    assert rules == ([] if key == "patient" or hook == "order-select" else ["data.not-checked"])


def test_a_card_is_an_answer_whatever_was_obtained(service: httpx.Client) -> None:
    answer = send(service, call("order-sign", ten_fold(), prefetch={}))
    assert answer.status_code == 200
    assert {card["extension"]["org.ivig-cds.finding"]["rule"] for card in answer.json()["cards"]} >= {
        "data.not-checked"
    }


@pytest.mark.parametrize("hook", ["order-sign", "order-select"])
def test_calls_about_other_drugs_require_nothing(service: httpx.Client, hook: str) -> None:
    assert silent(service, call(hook, order(**AMOXICILLIN), prefetch={}))


def view(patient: Any = PATIENT, **prefetch: Any) -> dict[str, Any]:
    """The chart of a patient is opened; prefetch keys may be changed, or left out with `...`."""
    content = call("patient-view")
    content["prefetch"] |= {"patient": patient, **prefetch}
    content["prefetch"] = {key: value for key, value in content["prefetch"].items() if value is not ...}
    return content


def paged(*resources: dict[str, Any]) -> dict[str, Any]:
    return bundle(*resources, link=[{"relation": "next", "url": "https://ehr.example/next"}])


@pytest.mark.parametrize("patient", [PATIENT, CHILD])
def test_a_chart_of_which_all_was_obtained(service: httpx.Client, patient: dict[str, Any]) -> None:
    assert silent(service, view(patient))


@pytest.mark.parametrize("key", GIVEN)
@pytest.mark.parametrize("value", [..., FAILED, paged(), paged({**MMR, "medicationCodeableConcept": {"text": "x"}})])
def test_a_child_whose_immune_globulin_is_not_known(service: httpx.Client, key: str, value: Any) -> None:
    assert refused(service, view(CHILD, **{key: value}))


@pytest.mark.parametrize("key", GIVEN)
@pytest.mark.parametrize("value", [..., FAILED, paged()])
def test_an_adult_whose_list_has_a_further_page(service: httpx.Client, key: str, value: Any) -> None:
    assert silent(service, view(PATIENT, **{key: value}))


@pytest.mark.parametrize("key", [key for key in GIVEN if key != "medicationRequests"])
def test_an_adult_with_such_a_vaccine_ordered(service: httpx.Client, key: str) -> None:
    assert silent(service, view(PATIENT, medicationRequests=bundle(MMR)))
    assert refused(service, view(PATIENT, medicationRequests=bundle(MMR), **{key: FAILED}))


@pytest.mark.parametrize("key", sorted(set(SOURCES) - set(GIVEN) - {"patient"}))
def test_what_is_optional_for_a_child(service: httpx.Client, key: str) -> None:
    assert silent(service, view(CHILD, **{key: FAILED}))


@pytest.mark.parametrize(
    ("born", "asked"), [("2008-11-21", True), ("2008-11-20", False), ("2009", True), ("2008", False)]
)
def test_who_is_a_child(service: httpx.Client, born: str, asked: bool) -> None:
    """Where the birth year leaves it open, the rule does not speak whatever was given, so nothing is wanting to it."""
    content = view({**PATIENT, "birthDate": born}, immunizations=FAILED)
    assert send(service, content).status_code == (412 if asked else 200)


@pytest.mark.parametrize("patient", [..., FAILED])
def test_a_patient_whose_age_is_not_known(service: httpx.Client, patient: Any) -> None:
    assert silent(service, view(patient)), "without immune globulin the age is of no matter"
    assert refused(service, view(patient, medicationAdministrations=FAILED))


def test_a_child_whose_dose_cannot_be_read(service: httpx.Client) -> None:
    dose = {
        "resourceType": "MedicationAdministration",
        "id": SECRET,
        "status": "completed",
        "subject": {"reference": "Patient/p1"},
        "medicationCodeableConcept": {"text": "Privigen 10 %"},
    }
    said = refused(service, view(CHILD, medicationAdministrations=bundle(dose)))
    assert said.endswith("medication administrations (something in it cannot be read)")


def test_a_dose_that_answers_the_question_is_enough(service: httpx.Client) -> None:
    dose = {
        "resourceType": "MedicationAdministration",
        "id": "a1",
        "status": "completed",
        "subject": {"reference": "Patient/p1"},
        "medicationCodeableConcept": {"text": "Privigen 10 %"},
        "effectiveDateTime": "2026-11-01",
    }
    content = view(CHILD, medicationAdministrations=bundle(dose), immunizations=FAILED)
    (card,) = send(service, content).json()["cards"]
    assert card["extension"]["org.ivig-cds.finding"]["notChecked"]


@pytest.mark.parametrize(
    "case", [pytest.param(one, id=one.sentence) for one in situations() if one.said.get("hook") == "patient-view"]
)
def test_on_what_a_service_does_not_read_no_card_stands(case: Situation) -> None:
    request = case.request()
    whole = advise_request(request, case.as_of).cards
    unread = SERVICES["ivig-patient-view"].unread
    request["prefetch"] = {key: value for key, value in request["prefetch"].items() if key not in unread}
    assert advise_request(request, case.as_of).cards == whole


def test_it_is_counted(service: httpx.Client) -> None:
    line = 'ivig_cds_calls_total{hook="patient-view",outcome="unanswerable"}'
    refused(service, view(CHILD, immunizations=FAILED))
    assert line in service.get("/metrics").text
