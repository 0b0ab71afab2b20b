"""A case: what one call, or one replayed file, brings to be evaluated. Plain data; nothing is read from it here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

Resource = Mapping[str, Any]
Hook = Literal["order-select", "order-sign", "patient-view"]

ORDERS = "orders"
"""The source that is part of the request itself: the draft orders."""

SOURCES: Mapping[str, tuple[str, ...]] = {
    "patient": ("Patient",),
    "vitals": ("Observation",),
    "labs": ("Observation",),
    "glucoseMeter": ("Observation",),
    "conditions": ("Condition",),
    "allergies": ("AllergyIntolerance",),
    "medicationRequests": ("MedicationRequest",),
    "medicationStatements": ("MedicationStatement",),
    "medicationAdministrations": ("MedicationAdministration",),
    "medicationDispenses": ("MedicationDispense",),
    "immunizations": ("Immunization",),
}
"""Every source of history, by its prefetch key, with the resource types it delivers."""

TITLES: Mapping[str, str] = {
    ORDERS: "the orders of this call",
    "patient": "the patient's own data",
    "vitals": "weight and height",
    "labs": "laboratory results",
    "glucoseMeter": "glucose meter results",
    "conditions": "conditions",
    "allergies": "allergies",
    "medicationRequests": "medication orders",
    "medicationStatements": "medication statements",
    "medicationAdministrations": "medication administrations",
    "medicationDispenses": "medication dispenses",
    "immunizations": "immunizations",
}
"""What people call each source."""


class Obtained(StrEnum):
    """How a source was obtained."""

    PREFETCH = "prefetch"
    FETCHED = "fetched"
    RECORD = "record"
    ABSENT = "known-absent"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Entry:
    """One resource as it came, with the address it was given in its Bundle (`fullUrl`)."""

    resource: Resource
    full_url: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """The resources of one source and how they came.

    `reason` says, without patient data, why a source is missing, or why more may exist than `entries` holds (further
    pages, a failure among the entries, an entry that is no resource): what is there counts, what is not there is not
    known to be absent. None where the entries are all there is.
    """

    obtained: Obtained
    entries: tuple[Entry, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One call to be evaluated.

    `orders` are the entries of draftOrders, of any type. `selections` are the selected ones as "Type/id", None when
    every order of the call is signed. `sources` holds exactly the keys of SOURCES. `extras` are resources that
    references may point to (Medications) but that are no source of their own. `unlearned` are the Medications that
    orders point to and that were asked for in vain, as "Medication/id", with why, said without patient data.
    """

    hook: Hook
    hook_instance: str
    patient_id: str
    encounter_id: str | None = None
    orders: tuple[Entry, ...] = ()
    selections: frozenset[str] | None = None
    sources: Mapping[str, Source] = field(default_factory=dict)
    extras: tuple[Entry, ...] = ()
    unlearned: Mapping[str, str] = field(default_factory=dict)

    @property
    def obtained(self) -> bool:
        """Whether any source could be obtained, were it only that it holds nothing."""
        return any(source.obtained is not Obtained.MISSING for source in self.sources.values())


@dataclass(frozen=True, slots=True)
class Access:
    """Where a client lets more of the record be asked for, and in whose name.

    `token` is the bearer token of this one call, never to be kept or logged; None where the server asks for none.
    `expires_in` is in seconds; `patient` the one that the token is for, None where that is not said.
    """

    server: str
    token: str | None = field(default=None, repr=False)
    expires_in: int | None = None
    patient: str | None = None
