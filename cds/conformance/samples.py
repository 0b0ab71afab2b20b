"""Calls that a CDS Client could make: given by the person, or made up from the hook and its prefetch keys."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

_PATIENT: Json = {
    "resourceType": "Patient",
    "id": "conformance-1",
    "name": [{"family": "Conformance", "given": ["Test"]}],
    "gender": "female",
    "birthDate": "1980-01-01",
}
_ORDER: Json = {
    "resourceType": "MedicationRequest",
    "id": "conformance-order-1",
    "status": "draft",
    "intent": "order",
    "subject": {"reference": "Patient/conformance-1"},
    "medicationCodeableConcept": {
        "coding": [
            {
                "system": "http://www.nlm.nih.gov/research/umls/rxnorm",
                "code": "314076",
                "display": "lisinopril 10 MG Oral Tablet",
            }
        ],
        "text": "lisinopril 10 mg tablet",
    },
    "dosageInstruction": [{"text": "by mouth once daily"}],
}
_REFERENCE = f"MedicationRequest/{_ORDER['id']}"
_VISIT: Json = {"patientId": _PATIENT["id"], "userId": "Practitioner/conformance-2"}


def _orders() -> Json:
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": _ORDER}]}


CONTEXTS: Mapping[str, Callable[[], Json]] = {
    "patient-view": lambda: _VISIT,
    "order-select": lambda: {**_VISIT, "selections": [_REFERENCE], "draftOrders": _orders()},
    "order-sign": lambda: {**_VISIT, "draftOrders": _orders()},
    "order-dispatch": lambda: {
        "patientId": _PATIENT["id"],
        "dispatchedOrders": [_REFERENCE],
        "performer": "Organization/conformance-3",
    },
    "medication-refill": lambda: {**_VISIT, "medications": _orders()},
    "appointment-book": lambda: {
        **_VISIT,
        "appointments": {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": _appointment()}]},
    },
    "encounter-start": lambda: {**_VISIT, "encounterId": "conformance-4"},
    "encounter-discharge": lambda: {**_VISIT, "encounterId": "conformance-4"},
}
"""The context of every published hook."""


def _appointment() -> Json:
    patient = {"actor": {"reference": f"Patient/{_PATIENT['id']}"}, "status": "accepted"}
    return {"resourceType": "Appointment", "id": "conformance-5", "status": "proposed", "participant": [patient]}


@dataclass(frozen=True, slots=True)
class Sample:
    """A hook request, and what it is called."""

    name: str
    content: Mapping[str, Any]


def made_up(hook: str, prefetch: Mapping[str, str]) -> Sample:
    """The least call of a hook that makes sense: the patient, a draft order, and null for every other prefetch key."""
    context = CONTEXTS.get(hook, lambda: {**_VISIT, "encounterId": "conformance-4"})()
    content: Json = {"hook": hook, "hookInstance": str(uuid.uuid4()), "context": context}
    if prefetch:
        content["prefetch"] = {key: _PATIENT if is_read(query, "Patient") else None for key, query in prefetch.items()}
    return Sample("made-up call", content)


def fresh(content: Mapping[str, Any]) -> Json:
    """The call as a new one, which is known by its hookInstance."""
    return {**content, "hookInstance": str(uuid.uuid4())}


def is_read(query: str, type_: str = "") -> bool:
    """Whether a prefetch query reads one resource (of the type) rather than searching."""
    return "?" not in query and query.startswith(f"{type_}/" if type_ else "") and "/" in query


_FAILED: Json = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "timeout"}]}
_EMPTY: Json = {"resourceType": "Bundle", "type": "searchset", "total": 0}
_PAGED: Json = {
    "resourceType": "Bundle",
    "type": "searchset",
    "total": 40,
    "link": [{"relation": "next", "url": "https://ehr.example/fhir?page=2"}],
}
_HALF: Json = {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": _FAILED}]}

STATES: Mapping[str, tuple[Json | None, bool]] = {
    "null": (None, True),
    "an OperationOutcome": (_FAILED, True),
    "an empty Bundle": (_EMPTY, False),
    "a Bundle with an OperationOutcome": (_HALF, False),
    "a Bundle with a next link": (_PAGED, False),
}
"""What a client may send in place of data, and whether that also holds for the read of one resource."""


def states(content: Mapping[str, Any], prefetch: Mapping[str, str]) -> Iterator[tuple[str, Json]]:
    """The call with its prefetch in each state: without it, without any key, and each key in each state.

    All keys at once, and all that search, so that what hangs on the patient is reached too.
    """
    yield "no prefetch", {name: value for name, value in content.items() if name != "prefetch"}
    yield "no prefetch key", {**content, "prefetch": {}}
    held = {key: value for key, value in (content.get("prefetch") or {}).items() if key in prefetch}
    searches = [key for key, query in prefetch.items() if not is_read(query)]
    for state, (value, everywhere) in STATES.items():
        if everywhere:
            yield f"every key {state}", {**content, "prefetch": dict.fromkeys(prefetch, value)}
        if searches:
            yield f"every search {state}", {**content, "prefetch": held | dict.fromkeys(searches, value)}
    if held:
        yield "only reads sent", {**content, "prefetch": {k: v for k, v in held.items() if k not in searches}}
