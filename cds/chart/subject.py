"""Whether a resource is about the patient of the case: by reference, by `fullUrl`, or by identifier."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cds.case import Case, Entry, Resource
from cds.fhir import is_about
from cds.fhir.read import clean, items


class Subject:
    """The patient of a case, recognized in other resources. One patient's facts never meet another's."""

    def __init__(self, case: Case) -> None:
        self._id = clean(case.patient_id).removeprefix("Patient/")
        source = case.sources.get("patient")
        own = [entry for entry in (source.entries if source is not None else ()) if self.is_patient(entry)]
        self._urls = frozenset(clean(entry.full_url) for entry in own if entry.full_url)
        self._told: dict[str, bool | None] = {}
        self._identifiers = frozenset(pair for entry in own for pair in _identifiers(entry.resource.get("identifier")))

    def is_patient(self, entry: Entry) -> bool:
        """Whether this is the Patient resource of the case."""
        if not isinstance(entry.resource, Mapping) or entry.resource.get("resourceType") != "Patient" or not self._id:
            return False
        return self._id in (clean(entry.resource.get("id")), clean(entry.full_url))

    def about(self, entry: Entry) -> bool | None:
        """Whether the patient is its subject; None where that cannot be told."""
        resource: Resource = entry.resource
        if resource.get("resourceType") == "Patient":
            return self.is_patient(entry)
        subject = resource.get("subject") or resource.get("patient") or resource.get("for")
        written = subject.get("reference") if isinstance(subject, Mapping) else None
        told = self._told.get(written) if isinstance(written, str) else None
        if told is None:
            told = is_about(subject, self._id, self._urls)
            if isinstance(written, str):
                self._told[written] = told
        if told is None and isinstance(subject, Mapping):
            return True if self._identifiers.intersection(_identifiers(subject.get("identifier"))) else None
        return told


def _identifiers(element: object) -> Iterable[tuple[str, str]]:
    for one in items(element):
        system, value = clean(one.get("system")), clean(one.get("value"))
        if system and value:
            yield system, value
