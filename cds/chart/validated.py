"""Full validation of an order against FHIR R4, by the fhir.resources models. Errors never hold a value of the order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fhir.resources.R4B.medicationrequest import MedicationRequest
from pydantic import ValidationError

from cds.case import Resource
from cds.errors import Unreadable
from cds.fhir import status
from cds.fhir.read import items

_STATUSES = frozenset(
    {"active", "on-hold", "cancelled", "completed", "entered-in-error", "stopped", "draft", "unknown"}
)


def check_order(order: Resource) -> None:
    """Raise Unreadable, naming the elements at fault, where a MedicationRequest is not valid R4 or not safe to read.

    Its id is not looked at, and white space around its status is no fault: neither changes what is ordered.
    """
    found = status(order)
    if found not in _STATUSES:
        raise Unreadable("the status is missing or not one of FHIR's", "status")
    plain: dict[str, Any] = {**order, "status": found}
    plain.pop("id", None)
    try:
        MedicationRequest.model_validate(plain)
    except ValidationError as error:
        faults = error.errors(include_input=False, include_url=False, include_context=False)
        elements = dict.fromkeys(".".join(str(part) for part in fault["loc"]) for fault in faults)
        raise Unreadable("not a valid MedicationRequest", ", ".join(filter(None, elements))) from None
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        raise Unreadable("not a valid MedicationRequest") from None
    if any(_modified(part) for part in (order, *items(order.get("dosageInstruction")))):
        raise Unreadable("an extension that changes its meaning is not known", "modifierExtension")


def forbids(order: Resource) -> bool:
    """Whether an order says not to give its drug; the models let the word "true" pass as well."""
    said = order.get("doNotPerform")
    return said is True or (isinstance(said, str) and said.strip().lower() == "true")


def _modified(part: Mapping[str, Any]) -> bool:
    return bool(part.get("modifierExtension")) or bool(part.get("implicitRules"))
