"""Narrow models of the history: only the elements that facts are read from, and what would change their meaning.

Everything else in a resource is ignored. An unknown `modifierExtension` or any `implicitRules` may turn a resource into
its opposite, so a resource that has one is refused. Full validation is for the Patient and the orders at hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from cds.errors import Unreadable


def _refuse(value: object) -> None:
    if value not in (None, [], ""):
        raise ValueError("refused")


Refused = Annotated[None, BeforeValidator(_refuse)]
Element = dict[str, Any] | None
Elements = list[dict[str, Any]] | dict[str, Any] | None
Word = str | None
Status = str | dict[str, Any] | None


class Backbone(BaseModel):
    """A part of a resource that may carry its own modifier extension."""

    model_config = ConfigDict(extra="ignore")
    modifierExtension: Refused = None


Backbones = list[Backbone] | Backbone | None


class Narrow(Backbone):
    """What every resource of the history has."""

    id: Word = None
    implicitRules: Refused = None


class Observation(Narrow):
    status: Word = None
    code: Element = None
    subject: Element = None
    effectiveDateTime: Word = None
    effectivePeriod: Element = None
    issued: Word = None
    valueQuantity: Element = None
    valueString: Word = None
    valueCodeableConcept: Element = None
    interpretation: Elements = None
    component: Backbones = None


class Condition(Narrow):
    clinicalStatus: Status = None
    verificationStatus: Status = None
    code: Element = None
    subject: Element = None
    encounter: Element = None
    onsetDateTime: Word = None
    onsetPeriod: Element = None
    recordedDate: Word = None


class AllergyIntolerance(Narrow):
    clinicalStatus: Status = None
    verificationStatus: Status = None
    criticality: Word = None
    code: Element = None
    patient: Element = None
    reaction: Backbones = None


class MedicationRequest(Narrow):
    status: Word = None
    subject: Element = None
    medicationCodeableConcept: Element = None
    medicationReference: Element = None
    authoredOn: Word = None
    reasonCode: Elements = None
    reasonReference: Elements = None
    dosageInstruction: Backbones = None


class MedicationStatement(Narrow):
    status: Word = None
    subject: Element = None
    medicationCodeableConcept: Element = None
    medicationReference: Element = None
    effectiveDateTime: Word = None
    effectivePeriod: Element = None
    dosage: Backbones = None


class MedicationAdministration(MedicationStatement):
    pass


class MedicationDispense(Narrow):
    status: Word = None
    subject: Element = None
    medicationCodeableConcept: Element = None
    medicationReference: Element = None
    quantity: Element = None
    whenHandedOver: Word = None
    whenPrepared: Word = None
    dosageInstruction: Backbones = None


class Immunization(Narrow):
    status: Word = None
    patient: Element = None
    vaccineCode: Element = None
    occurrenceDateTime: Word = None
    occurrenceString: Word = None
    doseQuantity: Element = None


class Medication(Narrow):
    code: Element = None
    ingredient: Backbones = None


_MODELS: Mapping[str, type[Narrow]] = {
    model.__name__: model
    for model in (
        Observation,
        Condition,
        AllergyIntolerance,
        MedicationRequest,
        MedicationStatement,
        MedicationAdministration,
        MedicationDispense,
        Immunization,
        Medication,
    )
}


def check(resource: Mapping[str, Any]) -> None:
    """Raise Unreadable, naming the elements at fault, where a resource of the history cannot be used."""
    model = _MODELS.get(str(resource.get("resourceType")))
    if model is None:
        return
    try:
        model.model_validate(resource)
    except ValidationError as error:
        faults = error.errors(include_input=False, include_url=False, include_context=False)
        elements = dict.fromkeys(str(fault["loc"][0]) for fault in faults)
        raise Unreadable("cannot be read", ", ".join(elements)) from None
