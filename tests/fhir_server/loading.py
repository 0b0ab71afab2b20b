"""A patient's Bundle as a FHIR server holds it once it is loaded: references lead to resources of the server.

A transaction replaces `urn:uuid:` references by those of the resources that it made; and whose record it is, a
hospital's server knows also where an export says it by identifier alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cds.case import SOURCES
from cds.hooks import case_of_bundle

Resource = dict[str, Any]


@dataclass(frozen=True)
class Loaded:
    """What a server holds of a patient, and the draft orders, which are not on it yet."""

    patient_id: str
    hook_instance: str
    orders: list[Resource]
    record: list[Resource]

    def call(self, prefetch: dict[str, Any], **members: Any) -> dict[str, Any]:
        """An order-sign call about the draft orders."""
        orders = {"resourceType": "Bundle", "entry": [{"resource": order} for order in self.orders]}
        context = {"userId": "Practitioner/d1", "patientId": self.patient_id, "draftOrders": orders}
        return {
            "hook": "order-sign",
            "hookInstance": self.hook_instance,
            "context": context,
            "prefetch": prefetch,
            **members,
        }

    def prefetch(self) -> dict[str, Any]:
        """All of the record under the prefetch keys, Medications beside the orders; null where there is nothing."""
        found: dict[str, Any] = {}
        for key, types in SOURCES.items():
            wanted = {*types, *({"Medication"} if key == "medicationRequests" else ())}
            held = [{"resource": one} for one in self.record if one["resourceType"] in wanted]
            found[key] = {"resourceType": "Bundle", "type": "searchset", "entry": held} if held else None
        return found


def load(bundle: Mapping[str, Any]) -> Loaded:
    """The Bundle as a server holds it."""
    case = case_of_bundle(bundle)
    addresses = {entry["fullUrl"]: _reference(entry["resource"]) for entry in bundle["entry"] if "fullUrl" in entry}
    (patient,) = (entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == "Patient")
    drafts = [entry.resource for entry in case.orders]

    def told(resource: Resource) -> Resource:
        made = _led(resource, addresses)
        for name in ("subject", "patient"):
            if isinstance(made.get(name), dict) and made[name].get("identifier") in patient.get("identifier", []):
                made[name] = {**made[name], "reference": _reference(patient)}
        return dict(made)

    resources = [entry["resource"] for entry in bundle["entry"]]
    return Loaded(
        case.patient_id,
        case.hook_instance,
        [told(one) for one in resources if one in drafts],
        [told(one) for one in resources if one not in drafts],
    )


def _reference(resource: Mapping[str, Any]) -> str:
    return f"{resource['resourceType']}/{resource.get('id')}"


def _led(value: Any, addresses: Mapping[Any, str]) -> Any:
    """A copy in which references by the addresses of the Bundle are those of the server."""
    if isinstance(value, list):
        return [_led(one, addresses) for one in value]
    if isinstance(value, dict):
        made = {name: _led(one, addresses) for name, one in value.items()}
        if made.get("reference") in addresses:
            made["reference"] = addresses[made["reference"]]
        return made
    return json.loads(json.dumps(value))
