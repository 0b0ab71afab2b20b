"""The draft of a drug deleted and another drug drafted in its place, without a dose: that is for the prescriber.

Only a selected draft of the call that is for this drug alone is deleted; what is in use already is never touched. The
other drug is not drafted where it is ordered or in use, or where the patient has ever been allergic to it.
"""

from __future__ import annotations

from collections.abc import Iterable

from cds.advice.suggested import Action, Kind, Material, Suggestion, reference
from cds.case import TITLES
from cds.facts import Allergy, Drug, SourceState
from cds.fhir import status
from cds.findings import Finding
from cds.knowledge import Knowledge

_RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
_LOOKED_AT = ("allergies", "medicationRequests", "medicationStatements")
"""The sources that may speak against the other drug."""
_UNASKED = {"acetaminophen": ("liver disease",)}
"""What may speak against a drug and is never looked at here."""


def _replace(finding: Finding, material: Material, other: str) -> Iterable[Suggestion]:
    old = finding.about
    if not isinstance(old, Drug) or old.combined or reference(old.ref) is None:
        return
    order = material.selected(old.ref)
    if order is None or status(order) != "draft":
        return
    delete = Action("delete", f"Delete the draft order for {old.name}", resource_id=old.ref)
    why = _needless(material, other)
    new = None if why else _draft(material, other)
    if new is None:
        label = f"Delete the order for {old.name}{f': {why}' if why else ''}"
        yield Suggestion(label, (delete,), True)
    else:
        yield Suggestion(f"Replace {old.name} with {other}", (delete, new), True)


def _needless(material: Material, other: str) -> str:
    """Why the other drug is not to be drafted; "" where nothing speaks against it."""
    if any(allergy.concept == other for allergy in material.facts_of(Allergy)):
        return f"an allergy to {other} is on record"
    if any(other in drug.name.split(" / ") and drug.state != "ended" for drug in material.facts_of(Drug)):
        return f"{other} is ordered or in use"
    return ""


def _draft(material: Material, other: str) -> Action | None:
    code = material.knowledge.drugs.ingredient(other)
    coded = {"coding": [{"system": _RXNORM, "code": code.value, "display": other}]} if code else {}
    order = material.draft("MedicationRequest", medicationCodeableConcept={**coded, "text": other})
    if order is None:
        return None
    read = {state.name for state in material.facts_of(SourceState) if state.state == "read"}
    unread = [*(TITLES[source] for source in _LOOKED_AT if source not in read), *_UNASKED.get(other, ())]
    unchecked = f". Not checked: {', '.join(unread)}" if unread else ""
    return Action("create", f"Draft {other}; its dose is still to be entered{unchecked}", order)


def _arguments(knowledge: Knowledge) -> frozenset[str]:
    """The drugs that are watched, and whose allergy is known by the same name."""
    return knowledge.drugs.ids & knowledge.concepts.allergens


KIND = Kind(_replace, _arguments)
