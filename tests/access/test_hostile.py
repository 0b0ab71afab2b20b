"""Any part of any answer replaced by anything: the call is answered, and what could not be read is said."""

from __future__ import annotations

import json
import random
from typing import Any

import httpx
import pytest

from tests.access.calling import SUBJECT, asking, medication, ordered, pointing, record, sent
from tests.fhir_server import FhirServer
from tests.fhir_server.server import Asked, Reply
from tests.hooks.calls import order
from tests.test_hostile import spoiled

ROUNDS = 40


def whole() -> list[dict[str, Any]]:
    """A record with something of most types, its drugs named by Medications."""
    drug = {"medicationReference": {"reference": "Medication/m1"}}
    given = {"resourceType": "MedicationAdministration", "status": "completed", "subject": SUBJECT, **drug}
    return [
        *record(),
        medication(),
        order("r1", status="active", **drug),
        {**given, "id": "a1", "effectiveDateTime": "2026-11-01"},
        {**given, "id": "s1", "resourceType": "MedicationStatement", "effectivePeriod": {"start": "2026-10-01"}},
        {
            "resourceType": "Immunization",
            "id": "i1",
            "status": "completed",
            "patient": SUBJECT,
            "occurrenceString": "x",
        },
        {"resourceType": "AllergyIntolerance", "id": "g1", "patient": SUBJECT, "code": {"text": "corn"}},
    ]


@pytest.mark.parametrize("seed", range(2))
def test_no_answer_of_a_server_breaks_the_service(client: httpx.Client, fhir: FhirServer, seed: int) -> None:
    chance = random.Random(seed)

    def spoil(asked: Asked, reply: Reply) -> Reply:
        if reply.status == 200 and chance.random() < 0.7:
            reply.body = json.dumps(spoiled(json.loads(reply.body), chance)).encode()
        return reply

    for _ in range(ROUNDS):
        fhir.reset(whole(), page=chance.choice([1, 2, 1000]))
        fhir.acts["*"] = spoil
        content = asking(fhir, chance.choice(["order-sign", "order-select"]), ordered(), pointing(id="o2"))
        answer = sent(client, content)
        assert answer.status_code in (200, 412), answer.text
        if content["hook"] == "order-sign":
            assert answer.json()["cards"], "a ten-fold dose, or that it could not be checked"
