"""Facts about the patient and what came before: sizes, courses given, conditions, results, drugs, vaccines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cds.case import ORDERS
from cds.facts.base import Fact, day, flag, hidden, number, term, text

_GIVEN = (
    "medicationRequests",
    "medicationAdministrations",
    "medicationDispenses",
    "medicationStatements",
    "immunizations",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient(Fact):
    """Completed years and days; two ends where the birth date is partial, both absent where there is none."""

    kind = "patient"
    sources = ("patient",)
    sex: str = term("male", "female", "unknown")
    age_min: int | None = number(None, unit="years")
    age_max: int | None = number(None, unit="years")
    age_days_min: int | None = number(None, unit="days")
    age_days_max: int | None = number(None, unit="days")


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight(Fact):
    """The newest plausible body weight."""

    kind = "weight"
    sources = ("vitals",)
    kg: float = number(unit="kg")
    day: date | None = day(None)
    stale: bool = flag(False)


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightProblem(Fact):
    """Why a weight cannot be used as it stands. `stale` ones are used, and that is said.

    A newer one than the weight that is used, which could not be used itself, is `passed_over`; one that nobody weighs
    is not told.
    """

    kind = "weight_problem"
    sources = ("vitals",)
    problem: str = term("missing", "implausible", "stale", "passed_over")


@dataclass(frozen=True, slots=True, kw_only=True)
class Body(Fact):
    """An adult's size: body-mass index, Devine ideal and adjusted weight (absent under 5 ft or under ideal weight)."""

    kind = "body"
    sources = ("vitals", "patient")
    bmi: float = number(unit="kg/m2")
    adjusted_kg: float | None = number(None, unit="kg")


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenCourse(Fact):
    """An earlier course of immune globulin, as given.

    `mg_per_kg_dose` is its highest dose of a day by the weight of today; a dose of up to `same_up_to` is the same one,
    but for the rounding to vials.
    """

    kind = "given_course"
    sources = _GIVEN
    product: str = term(of="product")
    indication: str = term(of="indication")
    first_day: date = day()
    last_day: date = day()
    mg_per_kg: float | None = number(None, unit="mg/kg")
    mg_per_kg_dose: float | None = number(None, unit="mg/kg")
    same_up_to: float | None = number(None, unit="mg/kg")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clearance(Fact):
    """When live measles, mumps, rubella or varicella vaccine takes again after a course given or planned.

    `order` is the planning order, "" for a given course. `clear_day` counts the months of the dose, `early_day` the
    least months of any dose; they differ where the dose is unknown. An order that is `ongoing` repeats without an end:
    its `last_day` is the next one due, and no day is clear while it goes on.
    """

    kind = "clearance"
    sources = (ORDERS, *_GIVEN)
    origin: str = term("given", "planned")
    order: str = text("")
    first_day: date = day()
    last_day: date = day()
    months: int = number(unit="months")
    early_day: date = day()
    clear_day: date = day()
    dose_known: bool = flag()
    ongoing: bool = flag(False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition(Fact):
    """A concept on the problem list or among the diagnoses; one per concept and state.

    `started` is the later of onset and recorded day; `onset` only a stated onset. Refuted, unconfirmed-as-absent and
    entered-in-error entries are no conditions at all.
    """

    kind = "condition"
    sources = ("conditions",)
    concept: str = term(of="concept")
    state: str = term("active", "past")
    started: date | None = day(None)
    onset: date | None = day(None)
    this_encounter: bool = flag(False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lab(Fact):
    """The newest usable result of a measurement, between `at_least` and `at_most` (equal unless `<7` or `>60`).

    `above` / `below` tell open ends: ">60" is at_least 60, above. Ages are the patient's completed years at the draw.
    `blood_group` is what all results of the ABO group agree on: it does not change.
    """

    kind = "lab"
    sources = ("labs", "patient")
    parted = ("labs", "concept")
    concept: str = term(of="measurement")
    at_least: float | None = number(None)
    at_most: float | None = number(None)
    open_low: bool = flag(False)
    open_high: bool = flag(False)
    result: str = term("positive", "negative", "none", default="none")
    blood_group: str = term("O", "non_O", "unknown", default="unknown")
    day: date | None = day(None)
    age_min: int | None = number(None, unit="years")
    age_max: int | None = number(None, unit="years")
    computed: bool = flag(False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trough(Fact):
    """The newest IgG drawn long enough after a dose, or on the day of the next one: what replacement keeps up.

    One that only may be a trough, because dates cannot tell, is not `certain`; it is there beside an older one that is.
    `day` is the last day it may have been drawn on; bounds as in Lab.
    """

    kind = "trough"
    sources = ("labs/igg", *_GIVEN)
    certain: bool = flag()
    at_least: float | None = number(None, unit="mg/dL")
    at_most: float | None = number(None, unit="mg/dL")
    open_high: bool = flag(False)
    day: date = day()


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterUse(Fact):
    """The newest glucose result from a meter, whatever its value: what tells that one is in use."""

    kind = "meter_use"
    sources = ("glucoseMeter",)
    day: date = day()


@dataclass(frozen=True, slots=True, kw_only=True)
class CreatinineChange(Fact):
    """The largest KDIGO changes to the newest creatinine, if that is of the last 7 days."""

    kind = "creatinine_change"
    sources = ("labs/serum_creatinine",)
    rise: float | None = number(None, unit="mg/dL")
    ratio: float | None = number(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drug(Fact):
    """A watched drug that is ordered, in use, or ended; one per order. `systemic` is `unknown` if no form is said.

    `combined` tells that the order is known to hold another drug as well.
    """

    kind = "drug"
    sources = (ORDERS, "medicationRequests", "medicationStatements")
    selected: bool = flag()
    name: str = hidden("")
    state: str = term("draft", "active", "ended")
    ended: date | None = day(None)
    systemic: str = term("yes", "no", "unknown")
    combined: bool = flag(False)
    nsaid: bool = flag(False)
    aspirin: bool = flag(False)
    nephrotoxic: str = term("high", "moderate", "low", "no", default="no")
    estrogen: bool = flag(False)


@dataclass(frozen=True, slots=True, kw_only=True)
class VaccineGiven(Fact):
    """Such a vaccine as given; two days where the date is partial."""

    kind = "vaccine_given"
    sources = ("immunizations",)
    name: str = hidden("")
    earliest: date = day()
    latest: date = day()


@dataclass(frozen=True, slots=True, kw_only=True)
class Allergy(Fact):
    """An allergy or intolerance to a substance that rules ask about, active or resolved, not refuted."""

    kind = "allergy"
    sources = ("allergies",)
    concept: str = term(of="concept")
    state: str = term("active", "past")
    severe: str = term("yes", "no", "unknown")
