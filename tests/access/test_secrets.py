"""Tokens, ids and addresses of a call are told to the FHIR server alone: no log, no error, no counter has them."""

from __future__ import annotations

import json
import logging

import httpx
import pytest

from tests.access.calling import asking, ordered, pointing, record, sent, service_of
from tests.fhir_server import TOKEN, FhirServer, acts

PATIENT_ID = "patient-19610307"


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Everything that any logger says, at DEBUG."""
    for name in ("", "httpx", "httpcore"):
        caplog.set_level(logging.DEBUG, name)
    return caplog


def of_the_patient(fhir: FhirServer) -> dict[str, object]:
    """A call about a patient whose id is to be found in whatever tells too much."""
    text = json.dumps(record()).replace('"p1"', f'"{PATIENT_ID}"').replace("Patient/p1", f"Patient/{PATIENT_ID}")
    fhir.reset(json.loads(text))
    content = json.dumps(asking(fhir, "order-sign", ordered(), pointing(id="o2")))
    return dict(json.loads(content.replace("Patient/p1", f"Patient/{PATIENT_ID}").replace('"p1"', f'"{PATIENT_ID}"')))


ACTS = [
    None,
    *(
        acts.status(401),
        acts.status(500),
        acts.reset,
        acts.cut,
        acts.body(b"{"),
        acts.redirect("https://evil.example/"),
    ),
    *(acts.headers(location=f"/Patient/{PATIENT_ID}", set_cookie=TOKEN, etag=PATIENT_ID), acts.late(30)),
]


@pytest.mark.parametrize("act", ACTS)
def test_s7_nothing_of_a_question_reaches_a_log(
    client: httpx.Client, hasty: httpx.Client, fhir: FhirServer, logged: pytest.LogCaptureFixture, act: object
) -> None:
    content = of_the_patient(fhir)
    if act is not None:
        fhir.acts["*"] = act
    answer = sent(hasty if act is ACTS[-1] else client, content)
    assert any(TOKEN in one.authorization for one in fhir.asked)
    assert any(PATIENT_ID in f"{one.path}{one.params}" for one in fhir.asked)
    said = "\n".join(f"{one.name} {one.getMessage()} {one.args} {one.exc_text}" for one in logged.records)
    metrics = client.get("/metrics").text
    for secret in (TOKEN, PATIENT_ID, fhir.url, "Bearer"):
        assert secret not in said.replace(str(client.base_url), "")
        assert secret not in metrics
    assert TOKEN not in answer.text
    assert fhir.url not in answer.text


def test_what_others_do_in_the_same_process_is_theirs_to_log(
    client: httpx.Client, fhir: FhirServer, logged: pytest.LogCaptureFixture
) -> None:
    sent(client, asking(fhir, "order-sign", ordered()))
    httpx.get(f"{fhir.url}/Patient/p1")
    assert any(one.name == "httpx" and f"{fhir.url}/Patient/p1" in one.getMessage() for one in logged.records)
    assert any(one.name.startswith("httpcore") for one in logged.records)


def test_a_412_tells_no_address_and_no_id(fhir: FhirServer) -> None:
    content = of_the_patient(fhir) | {"hook": "patient-view"}
    fhir.acts["*"] = acts.status(500)
    with service_of(fhir) as client:
        answer = sent(client, content)
    assert answer.status_code == 412
    for secret in (TOKEN, PATIENT_ID, fhir.url, "127.0.0.1"):
        assert secret not in answer.text
