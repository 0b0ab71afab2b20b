"""The shapes of suggestions, and what they are made of. Plain data."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal, TypeVar

from cds.case import Case, Entry, Resource
from cds.facts import Fact
from cds.fhir import resource_ref
from cds.findings import Finding
from cds.knowledge import Knowledge

AnyFact = TypeVar("AnyFact", bound=Fact)

_REFERABLE = re.compile(r"[A-Z][A-Za-z]+/[A-Za-z0-9._~:-]+")


def reference(ref: str) -> dict[str, str] | None:
    """A Reference to "Type/id"; None for an id with signs that cannot stand in one as they are, such as a space."""
    return {"reference": ref} if _REFERABLE.fullmatch(ref) else None


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that a suggestion does: `create` and `update` carry the whole resource, `delete` names it."""

    type: Literal["create", "update", "delete"]
    description: str
    resource: Resource | None = None
    resource_id: str = ""

    def written(self) -> dict[str, Any]:
        """The action as CDS Hooks has it."""
        content = {"resourceId": self.resource_id} if self.resource is None else {"resource": self.resource}
        return {"type": self.type, "description": self.description, **content}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a clinician can accept with one click; `recommended` where it is what the card asks for."""

    label: str
    actions: tuple[Action, ...]
    recommended: bool = False


def _untried(order: Resource, changed: Resource) -> Sequence[Finding] | None:
    return None


@dataclass(frozen=True, slots=True)
class Material:
    """What suggestions are made of: the call, its usable draft orders, the facts, the tables, the values, the day.

    `findings` are all that the rules found, `again` what they would find with an order of the call changed: None
    where it was asked for too often, for a change is only offered when it was tried.
    """

    case: Case
    orders: tuple[Entry, ...] = field(repr=False)
    facts: tuple[Fact, ...]
    knowledge: Knowledge = field(repr=False)
    values: Mapping[str, Decimal]
    today: date
    findings: tuple[Finding, ...] = field(default=(), repr=False)
    again: Callable[[Resource, Resource], Sequence[Finding] | None] = field(default=_untried, repr=False)

    @property
    def patient(self) -> dict[str, str] | None:
        """The patient of the call as a Reference; None where the id cannot stand in one."""
        return reference(f"Patient/{self.case.patient_id}")

    def draft(self, type_: str, **content: Any) -> Resource | None:
        """A new draft order for the patient, of the encounter of the call; None where the patient cannot be named."""
        if self.patient is None:
            return None
        made = {"resourceType": type_, "status": "draft", "intent": "order", **content, "subject": self.patient}
        encounter = reference(f"Encounter/{self.case.encounter_id}")
        return made | ({"encounter": encounter} if self.case.encounter_id and encounter else {})

    @property
    def drafted(self) -> Iterable[Resource]:
        """Every draft order of the call, of any type."""
        return (entry.resource for entry in self.orders)

    def selected(self, ref: str) -> Resource | None:
        """The client's own resource of a selected order of the call, which alone may be changed.

        None where it is not selected, has no id, or shares it with another.
        """
        found = [resource for resource in self.drafted if resource_ref(resource) == ref]
        chosen = self.case.selections is None or ref in self.case.selections
        return found[0] if chosen and len(found) == 1 and "/" in ref else None

    def facts_of(self, kind: type[AnyFact]) -> Iterable[AnyFact]:
        """The facts of one kind."""
        return (fact for fact in self.facts if isinstance(fact, kind))


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of suggestion: what makes it, what it may be of, and whether it only adds something to the orders.

    One that is not `beside` changes the order that its finding is about, and no other.
    `says` tells what it offers where the rule book describes a card; without it the kind's name does.
    """

    make: Callable[[Finding, Material, str], Iterable[Suggestion]]
    arguments: Callable[[Knowledge], frozenset[str]] | None = None
    beside: bool = False
    says: str = ""
