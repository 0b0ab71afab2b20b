"""What is counted of the questions: by source and outcome, in words of our own."""

from __future__ import annotations

import re

import httpx

from tests.access.calling import asking, cards, ordered, pointing, service_of
from tests.fhir_server import FhirServer, acts


def counted(client: httpx.Client) -> dict[tuple[str, str], float]:
    found = re.findall(
        r'^ivig_cds_fetches_total\{outcome="([^"]+)",source="([^"]+)"\} (\S+)$',
        client.get("/metrics").text,
        re.MULTILINE,
    )
    return {(source, outcome): float(count) for outcome, source, count in found}


def test_questions_are_counted_by_source_and_outcome(fhir: FhirServer) -> None:
    strange = b'{"resourceType":"Bundle","total":2,"entry":[{"resource":{"resourceType":"X"}}]}'
    fhir.acts |= {
        "Immunization": acts.status(403),
        "MedicationStatement": acts.status(404),
        "MedicationRequest": acts.reset,
        "AllergyIntolerance": acts.body(b'{"resourceType":"Bundle","total":1}'),
        "MedicationDispense": acts.body(strange),
    }
    with service_of(fhir) as client:
        assert counted(client) == {}
        cards(client, asking(fhir, "order-sign", ordered(), pointing(id="o2")))
        assert counted(client) == {
            ("patient", "read"): 1,
            ("vitals", "read"): 1,
            ("labs", "absent"): 1,
            ("glucoseMeter", "absent"): 1,
            ("conditions", "read"): 1,
            ("allergies", "broken"): 1,
            ("medicationRequests", "broken"): 1,
            ("medicationStatements", "not found"): 1,
            ("medicationAdministrations", "absent"): 1,
            ("medicationDispenses", "broken"): 1,
            ("immunizations", "refused"): 1,
            ("medications", "not found"): 1,
        }
        assert 'ivig_cds_fetch_seconds_count{source="conditions"} 1.0' in client.get("/metrics").text
