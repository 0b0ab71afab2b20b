"""The prefetch of a call, key by key: what came, what was looked for in vain, what was not sent, and what failed.

| the request shows                     | the source is                                          |
|---------------------------------------|--------------------------------------------------------|
| no such key                           | missing, "not sent"                                    |
| null, or a Bundle without entries     | known-absent                                           |
| an OperationOutcome and nothing else  | missing, with the issue's code                         |
| resources and an OperationOutcome     | what came, incomplete                                  |
| further pages (link `next`)           | what came, incomplete                                  |
| something that is no resource         | missing; among others, what came, incomplete           |
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cds.case import SOURCES, Entry, Obtained, Source
from cds.errors import BadRequest
from cds.fhir.read import clean
from cds.hooks.entries import read

_NOT_SENT = Source(Obtained.MISSING, reason="not sent")
_ABSENT = Source(Obtained.ABSENT)


def sources(prefetch: Mapping[str, Any], patient_id: str) -> tuple[dict[str, Source], tuple[Entry, ...]]:
    """Every source of history by its key, and the Medications under any key, which references may point to.

    Raises BadRequest for a Patient who is not the patient of the call, wherever in the advertised keys.
    """
    found: dict[str, Source] = {}
    medications: list[Entry] = []
    for key, types in SOURCES.items():
        found[key] = _source(prefetch, key, types, patient_id, medications)
    for key in prefetch.keys() - SOURCES.keys():
        if isinstance(prefetch[key], Mapping):
            medications += [e for e in read(prefetch[key], key).entries if e.resource["resourceType"] == "Medication"]
    return found, tuple(medications)


def refuse_others(entries: Iterable[Entry], patient_id: str, where: str) -> None:
    """Raises BadRequest where a Patient among the entries is another than the patient of the call."""
    for entry in entries:
        if entry.resource["resourceType"] == "Patient":
            id_ = clean(entry.resource.get("id"))
            if id_ and id_ != patient_id:
                raise BadRequest("holds a Patient who is not the patient of context.patientId", where)


def _source(
    prefetch: Mapping[str, Any], key: str, types: tuple[str, ...], patient_id: str, medications: list[Entry]
) -> Source:
    if key not in prefetch:
        return _NOT_SENT
    value, where = prefetch[key], f"prefetch.{key}"
    if value is None:
        return _ABSENT
    content = read(value, where)
    refuse_others(content.entries, patient_id, where)
    kinds = {entry.resource["resourceType"] for entry in content.entries}
    entries = tuple(content.entries)
    if "Medication" in kinds:
        medications.extend(entry for entry in entries if entry.resource["resourceType"] == "Medication")
        entries = tuple(entry for entry in entries if entry.resource["resourceType"] != "Medication")
    wanted = not kinds.isdisjoint(types)
    if key == "patient" and any(not clean(entry.resource.get("id")) for entry in entries):
        return Source(Obtained.MISSING, reason="the Patient has no id")
    trouble = [f"the search failed ({', '.join(dict.fromkeys(content.failures))})"] if content.failures else []
    trouble += [f"{place} {what}" for place, what in content.gaps]
    if entries and not wanted:
        trouble.append(f"{where} holds no {types[0]}")
    if not trouble:
        return Source(Obtained.PREFETCH, entries) if wanted else _ABSENT
    reason = "; ".join(trouble[:3])
    if not wanted:
        return Source(Obtained.MISSING, reason=reason)
    return Source(Obtained.PREFETCH, entries, reason=reason)
