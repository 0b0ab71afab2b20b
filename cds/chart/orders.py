"""Immune globulin orders among the draft orders and the medication requests on record, and everything about them.

Orders of other drugs are passed over without a look at the rest of them. An order of ours that cannot be read makes
the source of the orders partial, and what it leaves unchecked is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from cds.case import ORDERS, Resource
from cds.chart import amounts, course, evidence, labels, limits, ranges, reasons, spacing
from cds.chart.course_doses import due
from cds.chart.dosage import regimen
from cds.chart.identify import Drug, drug
from cds.chart.ig_order import ig_order, planned
from cds.chart.ig_ordered import RUNNING, VEINLESS, IgOrdered
from cds.chart.ig_product import ig_product
from cds.chart.maxima import maxima, over_maxima
from cds.chart.order_entries import OrderEntry
from cds.chart.parts import Context, GivenDose, PlannedOrder, Reading, Resolver, Sizes, Verdict
from cds.chart.rate import Rate, highest_rate
from cds.chart.references import References
from cds.chart.validated import Checked, check_order, forbids
from cds.errors import Unreadable
from cds.facts import Amount, Fact, Unchecked
from cds.fhir import reference_key, status
from cds.knowledge import Knowledge

ADVISED = frozenset({"draft", "active", "on-hold"})
"""The statuses of orders that are advised on."""
_OVER = frozenset({"completed", "stopped", "cancelled", "entered-in-error"})
"""The statuses of orders that nobody is about to give: nothing is said of them."""
_WHOLE = "the order itself"
_NO_DOSAGE = "its dosage is not valid FHIR"


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


def concerns(order: Resource, find: Resolver, knowledge: Knowledge) -> bool:
    """Whether an order is, or may be, for normal immune globulin; one whose drug cannot be told may be."""
    if order.get("resourceType") != "MedicationRequest":
        return False
    seen = drug(order, find, knowledge)
    return seen.is_ivig or seen.is_extravascular or seen.undecided or _untold(order, seen, find)


def _untold(order: Resource, seen: Drug, find: Resolver) -> bool:
    """Whether an order is to be given and nothing tells its drug.

    Of a Medication that was asked for in vain the display does not tell it: it may name another drug.
    """
    if status(order) in _OVER or forbids(order) or seen.identified.verdict != "no":
        return False
    return not seen.named.codes and (not seen.named.texts or bool(_asked_in_vain(order, find)))


def _asked_in_vain(order: Resource, find: Resolver) -> str:
    return find.vain(order.get("medicationReference")) if isinstance(find, References) else ""


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
            orders.append(replace(order, due=due(order, given, context)))
            limits.refuse_at_hand(len(orders))
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
    if entry.source == ORDERS and _untold(order, seen, find):
        vain = _asked_in_vain(order, find)
        what = f"{entry.ref} does not name its drug in a way that can be read{f': {vain}' if vain else ''}"
        _leave_out(entry, Reading(entry.ref, ORDERS, what, "left out"), notes)
        return None
    if seen.identified.verdict == "no":
        return None
    if forbids(order):
        notes.readings.append(_reading(entry, seen, "an order not to give it", "ignored"))
        return None
    if status(order) not in ADVISED and entry.source != ORDERS:
        return None
    extravascular = seen.is_extravascular and entry.source == ORDERS
    if not seen.is_ivig and not seen.undecided and not extravascular:
        notes.readings.append(_reading(entry, seen, seen.identified.why or "another immune globulin", "ignored"))
        return None
    try:
        checked = _checked(entry, seen)
    except Unreadable as fault:
        _leave_out(entry, _reading(entry, seen, str(fault), "left out"), notes)
        return None
    if checked is None:
        notes.readings.append(_reading(entry, seen, f"status {status(order)}", "ignored"))
        return None
    if checked.faulty is not None and entry.selected:
        notes.facts.append(_faulty(entry, seen, checked))
    if extravascular:
        notes.readings.append(_reading(entry, seen, "immune globulin that is not intravenous: no dose checks", "read"))
        why, state = reasons.reasons(checked.order, find, context).ids, status(checked.order)
        fact = ig_product(entry.ref, seen, why, context.knowledge, status=state, selected=entry.selected)
        notes.facts.append(fact)
        return None
    notes.readings.append(_reading(entry, seen, "immune globulin", "read"))
    return _read(entry, seen, checked, find, sizes, context)


def _checked(entry: OrderEntry, seen: Drug) -> Checked | None:
    """What may be used of an order of ours, None of one that is over. Raises Unreadable, saying why, for the rest."""
    checked = check_order(entry.resource) if entry.source == ORDERS else Checked(entry.resource)
    found = status(entry.resource)
    if found in _OVER:
        return None
    if found not in ADVISED:
        raise Unreadable(f"its status is {found}; write whether it is a draft, active or on hold")
    if seen.undecided:
        raise Unreadable(seen.identified.why or "the product cannot be told")
    return checked


def _read(
    entry: OrderEntry,
    seen: Drug,
    checked: Checked,
    find: Resolver,
    sizes: Sizes,
    context: Context,
) -> IgOrdered:
    order = checked.order
    regime, rate = regimen(order, seen.strength, sizes, context), highest_rate(order, seen.strength, sizes)
    if not checked.dosed:
        regime = replace(regime, state="unreadable", why=_NO_DOSAGE)
        rate = Rate("unreadable", why=_NO_DOSAGE)
    return IgOrdered(
        ref=entry.ref,
        selected=entry.selected,
        status=status(order),
        drug=seen,
        reasons=reasons.reasons(order, find, context),
        regimen=regime,
        amounts=amounts.amounts(regime, sizes, context),
        rate=rate,
        maxima=maxima(order, seen.strength),
        replaces=reference_key(order.get("priorPrescription")),
    )


def _reading(entry: OrderEntry, seen: Drug, what: str, verdict: Verdict) -> Reading:
    return Reading(entry.ref, entry.source, f"{seen.name}: {what}", verdict, seen.named.shown)


def _faulty(entry: OrderEntry, seen: Drug, checked: Checked) -> Unchecked:
    """That something in an order is not valid, and what was not read for it."""
    says = f"{seen.name} is not a valid MedicationRequest{f': see {checked.faulty}' if checked.faulty else ''}."
    says += "" if checked.dosed else " Its dose was not read."
    return Unchecked(ref=entry.ref, rule=_WHOLE, source=ORDERS, order=entry.ref, says=says)


def not_checked(readings: Iterable[Reading], selections: frozenset[str] | None) -> tuple[Unchecked, ...]:
    """That orders of the call were left out: for each of `readings` that tells so of a selected one."""
    return tuple(
        Unchecked(ref=one.ref, rule=_WHOLE, source=ORDERS, order=one.ref, says=f"Order not checked: {one.what}.")
        for one in readings
        if one.source == ORDERS and one.verdict == "left out" and (selections is None or one.ref in selections)
    )


def _leave_out(entry: OrderEntry, reading: Reading, notes: _Notes) -> None:
    notes.readings.append(reading)
    notes.unread.append(entry.ref)
    if entry.selected:
        notes.facts += not_checked([reading], None)


def _facts(
    order: IgOrdered, others: Sequence[IgOrdered], given: Sequence[GivenDose], sizes: Sizes, context: Context
) -> Iterator[Fact]:
    yield ig_order(order, context)
    why, known = order.reasons.ids, context.knowledge
    yield ig_product(order.ref, order.drug, why, known, status=order.status, selected=order.selected)
    yield from reasons.facts(order.ref, order.reasons)
    if not order.selected:
        return
    told: list[Fact] = list(amounts.facts(order.ref, order.regimen, order.amounts, sizes, context))
    told += course.course_amounts(order, others, given, sizes, context)
    yield from told
    yield from amounts.adjusted_dose(order.ref, order.amounts, sizes)
    yield from over_maxima(order.ref, order.maxima, order.amounts, sizes, context)
    if order.drug.route in VEINLESS:
        return
    bases = {fact.basis for fact in told if isinstance(fact, Amount)}
    product = order.drug.identified.product
    yield from ranges.ranges(order.ref, product, order.reasons, bases, context)
    yield from labels.rate_limits(order.ref, product, order.reasons, context)
    yield from labels.label_ages(order.ref, product, order.reasons, context)
    yield from evidence.evidence(order.ref, product, order.reasons, context)
    yield from reasons.ageless(order.ref, order.reasons, context)
    yield from course.course_total(order, others, given, sizes, context)
    yield from course.open_course(order, context)
    yield from spacing.spacing(order, given, context)
    yield from spacing.unknown_spacing(order, given, context)
    yield from spacing.overlaps(order, others)
