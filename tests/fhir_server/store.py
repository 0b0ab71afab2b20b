"""The resources of a server, and searching them by patient, code, status, category and id, sorted by date."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from cds.fhir import codings, reference_key, status
from cds.fhir.read import items

Resource = dict[str, Any]
Params = Sequence[tuple[str, str]]

_DATES = ("effectiveDateTime", "effectivePeriod", "issued", "authoredOn", "occurrenceDateTime", "recordedDate")
_SEPARATOR = re.compile(r"(?<!\\),")


class Store:
    """The resources that a server holds."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self.resources = list(resources)

    def read(self, kind: str, id_: str) -> Resource | None:
        return next((one for one in self.resources if one["resourceType"] == kind and one.get("id") == id_), None)

    def search(self, kind: str, params: Params, ignored: Collection[str] = ()) -> list[Resource]:
        """What fits every parameter but those that are ignored; newest first where a sort is asked for."""
        kept = {name: value for name, value in params if name not in ignored}
        found = [one for one in self.resources if one["resourceType"] == kind]
        for name, value in kept.items():
            if not name.startswith(("_sort", "_count", "_page")):
                found = [one for one in found if self._fits(one, name, value)]
        if kept.get("_sort", "").startswith("-"):
            found.sort(key=_date, reverse=True)
        return found

    @staticmethod
    def _fits(resource: Resource, name: str, value: str) -> bool:
        tokens = [re.sub(r"\\(.)", r"\1", token) for token in _SEPARATOR.split(value)]
        match name:
            case "_id":
                return resource.get("id") in tokens
            case "patient":
                return _subject(resource) in {token.removeprefix("Patient/") for token in tokens}
            case "status":
                return status(resource) in tokens
            case "code" | "category":
                return any(_is_coded(resource.get(name), token) for token in tokens)
            case _:
                raise KeyError(name)


def _subject(resource: Resource) -> str:
    """The id of the patient that a resource is about."""
    subject = resource.get("subject") or resource.get("patient")
    return reference_key(subject).rpartition("/")[2]


def _is_coded(concept: Any, token: str) -> bool:
    system, bar, code = token.rpartition("|")
    return any(one.code == code and (not bar or one.system == system) for one in codings(list(items(concept))))


def _date(resource: Resource) -> str:
    found = next((resource[name] for name in _DATES if resource.get(name)), "")
    return str(found.get("end") or found.get("start") or "") if isinstance(found, dict) else str(found)
