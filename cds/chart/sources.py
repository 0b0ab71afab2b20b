"""Which resources of the record may be used: this patient's, readable, and not entered in error.

Another patient's resource is left out and named, and so is one whose subject cannot be told or that cannot be read;
its source then counts as known only in part. Nothing here fails the call.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cds.case import ORDERS, SOURCES, Case, Entry, Obtained, Resource
from cds.chart.narrow import check
from cds.chart.parts import Reading
from cds.chart.references import References
from cds.errors import Unreadable
from cds.facts import SourceState
from cds.fhir import is_about, resource_ref, status
from cds.fhir.read import clean, items

_NOBODYS = frozenset({"Medication"})
_ERROR = "entered-in-error"


@dataclass(frozen=True, slots=True)
class History:
    """The usable resources of every source, the resolver over everything of this patient, and how each was judged."""

    usable: Mapping[str, tuple[Resource, ...]]
    resolve: References
    readings: tuple[Reading, ...]

    def __getitem__(self, source: str) -> tuple[Resource, ...]:
        return self.usable[source]


class _Subject:
    """Tells whether a resource is about the patient of the case, by reference, `fullUrl` or identifier."""

    def __init__(self, case: Case) -> None:
        self._id = clean(case.patient_id).removeprefix("Patient/")
        own = [entry for entry in _entries(case, "patient") if self.is_patient(entry)]
        self._urls = frozenset(clean(entry.full_url) for entry in own if entry.full_url)
        self._identifiers = {pair for entry in own for pair in _identifiers(entry.resource.get("identifier"))}

    def is_patient(self, entry: Entry) -> bool:
        """Whether this is the Patient resource of the case."""
        if not isinstance(entry.resource, Mapping) or entry.resource.get("resourceType") != "Patient":
            return False
        return self._id in (clean(entry.resource.get("id")), clean(entry.full_url) or None)

    def about(self, resource: Resource) -> bool | None:
        """Whether the patient is its subject; None where that cannot be told."""
        if resource.get("resourceType") == "Patient":
            return clean(resource.get("id")) == self._id
        subject = resource.get("subject") or resource.get("patient")
        told = is_about(subject, self._id, self._urls)
        if told is None and isinstance(subject, Mapping):
            told = True if self._identifiers.intersection(_identifiers(subject.get("identifier"))) else None
        return told


def read_sources(case: Case) -> History:
    """Judge every resource of the record once in each source it came in."""
    subject = _Subject(case)
    usable: dict[str, tuple[Resource, ...]] = {}
    readings: list[Reading] = []
    for source, types in SOURCES.items():
        kept: dict[int, Resource] = {}
        for entry in _entries(case, source):
            reading = _judged(entry, source, types, subject)
            if reading is None:
                kept[len(kept)] = entry.resource
            else:
                readings.append(reading)
        usable[source] = tuple(kept.values())
    return History(usable, References(_referable(case, subject)), tuple(readings))


def patients(case: Case) -> tuple[Resource, ...]:
    """The Patient resources that are the patient of the case."""
    subject = _Subject(case)
    return tuple(entry.resource for entry in _entries(case, "patient") if subject.is_patient(entry))


def source_states(case: Case, readings: Iterable[Reading]) -> tuple[SourceState, ...]:
    """How well each source and the orders themselves are known; whatever was left out makes its source partial."""
    left: dict[str, list[str]] = {}
    for reading in readings:
        if reading.verdict == "left out":
            left.setdefault(reading.source, []).append(reading.what)
    states = []
    for name in (ORDERS, *SOURCES):
        source = case.sources.get(name)
        reasons = list(dict.fromkeys(left.get(name, ())))
        state = "partial" if reasons else "read"
        if name != ORDERS and (source is None or source.obtained is Obtained.MISSING):
            state, reasons = "missing", [(source and source.reason) or "not sent", *reasons]
        elif source is not None and source.reason:
            state, reasons = "partial", [source.reason, *reasons]
        states.append(SourceState(name=name, state=state, says="; ".join(reasons)))
    return tuple(states)


def _entries(case: Case, source: str) -> tuple[Entry, ...]:
    found = case.sources.get(source)
    return found.entries if found is not None else ()


def _judged(entry: Entry, source: str, types: tuple[str, ...], subject: _Subject) -> Reading | None:
    """None for a resource that may be used, else why it is not."""
    resource = entry.resource
    if not isinstance(resource, Mapping) or not clean(resource.get("resourceType")):
        return Reading("", source, "an entry that is no FHIR resource", "left out")
    ref, kind = resource_ref(resource), clean(resource.get("resourceType"))
    if kind not in types:
        return Reading(ref, source, f"a {kind} is not read from here", "ignored")
    about = subject.is_patient(entry) if kind == "Patient" else subject.about(resource)
    if about is not True:
        which = "another patient" if about is False else "a patient that its reference does not tell"
        return Reading(ref, source, f"{ref} is about {which}", "left out")
    if _ERROR in (status(resource), status(resource, "verificationStatus")):
        return Reading(ref, source, "entered in error", "ignored")
    try:
        check(resource)
    except Unreadable as error:
        return Reading(ref, source, f"{ref} cannot be read ({error.where})", "left out")
    return None


def _referable(case: Case, subject: _Subject) -> Iterable[Entry]:
    """Every entry that a reference may lead to: this patient's, and what belongs to nobody."""
    everything = [*case.orders, *(e for s in case.sources.values() for e in s.entries), *case.extras]
    for entry in everything:
        if not isinstance(entry.resource, Mapping):
            continue
        if entry.resource.get("resourceType") in _NOBODYS:
            try:
                check(entry.resource)
            except Unreadable:
                continue
            yield entry
        elif subject.about(entry.resource):
            yield entry


def _identifiers(element: object) -> Iterable[tuple[str, str]]:
    for one in items(element):
        system, value = clean(one.get("system")), clean(one.get("value"))
        if system and value:
            yield system, value
