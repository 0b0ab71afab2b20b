"""Immune globulin orders among the draft orders and the medication requests on record, and everything about them.

Orders of other drugs are passed over without a look at the rest of them. An order of ours that cannot be read makes
the source of the orders partial, and what it leaves unchecked is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from cds.case import ORDERS, Case, Resource
from cds.chart import amounts, course, ranges, reasons, spacing
from cds.chart.dosage import regimen
from cds.chart.identify import Drug, drug
from cds.chart.ig_order import ig_order, planned
from cds.chart.ig_ordered import RUNNING, VEINLESS, IgOrdered
from cds.chart.parts import Context, GivenDose, PlannedOrder, Reading, Resolver, Sizes, Verdict
from cds.chart.validated import check_order, forbids
from cds.errors import Unreadable
from cds.facts import Amount, Fact, Unchecked
from cds.fhir import reference_key, resource_ref, status
from cds.fhir.read import clean
from cds.knowledge import Knowledge

ADVISED = frozenset({"draft", "active", "on-hold"})
"""The statuses of orders that are advised on."""
_WHOLE = "the order itself"


@dataclass(frozen=True, slots=True)
class OrderEntry:
    """A MedicationRequest, the source it came from, and whether the call asks for advice on it.

    `ref` is "MedicationRequest/id"; of one without an id its address, else its place, so that no two are mixed up.
    """

    resource: Resource
    source: str
    selected: bool
    ref: str


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
    record = case.sources.get("medicationRequests")
    listed = [(ORDERS, entry) for entry in case.orders]
    listed += [("medicationRequests", entry) for entry in (record.entries if record else ())]
    for place, (source, entry) in enumerate(listed, start=1):
        if entry.resource.get("resourceType") != "MedicationRequest":
            continue
        ref = resource_ref(entry.resource)
        if "/" not in ref:
            ref = clean(entry.full_url) or f"{ref} without an id ({place})"
        selected = source == ORDERS and (case.selections is None or ref in case.selections)
        found.setdefault(ref, OrderEntry(entry.resource, source, selected, ref))
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
        others = [other for other in orders if other is not order and other.status in RUNNING]
        facts += _facts(order, others, given, sizes, context)
    return OrdersRead(
        (*facts, *notes.facts),
        tuple(notes.readings),
        tuple(planned(order) for order in orders),
        tuple(notes.unread),
    )


def _order(entry: OrderEntry, find: Resolver, sizes: Sizes, context: Context, notes: _Notes) -> IgOrdered | None:
    order = entry.resource
    seen = drug(order, find, context.knowledge)
    if seen.identified.verdict == "no":
        return None
    if forbids(order):
        notes.readings.append(_reading(entry, seen, "an order not to give it", "ignored"))
        return None
    found = status(order)
    if found not in ADVISED and entry.source != ORDERS:
        return None
    if not seen.is_ivig and not seen.undecided:
        notes.readings.append(_reading(entry, seen, seen.identified.why or "another immune globulin", "ignored"))
        return None
    try:
        if entry.source == ORDERS:
            check_order(order)
        if found not in ADVISED:
            notes.readings.append(_reading(entry, seen, f"status {found}", "ignored"))
            return None
        if seen.undecided:
            raise Unreadable(seen.identified.why or "the product cannot be told")
    except Unreadable as fault:
        _leave_out(entry, seen, fault, notes)
        return None
    notes.readings.append(_reading(entry, seen, "immune globulin", "read"))
    regime = regimen(order, seen.strength, sizes, context)
    return IgOrdered(
        ref=entry.ref,
        selected=entry.selected,
        status=found,
        drug=seen,
        reasons=reasons.reasons(order, find, context.knowledge),
        regimen=regime,
        amounts=amounts.amounts(regime, sizes, context),
        replaces=reference_key(order.get("priorPrescription")),
    )


def _reading(entry: OrderEntry, seen: Drug, what: str, verdict: Verdict) -> Reading:
    return Reading(entry.ref, entry.source, f"{seen.name}: {what}", verdict, seen.named.shown)


def not_checked(readings: Iterable[Reading], selections: frozenset[str] | None) -> tuple[Unchecked, ...]:
    """That orders of the call were left out: for each of `readings` that tells so of a selected one."""
    return tuple(
        Unchecked(ref=one.ref, rule=_WHOLE, source=ORDERS, order=one.ref, says=f"Order not checked: {one.what}.")
        for one in readings
        if one.source == ORDERS and one.verdict == "left out" and (selections is None or one.ref in selections)
    )


def _leave_out(entry: OrderEntry, seen: Drug, fault: Unreadable, notes: _Notes) -> None:
    reading = _reading(entry, seen, str(fault), "left out")
    notes.readings.append(reading)
    notes.unread.append(entry.ref)
    if entry.selected:
        notes.facts += not_checked([reading], None)


def _facts(
    order: IgOrdered, others: Sequence[IgOrdered], given: Sequence[GivenDose], sizes: Sizes, context: Context
) -> Iterator[Fact]:
    yield ig_order(order, context)
    yield from reasons.facts(order.ref, order.reasons)
    if not order.selected:
        return
    told: list[Fact] = list(amounts.facts(order.ref, order.regimen, order.amounts, sizes, context))
    told += course.course_amounts(order, others, given, sizes, context)
    yield from told
    yield from amounts.adjusted_dose(order.ref, order.amounts, sizes)
    if order.drug.route in VEINLESS:
        return
    bases = {fact.basis for fact in told if isinstance(fact, Amount)}
    product = order.drug.identified.product
    yield from ranges.ranges(order.ref, product, order.reasons, bases, context)
    yield from course.course_total(order, others, given, sizes, context)
    yield from course.open_course(order, context)
    yield from spacing.spacing(order, given, context)
    yield from spacing.unknown_spacing(order, given, context)
    yield from spacing.overlaps(order, others, given, context)
