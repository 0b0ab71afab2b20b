"""The prefetch of a call, key by key: what came, what was looked for in vain, what was not sent, and what failed.

| the request shows                     | the source is                                          |
|---------------------------------------|--------------------------------------------------------|
| no such key                           | missing, "not sent"                                    |
| null, or a Bundle without entries     | known-absent                                           |
| an OperationOutcome and nothing else  | missing, with the issue's code                         |
| resources and an OperationOutcome     | what came, incomplete                                  |
| further pages (link `next`)           | what came, incomplete                                  |
| something that is no resource         | missing; among others, what came, incomplete           |

What may be asked of the client's FHIR server besides is `cds.access`' to fill in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cds.case import SOURCES, Entry, Source
from cds.errors import BadRequest
from cds.fhir.bundles import read
from cds.fhir.read import clean
from cds.fhir.sources import ABSENT, NOT_SENT, source_of


def sources(prefetch: Mapping[str, Any], patient_id: str) -> tuple[dict[str, Source], tuple[Entry, ...]]:
    """Every source of history by its key, and the Medications under any key, which references may point to.

    Raises BadRequest for a Patient who is not the patient of the call, wherever in the advertised keys.
    """
    found: dict[str, Source] = {}
    medications: list[Entry] = []
    for key in SOURCES:
        if key not in prefetch:
            found[key] = NOT_SENT
        elif prefetch[key] is None:
            found[key] = ABSENT
        else:
            content = read(prefetch[key], place_of(key))
            refuse_others(content.entries, patient_id, place_of(key))
            found[key], along = source_of(content, key, place_of(key))
            medications += along
    for key in prefetch.keys() - SOURCES.keys():
        if isinstance(prefetch[key], Mapping):
            medications += [e for e in read(prefetch[key], key).entries if e.resource["resourceType"] == "Medication"]
    return found, tuple(medications)


def place_of(key: str) -> str:
    """The JSON path of a prefetch key."""
    return f"prefetch.{key}"


def refuse_others(entries: Iterable[Entry], patient_id: str, where: str) -> None:
    """Raises BadRequest where a Patient among the entries is another than the patient of the call."""
    for entry in entries:
        if entry.resource["resourceType"] == "Patient":
            id_ = clean(entry.resource.get("id"))
            if id_ and id_ != patient_id:
                raise BadRequest("holds a Patient who is not the patient of context.patientId", where)
