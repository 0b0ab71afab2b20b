"""One immune globulin order at hand as the fact `ig_order`, and in short for other files of this room."""

from __future__ import annotations

from cds.chart.ig_ordered import RUNNING, IgOrdered
from cds.chart.parts import Context, PlannedOrder
from cds.chart.pauses import gap
from cds.chart.printed import fact_number
from cds.facts import IgOrder

_LONGEST = 20
"""Characters of a dose, in words or of several steps: what a summary has room for."""


def ig_order(order: IgOrdered, context: Context) -> IgOrder:
    """The order as a fact."""
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
        strength=None if drugged.strength is None else fact_number(drugged.strength),
        sugar=drugged.sugar,
        iga=None if iga is None else fact_number(iga),
        iga_basis=drugged.identified.iga_basis,
        first_day=first,
        last_day=last,
        next_day=min((day for day in days.days if day >= context.today), default=None),
        doses=len(days.days) if days.course_known and not days.endless else None,
        repeating=own is not None,
        interval_days=own,
        rate=None if order.rate.mg_per_kg_min is None else fact_number(order.rate.mg_per_kg_min),
        rate_state=order.rate.state,
        rate_says="; ".join(filter(None, [order.rate.says, order.rate.why])),
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
    """The text, or its first words."""
    if len(text) <= _LONGEST:
        return text
    return f"{text[: _LONGEST - 1].rsplit(maxsplit=1)[0].rstrip(',;')} …"


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


def planned(order: IgOrdered) -> PlannedOrder:
    """The order as other files of this room need it: its days and doses."""
    days = order.regimen.days
    each = order.amounts.usable if days.course_known or days.endless else ()
    low = min((one.low for one in each), default=None)
    high = max((one.high for one in each), default=None)
    return PlannedOrder(
        ref=order.ref,
        selected=order.selected,
        product=order.drug.identified.product,
        product_name=order.drug.name,
        route=order.drug.route,
        indications=order.reasons.ids,
        days=days.days,
        repeats=days.endless,
        mg_per_kg=None if low is None or high is None else (low, high),
        due=order.due,
        counts=order.status in RUNNING and not order.unfinished,
        replaces=order.replaces,
    )
