"""A task to weigh the patient, where a dose could not be checked by weight."""

from __future__ import annotations

from collections.abc import Iterable

from cds.advice.suggested import Action, Kind, Material, Suggestion, reference
from cds.fhir import codings
from cds.findings import Finding

_SYSTEM, _CODE = "https://ivig-cds.org/fhir/CodeSystem/task", "measure-weight"
_LABEL = "Weigh the patient"


def _weigh(finding: Finding, material: Material, _: str) -> Iterable[Suggestion]:
    if material.patient is None or any(
        coding.code == _CODE and coding.system == _SYSTEM
        for one in material.drafted
        for coding in codings(one.get("code"))
    ):
        return
    task = {
        "resourceType": "Task",
        "status": "requested",
        "intent": "order",
        "code": {"coding": [{"system": _SYSTEM, "code": _CODE, "display": _LABEL}], "text": _LABEL},
        "description": "Weigh the patient before the dose of immune globulin is checked",
        "for": material.patient,
    }
    order = reference(finding.about.ref) if material.selected(finding.about.ref) else None
    focus = {"focus": order} if order else {}
    yield Suggestion(_LABEL, (Action("create", "Create a task to weigh the patient", task | focus),), True)


KIND = Kind(_weigh, beside=True)
