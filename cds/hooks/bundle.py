"""A patient's Bundle as a case, for replays: the draft orders are the call, everything else is the record."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from cds.case import SOURCES, Case, Entry, Obtained, Source
from cds.errors import BadRequest
from cds.fhir import status
from cds.fhir.bundles import read
from cds.fhir.read import clean
from cds.hooks.body import guard_depth

_CALLS = uuid.uuid5(uuid.NAMESPACE_URL, "https://ivig-cds.org/replay")


def case_of_bundle(bundle: Mapping[str, Any]) -> Case:
    """The case in a Bundle that holds one Patient, orders and history, as a call of order-sign.

    The record is taken as whole: a source without resources is known to be empty. Raises BadRequest where there is
    not exactly one Patient, or where something in the Bundle is no resource.
    """
    guard_depth(bundle)
    content = read(bundle, "Bundle")
    for place, what in content.gaps:
        raise BadRequest(what, place)
    if content.failures:
        raise BadRequest("holds an OperationOutcome: the record is not whole", "Bundle")
    patients = [clean(e.resource.get("id")) for e in content.entries if e.resource["resourceType"] == "Patient"]
    if len(patients) != 1:
        raise BadRequest(f"must hold exactly one Patient, and holds {len(patients)}", "Bundle")
    if not patients[0]:
        raise BadRequest("the Patient must have an id", "Bundle")
    orders = tuple(entry for entry in content.entries if _is_draft(entry))
    record = [entry for entry in content.entries if not _is_draft(entry)]
    return Case(
        hook="order-sign",
        hook_instance=str(uuid.uuid5(_CALLS, patients[0])),
        patient_id=patients[0],
        orders=orders,
        sources={key: _source(record, types) for key, types in SOURCES.items()},
        extras=tuple(entry for entry in record if entry.resource["resourceType"] == "Medication"),
    )


def _is_draft(entry: Entry) -> bool:
    return status(entry.resource) == "draft" and entry.resource["resourceType"].endswith(("Request", "Order"))


def _source(record: list[Entry], types: tuple[str, ...]) -> Source:
    entries = tuple(entry for entry in record if entry.resource["resourceType"] in types)
    return Source(Obtained.RECORD, entries) if entries else Source(Obtained.ABSENT)
