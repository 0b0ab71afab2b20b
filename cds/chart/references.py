"""What a FHIR reference points to, among the resources of one call. Nothing is fetched."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar, cast

from cds.case import Entry, Resource
from cds.fhir import reference_key, resource_ref
from cds.fhir.read import clean, items

Read = TypeVar("Read")


class References:
    """Finds contained resources, entries by `fullUrl` (also `urn:uuid:`), and entries by type and id.

    An absolute URL is looked up as it stands first, then by its type and id. The first of two entries with one
    address counts. A reference that has only an identifier or a display finds nothing. `unlearned` are what was asked
    for in vain, by "Type/id", with why.
    """

    def __init__(self, entries: Iterable[Entry], unlearned: Mapping[str, str] | None = None) -> None:
        self._unlearned = unlearned or {}
        self._by_url: dict[str, Resource] = {}
        self._by_key: dict[str, Resource] = {}
        self._read: dict[tuple[str, int], tuple[Resource, object]] = {}
        for entry in entries:
            key = resource_ref(entry.resource)
            if "/" in key:
                self._by_key.setdefault(key, entry.resource)
            url = clean(entry.full_url)
            if url:
                self._by_url.setdefault(url, entry.resource)

    def __call__(self, reference: object, inside: Resource | None = None) -> Resource | None:
        """The resource that `reference` (a Reference element or its URL) means, seen from `inside`."""
        key = reference_key(reference)
        if key.startswith("#"):
            return _contained(key, inside)
        raw = clean(reference.get("reference")) if hasattr(reference, "get") else clean(reference)
        if not raw:
            return None
        return self._by_url.get(raw) or self._by_url.get(key) or self._by_key.get(key)

    def vain(self, reference: object) -> str:
        """Why what `reference` means could not be had though it was asked for; "" where it was not."""
        return self._unlearned.get(reference_key(reference), "")

    def once(self, what: str, resource: Resource, read: Callable[[], Read]) -> Read:
        """What `read` makes of this very resource, read once in a call; `what` tells one reading from another."""
        key = (what, id(resource))
        kept = self._read.get(key)
        if kept is None:
            # The resource is kept with its reading: while it lives, no other one can have its id.
            kept = self._read[key] = (resource, read())
        return cast(Read, kept[1])


def _contained(key: str, inside: Resource | None) -> Resource | None:
    wanted = key.lstrip("#")
    if inside is None or not wanted:
        return None
    return next((r for r in items(inside.get("contained")) if clean(r.get("id")).lstrip("#") == wanted), None)
