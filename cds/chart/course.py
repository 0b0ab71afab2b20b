"""What an order comes to together with others: the course total, the pause before it, and doses on the same days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from itertools import groupby

from cds.case import ORDERS
from cds.chart.amounts import Administration, Amounts
from cds.chart.dosage import Regimen
from cds.chart.given_courses import courses
from cds.chart.identify import Drug
from cds.chart.parts import Context, GivenDose, Sizes
from cds.chart.printed import fact_number
from cds.chart.quantities import mg_per_kg
from cds.chart.reasons import Reasons
from cds.chart.schedule import pause
from cds.facts import CourseTotal, Overlap, Spacing, Unchecked


@dataclass(frozen=True, slots=True)
class IgOrdered:
    """One immune globulin order at hand, as far as it could be read. `replaces` is the order it takes the place of."""

    ref: str
    selected: bool
    status: str
    drug: Drug
    reasons: Reasons
    regimen: Regimen
    amounts: Amounts
    replaces: str = ""

    @property
    def first_day(self) -> date:
        return self.regimen.days.days[0]


@dataclass(frozen=True, slots=True)
class _Dose:
    """One dose that counts in a course, and where it is written; `given` ones lie in the past."""

    day: date
    low: Decimal
    high: Decimal
    ref: str
    given: bool
    at: datetime | None = None


def course_total(
    order: IgOrdered, others: Sequence[IgOrdered], given: Sequence[GivenDose], sizes: Sizes, context: Context
) -> Iterator[CourseTotal]:
    """The largest sum of doses for one indication within a course that this order has part in, and its limit.

    Of several indications the one with the most permissive limit; none where no indication has a limit, or where the
    number of doses is open. Doses of unknown size are named and not counted.
    """
    if not order.amounts.usable or not order.regimen.days.course_known:
        return
    found = [
        (limit, indication, doses, unknown)
        for indication in order.reasons.ids
        for doses, unknown in [_course(order, indication, others, given, sizes, context)]
        if (limit := _limit(order, indication, doses, context)) is not None
    ]
    if not found:
        return
    limit, indication, doses, unknown = max(found, key=lambda one: one[0])
    low, high = sum((d.low for d in doses), Decimal(0)), sum((d.high for d in doses), Decimal(0))
    tolerance = context.values["dose.range_tolerance_percent"] / 100
    yield CourseTotal(
        ref=order.ref,
        order=order.ref,
        indication=indication,
        low=fact_number(low),
        high=fact_number(high),
        days=len({dose.day for dose in doses}),
        limit=fact_number(limit * (1 + tolerance)),
        critical_limit=fact_number(limit * context.values["dose.course_critical_ratio"]),
        maximum=fact_number(limit),
        says=_says(order, doses, high) + "".join(f"; not counted, its size is not known: {ref}" for ref in unknown),
    )


def open_course(order: IgOrdered, context: Context) -> Iterator[Unchecked]:
    """That the course was not added up, where it has a limit and the order leaves the number of doses open."""
    if not order.amounts.usable or order.regimen.days.course_known:
        return
    product, indications = order.drug.identified.product, context.knowledge.indications
    if any(indications.course_max(indication, product) is not None for indication in order.reasons.ids):
        says = f"Course total of {order.drug.name}: the order does not say how many doses there are."
        yield Unchecked(ref=order.ref, rule="dose.course-exceeded", source=ORDERS, order=order.ref, says=says)


def due(order: IgOrdered, given: Sequence[GivenDose], context: Context) -> tuple[date, ...]:
    """The planned days that are still to come: without those that a dose given has carried out.

    A dose given that names no order stands for one of an active order planned on that very day.
    """
    days = list(order.regimen.days.days)
    for dose in given:
        if not dose.day.exact:
            continue
        own = dose.order == order.ref
        today = order.status != "draft" and not dose.order and dose.day.last <= context.today
        if own and not order.regimen.days.own_start and days:
            days.pop(0)
        elif (own or today) and dose.day.last in days:
            days.remove(dose.day.last)
    return tuple(days)


def spacing(order: IgOrdered, given: Sequence[GivenDose], context: Context) -> Iterator[Spacing]:
    """The pause since the last earlier course that was given, and the pause within the order's own timing.

    A dose whose day is not certain counts on the latest day that its date may mean, and that is said.
    """
    window = int(context.values["dose.course_window_days"])
    related = [dose for dose in given if _same_indication(dose, order.reasons.ids)]
    earlier = [
        course
        for course in courses(related, context)
        if course.last_day < order.first_day and (order.first_day - course.first_day).days >= window
    ]
    if earlier:
        last = earlier[-1].last_day
        days = (order.first_day - last).days
        at = f"{last}" if earlier[-1].exact else f"{last} at the latest, its date is partial"
        says = f"last dose {at} ({earlier[-1].ref}), planned {order.first_day}: {days} days"
        yield Spacing(ref=order.ref, order=order.ref, origin="previous", days=days, says=says)
    own = pause(order.regimen.days.days, window)
    if own is not None:
        says = f"the order's own timing: {own} days between doses"
        yield Spacing(ref=order.ref, order=order.ref, origin="own", days=own, says=says)


def overlaps(
    order: IgOrdered, others: Sequence[IgOrdered], given: Sequence[GivenDose], context: Context
) -> Iterator[Overlap]:
    """Every other order with doses still to come on days of this one; not one that either of them replaces.

    A draft without a dose is still being entered and has no doses yet.
    """
    mine = set(order.regimen.days.days)
    for other in others:
        if other.ref == order.replaces or other.replaces == order.ref or any(map(_unfinished, (order, other))):
            continue
        days = mine & set(due(other, given, context))
        if days:
            name = f"{other.drug.name} {other.regimen.text}".strip()
            yield Overlap(
                ref=other.ref,
                order=order.ref,
                other=other.ref,
                other_name=name,
                first_day=min(days),
                says=f"{name} ({other.status}), also planned on {min(days)}",
            )


def _unfinished(order: IgOrdered) -> bool:
    return order.status == "draft" and order.regimen.state == "absent"


def _same_indication(dose: GivenDose, indications: Sequence[str]) -> bool:
    return dose.indication == "unknown" or dose.indication in indications


def _course(
    order: IgOrdered,
    indication: str,
    others: Sequence[IgOrdered],
    given: Sequence[GivenDose],
    sizes: Sizes,
    context: Context,
) -> tuple[list[_Dose], list[str]]:
    """The doses of the window with the highest total, and the references of what could not be counted in it."""
    mine = _planned(order, given, context)
    doses = list(mine)
    unknown: list[tuple[date, str]] = []
    for other in others:
        if indication not in other.reasons.ids or order.ref in (other.replaces,) or other.ref == order.replaces:
            continue
        if other.amounts.usable:
            doses += _planned(other, given, context)
        else:
            unknown += [(day, other.ref) for day in due(other, given, context)]
    for dose in given:
        if not dose.day.exact or not _same_indication(dose, (indication,)):
            continue
        size = _size(dose, sizes)
        if size is None:
            unknown.append((dose.day.last, dose.ref))
        else:
            doses.append(_Dose(dose.day.last, size, size, dose.ref, given=True, at=dose.at))
    window = timedelta(days=int(context.values["dose.course_window_days"]))
    best: list[_Dose] = []
    for start in sorted({dose.day for dose in doses}):
        inside = [dose for dose in doses if start <= dose.day < start + window]
        if any(dose in mine for dose in inside) and _total(inside) > _total(best):
            best = inside
    best.sort(key=lambda dose: (dose.day, dose.ref))
    near = [ref for day, ref in unknown if best and best[-1].day - window < day < best[0].day + window]
    return best, list(dict.fromkeys(near))


def _planned(order: IgOrdered, given: Sequence[GivenDose], context: Context) -> list[_Dose]:
    left = list(due(order, given, context))
    doses = []
    for one in order.amounts.usable:
        if one.day in left:
            left.remove(one.day)
            doses.append(_dose(one, order.ref))
    return doses


def _dose(one: Administration, ref: str) -> _Dose:
    return _Dose(one.day, one.low, one.high, ref, given=False)


def _size(dose: GivenDose, sizes: Sizes) -> Decimal | None:
    if dose.mg_per_kg is not None:
        return dose.mg_per_kg
    return dose.grams * 1000 / sizes.kg if dose.grams is not None and sizes.kg else None


def _total(doses: Sequence[_Dose]) -> Decimal:
    return sum((dose.high for dose in doses), Decimal(0))


def _limit(order: IgOrdered, indication: str, doses: Sequence[_Dose], context: Context) -> Decimal | None:
    """The course maximum; that of a retreatment only where a full first dose was given long enough before.

    Where the time of day of one of them is not known, the hours are counted in whole days, rounded up.
    """
    if not doses:
        return None
    values = context.values
    tolerance = values["dose.range_tolerance_percent"] / 100
    start = min((dose.day for dose in doses if not dose.given), default=order.first_day)
    before = [dose for dose in doses if dose.given and _long_before(dose, order, start, context)]
    retreated = _total(before) >= values["kawasaki.retreatment_first_mg_per_kg"] * (1 - tolerance)
    return context.knowledge.indications.course_max(indication, order.drug.identified.product, retreated=retreated)


def _long_before(dose: _Dose, order: IgOrdered, start: date, context: Context) -> bool:
    hours = context.values["kawasaki.retreatment_hours"]
    begins = order.regimen.days.begins
    if dose.at is not None and begins is not None and start == order.first_day:
        return begins - dose.at >= timedelta(hours=float(hours))
    return (start - dose.day).days >= int((hours / 24).to_integral_value(ROUND_CEILING))


def _says(order: IgOrdered, doses: Sequence[_Dose], total: Decimal) -> str:
    """What adds up: "1000 mg/kg on 2026-11-18 (given, …) + 2 × 968 mg/kg (2026-11-20 to 2026-11-21) = 2935 mg/kg"."""
    parts = []
    for (ref, given, size), group in groupby(doses, key=lambda dose: (dose.ref, dose.given, dose.high)):
        days = [dose.day for dose in group]
        where = "" if ref == order.ref else f" ({'given, ' if given else ''}{ref})"
        if len(days) == 1:
            parts.append(f"{mg_per_kg(size)} on {days[0]}{where}")
        else:
            parts.append(f"{len(days)} × {mg_per_kg(size)} ({days[0]} to {days[-1]}){where}")
    return parts[0] if len(doses) == 1 else f"{' + '.join(parts)} = {mg_per_kg(total)}"
