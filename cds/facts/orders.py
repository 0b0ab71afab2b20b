"""Facts about the orders at hand: immune globulin orders with their doses, and vaccine orders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cds.case import ORDERS
from cds.facts.base import Fact, day, flag, hidden, number, term, text

_ORDER = (ORDERS, "medicationRequests")
_GIVEN = ("medicationAdministrations", "medicationDispenses", "medicationStatements", "immunizations")


@dataclass(frozen=True, slots=True, kw_only=True)
class IgOrder(Fact):
    """An order for immune globulin that is draft, active or on hold.

    `brand` is `generic` where no brand is named and `unlisted` where it is named but not in our tables. `strength` is
    that of the solution, `iga` the product's IgA content with its basis. Days are planned days, `next_day` the first
    from today on; `interval_days` is the spacing of the order's own timing where that is longer than a course.
    `rate` is the highest ordered step; where `rate_state` is `unreadable` a rate could not be computed that may be
    higher than `rate`, if there is one at all. `rate_says` are its steps, or why it could not. `dose_state` says
    whether a dose in mg/kg could be computed, and `reason` whether the order names a reason that has a dose table.
    """

    kind = "ig_order"
    sources = (ORDERS,)
    selected: bool = flag()
    status: str = term("draft", "active", "on-hold")
    product: str = term(of="product")
    product_name: str = hidden("")
    brand: str = term("known", "generic", "unlisted")
    route: str = term("intravenous", "subcutaneous", "intramuscular", "oral", "other", "unknown")
    strength: float | None = number(None, unit="mg/mL")
    sugar: str = term("sucrose", "maltose", "sorbitol", "glucose", "none", "unknown")
    iga: float | None = number(None, unit="ug/mL")
    iga_basis: str = term("max", "mean", "range", "unknown", default="unknown")
    first_day: date = day()
    last_day: date = day()
    next_day: date | None = day(None)
    doses: int | None = number(None, unit="doses")
    repeating: bool = flag(False)
    interval_days: int | None = number(None, unit="days")
    rate: float | None = number(None, unit="mg/kg/min")
    rate_state: str = term("none", "known", "unreadable", default="none")
    rate_says: str = hidden("")
    dose_state: str = term("known", "needs_weight", "unreadable", "absent")
    dose_text: str = hidden("")
    reason: str = term("table", "recognised", "unrecognised", "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class IgProduct(Fact):
    """The product of any order for normal human immune globulin: for veins, for under the skin or into a muscle.

    What holds for all of them is asked of this fact; doses, rates and days are asked of `ig_order`, which only
    intravenous ones have. `route_on_label` tells whether the label allows the ordered route (`not_asked` where that is
    none of veins, skin and muscles), `label_routes` which it allows, `route_in_words` that only the words of a dosage
    tell the route. `never_subcutaneous`: the label rules that route out for the order's reason. `corn`: the label asks
    to avoid it in corn allergy.
    """

    kind = "ig_product"
    sources = (ORDERS,)
    selected: bool = flag()
    product: str = term(of="product")
    product_name: str = hidden("")
    brand: str = term("known", "generic", "unlisted")
    route: str = term("intravenous", "subcutaneous", "intramuscular", "oral", "other", "unknown")
    route_on_label: str = term("yes", "no", "unknown", "not_asked")
    route_in_words: bool = flag(False)
    label_routes: str = hidden("")
    never_subcutaneous: bool = flag(False)
    sugar: str = term("sucrose", "maltose", "sorbitol", "glucose", "none", "unknown")
    proline: str = term("yes", "no", "unknown")
    corn: bool = flag(False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderIndication(Fact):
    """One recognised reason of an order; `tabled` where we have a verified dose table for it."""

    kind = "order_indication"
    sources = (ORDERS,)
    order: str = text()
    indication: str = term(of="indication")
    indication_name: str = hidden("")
    tabled: bool = flag()


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedAmount(Fact):
    """One administration as ordered, in mg/kg, plausible or not; low and high differ for a range."""

    kind = "stated_amount"
    sources = (ORDERS,)
    order: str = text()
    low: float = number(unit="mg/kg")
    high: float = number(unit="mg/kg")


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount(Fact):
    """A plausible dose of an order per administration, day, course or month (28 days), by one weight.

    `weight` is `ordered` where the order itself is in mg/kg; `own` is what of a course the order itself gives. An
    implausible dose has no amount at all.
    """

    kind = "amount"
    sources = (ORDERS,)
    order: str = text()
    basis: str = term("dose", "day", "course", "month")
    weight: str = term("ordered", "actual", "adjusted")
    low: float = number(unit="mg/kg")
    high: float = number(unit="mg/kg")
    grams: float | None = number(None, unit="g")
    own: float | None = number(None, unit="mg/kg")


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseRange(Fact):
    """A row of the indication's table, or of the product's label, that applies to this order; tolerance applied.

    `checkable` is false where the order has no amount in the row's basis.
    """

    kind = "dose_range"
    sources = (ORDERS,)
    order: str = text()
    indication: str = term(of="indication")
    indication_name: str = hidden("")
    origin: str = term("indication", "label")
    basis: str = term("dose", "day", "course", "month")
    low: float = number(unit="mg/kg")
    high: float = number(unit="mg/kg")
    checkable: bool = flag()
    printed: str = hidden("")


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseTotal(Fact):
    """All doses within one course of this order's indication (planned, of other orders, already given), with limits.

    `own` is the part of it that this order itself gives. `maximum` is the printed one, `limit` has the tolerance
    applied; over `critical_limit` it is critical.
    """

    kind = "course_total"
    sources = (*_ORDER, *_GIVEN)
    order: str = text()
    indication: str = term(of="indication")
    low: float = number(unit="mg/kg")
    high: float = number(unit="mg/kg")
    days: int = number(unit="days")
    limit: float = number(unit="mg/kg")
    critical_limit: float = number(unit="mg/kg")
    maximum: float = number(unit="mg/kg")
    own: float = number(unit="mg/kg")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spacing(Fact):
    """Days from the last dose of an earlier course, or within the order's own timing, to the next dose."""

    kind = "spacing"
    sources = (*_ORDER, *_GIVEN)
    order: str = text()
    origin: str = term("previous", "own")
    days: int = number(unit="days")


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap(Fact):
    """Another draft or active immune globulin order with doses on the same days."""

    kind = "overlap"
    sources = _ORDER
    order: str = text()
    other: str = text()
    other_name: str = hidden("")
    first_day: date = day()


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustedDose(Fact):
    """One administration at the same mg/kg by adjusted weight, and the grams that would save."""

    kind = "adjusted_dose"
    sources = (*_ORDER, "vitals", "patient")
    order: str = text()
    actual_kg: float = number(unit="kg")
    adjusted_kg: float = number(unit="kg")
    saved_g: float = number(unit="g")


@dataclass(frozen=True, slots=True, kw_only=True)
class VaccineOrder(Fact):
    """An order of a measles-, mumps-, rubella- or varicella-containing vaccine; of the record at patient-view only."""

    kind = "vaccine_order"
    sources = _ORDER
    selected: bool = flag()
    name: str = hidden("")
    planned: date = day()


@dataclass(frozen=True, slots=True, kw_only=True)
class LabOrder(Fact):
    """A laboratory test that is ordered among the orders of this call, selected or not; one for each measurement.

    Tests that were ordered before are not known. It stands on no source: an order that cannot be read is never one, so
    a rule that it denies asks for the test once more rather than not at all.
    """

    kind = "lab_order"
    concept: str = term(of="measurement")
