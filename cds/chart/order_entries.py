"""The MedicationRequests of a call and of the record, each once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import orjson

from cds.case import ORDERS, Case, Resource
from cds.fhir import resource_ref
from cds.fhir.read import clean


@dataclass(frozen=True, slots=True)
class OrderEntry:
    """A MedicationRequest, the source it came from, and whether the call asks for advice on it.

    `ref` is "MedicationRequest/id"; of one without an id its address, else its place, so that no two are mixed up.
    """

    resource: Resource
    source: str
    selected: bool
    ref: str


def entries(case: Case) -> tuple[OrderEntry, ...]:
    """The MedicationRequests of a call, each once: one that is drafted and on record counts as drafted.

    Drafts with one id that differ are different orders: all but the first (in the order of what they hold, so that
    the order of the entries is of no matter) get a ref of their own, "MedicationRequest/id (2)".
    """
    listed = list(_listed(case))
    drafted: dict[str, list[OrderEntry]] = {}
    for entry in listed:
        if entry.source == ORDERS:
            alike = drafted.setdefault(entry.ref, [])
            if all(entry.resource != other.resource for other in alike):
                alike.append(entry)
    found: dict[str, OrderEntry] = {}
    for entry in listed:
        if entry.ref in found:
            continue
        found[entry.ref] = entry
        alike = sorted(drafted.get(entry.ref, [entry]), key=_content) if entry.source == ORDERS else [entry]
        for number, one in enumerate(alike, start=1):
            ref = entry.ref if number == 1 else f"{entry.ref} ({number})"
            found[ref] = replace(one, ref=ref)
    return tuple(found.values())


def _content(entry: OrderEntry) -> bytes:
    return orjson.dumps(entry.resource, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS, default=str)


def _listed(case: Case) -> Iterator[OrderEntry]:
    """Drafts before the record."""
    record = case.sources.get("medicationRequests")
    listed = [(ORDERS, entry) for entry in case.orders]
    listed += [("medicationRequests", entry) for entry in (record.entries if record else ())]
    for place, (source, entry) in enumerate(listed, start=1):
        if entry.resource.get("resourceType") != "MedicationRequest":
            continue
        ref = resource_ref(entry.resource)
        if "/" not in ref:
            ref = clean(entry.full_url) or f"{ref} without an id ({place})"
        selected = source == ORDERS and (case.selections is None or ref in case.selections)
        yield OrderEntry(entry.resource, source, selected, ref)
