"""What came for one source, as a Source: the one classification of what a client sends and of what a server answers."""

from __future__ import annotations

from cds.case import SOURCES, Entry, Obtained, Source
from cds.fhir.bundles import Content
from cds.fhir.read import clean

NOT_SENT = Source(Obtained.MISSING, reason="not sent")
ABSENT = Source(Obtained.ABSENT)
_MEDICATION = "Medication"
_REASONS = 3
"""So many reasons are told of one source."""


def source_of(
    content: Content, key: str, where: str, obtained: Obtained = Obtained.PREFETCH
) -> tuple[Source, tuple[Entry, ...]]:
    """The source that `content` is for `key`, and the Medications in it, which references may point to.

    `where` names the place for the reasons; `obtained` is how resources of the source's types came, if any did.
    """
    kinds = {entry.resource["resourceType"] for entry in content.entries}
    entries, medications = tuple(content.entries), tuple[Entry, ...]()
    if _MEDICATION in kinds:
        medications = tuple(entry for entry in entries if entry.resource["resourceType"] == _MEDICATION)
        entries = tuple(entry for entry in entries if entry.resource["resourceType"] != _MEDICATION)
    wanted = not kinds.isdisjoint(SOURCES[key])
    if key == "patient" and any(not clean(entry.resource.get("id")) for entry in entries):
        return Source(Obtained.MISSING, reason="the Patient has no id"), medications
    trouble = [f"the search failed ({', '.join(dict.fromkeys(content.failures))})"] if content.failures else []
    trouble += [f"{place} {what}" for place, what in content.gaps]
    if entries and not wanted:
        trouble.append(f"{where} holds no {SOURCES[key][0]}")
    if not trouble:
        return Source(obtained, entries) if wanted else ABSENT, medications
    reason = "; ".join(trouble[:_REASONS])
    return Source(obtained, entries, reason) if wanted else Source(Obtained.MISSING, reason=reason), medications
