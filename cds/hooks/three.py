"""What CDS Hooks 3.0 adds to discovery, for clients of a site that asks for it; every 2.0 client understands the rest.

No query gets a limit in time (`today() - 365 days`): an earlier infusion, the last weight or trough count however old.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_VERSION = "3.0.0"
_HOOK_VERSION = "1.0"
"""The published version of order-select, order-sign and patient-view."""

_MEDICATIONS = "Medication?_id={{context.draftOrders.entry.resource.ofType(MedicationRequest).medication.resolve().id}}"
"""The Medications that orders only refer to: no other query brings those of orders that are not on record yet."""


def as_3_0(service: Mapping[str, Any]) -> dict[str, Any]:
    """The entry of a service in discovery, with its versions and a prefetch key for what draft orders refer to."""
    prefetch = dict(service["prefetch"])
    if service["hook"] != "patient-view":
        prefetch["medications"] = _MEDICATIONS
    return {**service, "version": _VERSION, "hookVersion": _HOOK_VERSION, "prefetch": prefetch}
