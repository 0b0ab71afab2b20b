"""Immune globulin orders among the draft orders and the medication requests on record, and everything about them.

Orders of other drugs are passed over without a look at the rest of them. An order of ours that cannot be read makes
the source of the orders partial, and what it leaves unchecked is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from cds.case import ORDERS, Case, Resource
from cds.chart import amounts, course, ranges, reasons
from cds.chart.course import IgOrdered
from cds.chart.dosage import regimen
from cds.chart.identify import Drug, drug
from cds.chart.parts import Context, GivenDose, PlannedOrder, Reading, Resolver, Sizes
from cds.chart.printed import fact_number
from cds.chart.schedule import gap
from cds.chart.validated import check_order
from cds.errors import Unreadable
from cds.facts import Amount, Fact, IgOrder, Unchecked
from cds.fhir import reference_key, resource_ref, status
from cds.knowledge import Knowledge

ADVISED = frozenset({"draft", "active", "on-hold"})
"""The statuses of orders that are advised on."""
_LONGEST = 40
_VEINLESS = frozenset({"subcutaneous", "intramuscular", "oral"})


@dataclass(frozen=True, slots=True)
class OrderEntry:
    """A MedicationRequest, the source it came from, and whether the call asks for advice on it."""

    resource: Resource
    source: str
    selected: bool


@dataclass(frozen=True, slots=True)
class OrdersRead:
    """What the orders say. `unread` are the orders of ours that could not be read: their source is then partial."""

    facts: tuple[Fact, ...] = ()
    readings: tuple[Reading, ...] = ()
    planned: tuple[PlannedOrder, ...] = ()
    unread: tuple[str, ...] = ()


@dataclass(slots=True)
class _Notes:
    readings: list[Reading] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def entries(case: Case) -> tuple[OrderEntry, ...]:
    """The MedicationRequests of a call, each once: one that is drafted and on record counts as drafted."""
    found: dict[str, OrderEntry] = {}
    for entry in case.orders:
        ref = resource_ref(entry.resource)
        if ref.split("/")[0] == "MedicationRequest":
            selected = case.selections is None or ref in case.selections
            found.setdefault(_key(ref, found), OrderEntry(entry.resource, ORDERS, selected))
    source = case.sources.get("medicationRequests")
    for entry in source.entries if source else ():
        ref = resource_ref(entry.resource)
        if ref.split("/")[0] == "MedicationRequest":
            found.setdefault(_key(ref, found), OrderEntry(entry.resource, "medicationRequests", selected=False))
    return tuple(found.values())


def concerns(order: Resource, find: Resolver, knowledge: Knowledge) -> bool:
    """Whether an order is, or may be, for intravenous immune globulin."""
    if order.get("resourceType") != "MedicationRequest":
        return False
    seen = drug(order, find, knowledge)
    return seen.is_ivig or seen.undecided


def read(
    found: Iterable[OrderEntry],
    *,
    find: Resolver,
    context: Context,
    sizes: Sizes,
    given: Sequence[GivenDose],
) -> OrdersRead:
    """All facts about the immune globulin orders among `found`, which are this patient's.

    Of orders that are not selected only themselves and their reasons become facts; their doses count in the course
    totals and overlaps of those that are.
    """
    notes = _Notes()
    orders: list[IgOrdered] = []
    for entry in found:
        order = _order(entry, find, sizes, context, notes)
        if order is not None:
            orders.append(order)
    facts: list[Fact] = []
    for order in orders:
        others = [other for other in orders if other is not order]
        facts += _facts(order, others, given, sizes, context)
    return OrdersRead(
        (*facts, *notes.facts),
        tuple(notes.readings),
        tuple(_planned(order) for order in orders),
        tuple(notes.unread),
    )


def _key(ref: str, found: Iterable[str]) -> str:
    """The reference of an order; of one without an id, a key of its own."""
    return ref if "/" in ref else f"{ref} {len(list(found))}"


def _order(
    entry: OrderEntry, find: Resolver, sizes: Sizes, context: Context, notes: _Notes
) -> IgOrdered | None:
    order, ref = entry.resource, resource_ref(entry.resource)
    seen = drug(order, find, context.knowledge)
    if seen.identified.verdict == "no":
        return None
    if order.get("doNotPerform") is True:
        return _passed(entry, seen, "an order not to give it", notes)
    found = status(order)
    if found not in ADVISED and entry.source != ORDERS:
        return None
    if not seen.is_ivig and not seen.undecided:
        return _passed(entry, seen, seen.identified.why or "another immune globulin", notes)
    try:
        if entry.source == ORDERS:
            check_order(order)
        if found not in ADVISED:
            return _passed(entry, seen, f"status {found}", notes)
        if seen.undecided:
            raise Unreadable(seen.identified.why or "the product cannot be told")
    except Unreadable as fault:
        return _left_out(entry, seen, fault, notes)
    notes.readings.append(Reading(ref, entry.source, f"immune globulin: {seen.name}", "read", seen.named.shown))
    regime = regimen(order, seen.strength, sizes, context)
    return IgOrdered(
        ref=ref,
        selected=entry.selected,
        status=found,
        drug=seen,
        reasons=reasons.reasons(order, find, context.knowledge),
        regimen=regime,
        amounts=amounts.amounts(regime, sizes, context),
        replaces=reference_key(order.get("priorPrescription")),
    )


def _passed(entry: OrderEntry, seen: Drug, why: str, notes: _Notes) -> None:
    ref = resource_ref(entry.resource)
    notes.readings.append(Reading(ref, entry.source, f"{seen.name}: {why}", "ignored", seen.named.shown))


def _left_out(entry: OrderEntry, seen: Drug, fault: Unreadable, notes: _Notes) -> None:
    ref = resource_ref(entry.resource)
    notes.readings.append(Reading(ref, entry.source, f"{seen.name}: {fault}", "left out", seen.named.shown))
    notes.unread.append(ref)
    if entry.source == ORDERS and entry.selected:
        says = f"{seen.name} ({ref}): this order was not checked at all. {fault}."
        notes.facts.append(Unchecked(ref=ref, rule="the order itself", source=ORDERS, order=ref, says=says))


def _facts(
    order: IgOrdered, others: Sequence[IgOrdered], given: Sequence[GivenDose], sizes: Sizes, context: Context
) -> Iterator[Fact]:
    yield _fact(order, context)
    yield from reasons.facts(order.ref, order.reasons)
    if not order.selected:
        return
    told = list(amounts.facts(order.ref, order.regimen, order.amounts, sizes, context))
    yield from told
    yield from amounts.adjusted_dose(order.ref, order.amounts, sizes)
    if order.drug.route in _VEINLESS:
        return
    bases = {fact.basis for fact in told if isinstance(fact, Amount)}
    product = order.drug.identified.product
    yield from ranges.ranges(order.ref, product, order.reasons, bases, context)
    yield from course.course_total(order, others, given, sizes, context)
    yield from course.spacing(order, given, context)
    yield from course.overlaps(order, others, given, context)


def _fact(order: IgOrdered, context: Context) -> IgOrder:
    drugged, days = order.drug, order.regimen.days
    window = int(context.values["dose.course_window_days"])
    own = gap(days.days, window)
    first, last = days.days[0], days.days[-1]
    if days.endless:
        last = max(day for day in days.days if (day - first).days < window)
    iga = drugged.identified.iga_ug_per_ml
    return IgOrder(
        ref=order.ref,
        selected=order.selected,
        status=order.status,
        product=drugged.identified.product,
        product_name=drugged.name,
        brand=drugged.identified.brand,
        route=drugged.route,
        sugar=drugged.sugar,
        iga=None if iga is None else fact_number(iga),
        iga_basis=drugged.identified.iga_basis,
        first_day=first,
        last_day=last,
        doses=len(days.days) if days.course_known and not days.endless else None,
        repeating=own is not None,
        interval_days=own,
        dose_state=_dose_state(order),
        dose_text=_short(order.regimen.text),
        reason=order.reasons.state,
        says=_says(order),
    )


def _dose_state(order: IgOrdered) -> str:
    if order.regimen.state != "read":
        return order.regimen.state
    return "known" if order.amounts.each else "needs_weight"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"


def _says(order: IgOrdered) -> str:
    """ "Privigen 60 g, 2 doses 2026-11-20 to 2026-11-21, draft; sugar read from the ingredients"."""
    days = order.regimen.days
    name = f"{order.drug.name} {_short(order.regimen.text)}".strip()
    first, last = days.days[0], days.days[-1]
    if days.endless or not days.course_known:
        when = f"from {first}"
    elif first == last:
        when = f"planned {first}"
    else:
        when = f"{len(days.days)} doses {first} to {last}"
    notes = [name, when, order.status]
    if order.regimen.why:
        notes.append(order.regimen.why)
    if order.drug.identified.from_text:
        notes.append("product read from text")
    return ", ".join(notes)


def _planned(order: IgOrdered) -> PlannedOrder:
    each = order.amounts.usable
    low = min((one.low for one in each), default=None)
    high = max((one.high for one in each), default=None)
    return PlannedOrder(
        ref=order.ref,
        selected=order.selected,
        product=order.drug.identified.product,
        product_name=order.drug.name,
        route=order.drug.route,
        indications=order.reasons.ids,
        days=order.regimen.days.days,
        repeats=order.regimen.days.endless,
        mg_per_kg=None if low is None or high is None else (low, high),
    )
