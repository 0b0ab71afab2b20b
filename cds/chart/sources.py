"""Which resources may be used: this patient's, readable, and not entered in error.

Another patient's resource is left out and named, and so is one whose subject cannot be told or that cannot be read;
its source then counts as known only in part. Nothing here fails the call.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from cds.case import ORDERS, SOURCES, TITLES, Case, Entry, Obtained, Resource
from cds.chart.concern import order_concerns
from cds.chart.medication import medication
from cds.chart.narrow import check
from cds.chart.parts import Reading
from cds.chart.references import References
from cds.chart.subject import Subject
from cds.errors import Unreadable
from cds.facts import SourceState
from cds.fhir import resource_ref, status
from cds.fhir.read import clean, items
from cds.knowledge import Knowledge

_NOBODYS = frozenset({"Medication"})
_ERROR = "entered-in-error"
_DRUGS = frozenset(source for source in SOURCES if source.startswith("medication"))
_NEVER = frozenset({"not-done", "not-taken", "cancelled", "declined"})
"""The statuses of records of what was not given: which drug it would have been is of no matter."""


@dataclass(frozen=True, slots=True)
class History:
    """What may be used of a call: orders, the resources of every source, what references lead to.

    `readings` tell why the others may not.
    """

    orders: tuple[Entry, ...]
    usable: Mapping[str, tuple[Resource, ...]]
    resolve: References
    readings: tuple[Reading, ...]

    def __getitem__(self, source: str) -> tuple[Resource, ...]:
        return self.usable[source]


def read_sources(case: Case, knowledge: Knowledge) -> History:
    """Judge every order, and every resource of the record once in each source it came in."""
    subject = Subject(case)
    resolve = References(_referable(case, subject), case.unlearned)
    orders: list[Entry] = []
    readings: list[Reading] = []
    for entry in case.orders:
        reading = _order(entry, subject, resolve, knowledge)
        if reading is None:
            orders.append(entry)
        else:
            readings.append(reading)
    usable: dict[str, tuple[Resource, ...]] = {}
    for source, types in SOURCES.items():
        kept: list[Resource] = []
        found = case.sources.get(source)
        for entry in found.entries if found is not None else ():
            reading = _judged(entry, source, types, subject) or _nameless(entry.resource, source, resolve)
            if reading is None:
                kept.append(entry.resource)
            else:
                readings.append(reading)
        usable[source] = tuple(kept)
    return History(tuple(orders), usable, resolve, tuple(readings))


def source_states(case: Case, readings: Iterable[Reading]) -> Iterator[SourceState]:
    """How well each source and the orders themselves are known, and the parts of sources that are not known whole.

    Whatever was left out makes its source partial, or the parts of it that it says.
    """
    left: dict[str, list[str]] = {}
    out = [reading for reading in readings if reading.verdict == "left out"]
    for reading in sorted(out, key=lambda one: one.what):
        for name in [f"{reading.source}/{part}" for part in reading.parts] or [reading.source]:
            left.setdefault(name, []).append(reading.what)
    for name in (ORDERS, *SOURCES):
        source = case.sources.get(name)
        reasons = left.get(name, [])
        state = "partial" if reasons else "read"
        if name != ORDERS and (source is None or source.obtained is Obtained.MISSING):
            why = source.reason if source is not None and source.reason else "not sent"
            state, reasons = "missing", [f"{TITLES[name]} could not be read ({why})", *reasons]
        elif source is not None and source.reason:
            state, reasons = "partial", [f"{TITLES[name]} were read in part ({source.reason})", *reasons]
        yield SourceState(name=name, state=state, says="; ".join(dict.fromkeys(reasons)))
    for name in sorted(left.keys() - {ORDERS, *SOURCES}):
        yield SourceState(name=name, state="partial", says="; ".join(dict.fromkeys(left[name])))


def _order(entry: Entry, subject: Subject, find: References, knowledge: Knowledge) -> Reading | None:
    """None for an order that may be used, else why it may not. Only orders of our concern are named."""
    order = entry.resource
    if not isinstance(order, Mapping):
        return Reading("", ORDERS, "an entry that is no FHIR resource", "left out")
    about = subject.about(entry)
    if about is True:
        return None
    concerned = order_concerns(order, find, knowledge)
    return Reading(resource_ref(order), ORDERS, _stranger(order, about), "left out" if concerned else "ignored")


def _judged(entry: Entry, source: str, types: tuple[str, ...], subject: Subject) -> Reading | None:
    """None for a resource that may be used, else why it may not."""
    resource = entry.resource
    if not isinstance(resource, Mapping) or not clean(resource.get("resourceType")):
        return Reading("", source, "an entry that is no FHIR resource", "left out")
    ref, kind = resource_ref(resource), clean(resource.get("resourceType"))
    if kind not in types:
        return Reading(ref, source, f"a {kind} is not read from here", "ignored")
    about = subject.about(entry)
    if about is not True:
        return Reading(ref, source, _stranger(resource, about), "left out")
    if _ERROR in (status(resource), status(resource, "verificationStatus")):
        return Reading(ref, source, "entered in error", "ignored")
    try:
        check(resource)
    except Unreadable as error:
        return Reading(ref, source, f"{ref} cannot be read ({error.where})", "left out")
    return None


def _nameless(resource: Resource, source: str, find: References) -> Reading | None:
    """Why a record of a drug may not be used that nothing names: not by a code, not in words, not by a Medication."""
    concept = resource.get("medicationCodeableConcept")
    if source not in _DRUGS or clean(concept) or status(resource) in _NEVER:
        return None
    if any(one.get("coding") or one.get("text") for one in items(concept)):
        return None
    named = medication(resource, find)
    if named.codes or named.texts:
        return None
    what = f"a {clean(resource.get('resourceType'))} that does not name its drug in a way that can be read"
    return Reading(resource_ref(resource), source, what, "left out")


def _stranger(resource: Resource, about: bool | None) -> str:
    ref = resource_ref(resource)
    if about is False:
        return f"{ref} is about another patient and was left out"
    return f"{ref} does not tell which patient it is about and was left out"


def _referable(case: Case, subject: Subject) -> Iterator[Entry]:
    """Every entry that a reference may lead to: this patient's, and what belongs to nobody."""
    for entry in (*case.orders, *(e for s in case.sources.values() for e in s.entries), *case.extras):
        if not isinstance(entry.resource, Mapping):
            continue
        if entry.resource.get("resourceType") not in _NOBODYS:
            if subject.about(entry):
                yield entry
            continue
        try:
            check(entry.resource)
        except Unreadable:
            continue
        yield entry
