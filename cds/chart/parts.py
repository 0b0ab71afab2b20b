"""The small shapes that the files of this room hand each other. Plain data, no reading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, Protocol

from cds.case import Hook, Resource
from cds.fhir import Span

if TYPE_CHECKING:
    from cds.knowledge import Knowledge

Verdict = Literal["read", "ignored", "left out", "not recognized"]


@dataclass(frozen=True, slots=True)
class Context:
    """What every reading needs besides resources. `today` is the day of `now` in `zone`.

    `years` is the patient's age today in completed years, at least and at most; None where it is not known.
    """

    knowledge: Knowledge
    values: Mapping[str, Decimal]
    zone: tzinfo
    now: datetime
    today: date
    hook: Hook
    encounter_id: str | None = None
    years: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """How one resource was read, for `explain`: its source, what it was taken for, and the codes that were seen.

    What was left out leaves its source partial, or only those `parts` of it that are named.
    """

    ref: str
    source: str
    what: str
    verdict: Verdict
    codes: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sizes:
    """The patient's usable sizes. `adjusted_kg` only where it applies (adult, over ideal weight, 5 ft or more).

    `weights` are all plausible weights with their days, for what was given in the past; of the time before the day
    `grown` one counts for `child_days` before and after its own day only, because children grow.
    """

    kg: Decimal | None = None
    day: date | None = None
    ref: str = ""
    adjusted_kg: Decimal | None = None
    weights: tuple[tuple[date, Decimal], ...] = ()
    grown: date | None = None
    child_days: int = 0

    def near(self, day: date) -> tuple[Decimal | None, date | None]:
        """The weight nearest to a day (the lighter of two as near) and its own day; else the one to dose by now.

        None where the patient was a child then and was not weighed near that day.
        """
        weighed, kg = self.day, self.kg
        if self.weights:
            weighed, kg = min(self.weights, key=lambda one: (abs((one[0] - day).days), one[1]))
        child = self.grown is not None and day < self.grown
        if child and (weighed is None or abs((weighed - day).days) > self.child_days):
            return None, None
        return kg, weighed


@dataclass(frozen=True, slots=True)
class GivenDose:
    """One administration of immune globulin in the past; mg/kg or grams are None where they are not known.

    `mg_per_kg` is by the weight to dose by now, so that equal grams are equal doses; `mg_per_kg_then` by the weight
    nearest to the day it was given, which decides when vaccines take again.

    `recorded` marks a use that goes on ("since 2014") of which a dose was recorded lately: what is not known of it is
    not asked for.

    `says` tells its day and dose with the steps, and where they were read. `order` is the order that it carried out
    ("MedicationRequest/x"), "" where that is not said. `at` is when it ended, where its time of day is written.
    """

    ref: str
    day: Span
    mg_per_kg: Decimal | None
    grams: Decimal | None
    product: str = "unknown"
    indication: str = "unknown"
    says: str = ""
    order: str = ""
    at: datetime | None = None
    mg_per_kg_then: Decimal | None = None
    recorded: bool = False


@dataclass(frozen=True, slots=True)
class PlannedOrder:
    """An order at hand: its planned days (each administration once) and one administration's dose.

    `repeats` where doses go on without an end; `due` are the days that no dose given has carried out. `mg_per_kg` is
    (low, high), None where it or the number of doses is not known. `counts` tells whether its doses stand beside those
    of other orders, `replaces` the order whose place it takes.
    """

    ref: str
    selected: bool
    product: str
    product_name: str
    route: str
    indications: tuple[str, ...]
    days: tuple[date, ...]
    repeats: bool = False
    mg_per_kg: tuple[Decimal, Decimal] | None = None
    due: tuple[date, ...] = ()
    counts: bool = True
    replaces: str = ""


class Resolver(Protocol):
    """Finds what a Reference points to: contained in `inside`, an entry of the call or its record, or an extra."""

    def __call__(self, reference: object, inside: Resource | None = None) -> Resource | None: ...
