"""Whether a drug is ordered, in use or ended, by the status and the dates of its order or statement.

Decided here: an order of this call is a draft whatever its planned day, unless it is active already. An order on hold
in the record is not in use. Where the last day of an order that is over or on hold is not stated, it counts as the
first day that it can have been: that of its start or, if later, of its writing. A status that is missing or unknown
counts as in use, and the sentence says so. Cancelled orders were withdrawn before any dose, unless their own dates
say that they ran.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from cds.case import Resource
from cds.chart.parts import Context
from cds.chart.periods import Days, dosages, period
from cds.chart.printed import when
from cds.fhir import span, status

State = Literal["draft", "active", "ended"]

_NEVER = frozenset({"entered-in-error", "not-taken", "not-done", "refuted", "intended", "declined"})
_OVER = frozenset({"completed", "stopped", "cancelled"})


@dataclass(frozen=True, slots=True)
class Use:
    """How a drug counts, since when or until when it was in use, and the words for it."""

    state: State
    says: str
    ended: date | None = None


def use(resource: Resource, context: Context, *, in_call: bool) -> Use | str:
    """How the drug of an order or statement counts; a sentence where it does not count at all."""
    state, days = status(resource), _days(resource, context)
    later = days.start is not None and days.start.first > context.today
    if resource.get("doNotPerform") is True:
        return "an order not to give it"
    if state in _NEVER or (state == "cancelled" and not _ran(days, context)):
        return f"status {state}: it was not taken"
    if state in _OVER:
        return (
            f"status {state}, planned for later: it was not taken" if later else _ended(state, resource, days, context)
        )
    if state == "draft" or (in_call and (later or state != "active")):
        return Use("draft", "draft order" if state == "draft" else f"ordered now ({state or 'no status'})")
    if later:
        return "it starts later"
    if days.end is not None and days.end.last < context.today:
        return Use("ended", f"{state or 'no status'}, ended {when(days.end)}", days.end.last)
    if state == "on-hold":
        return _open_end("on hold since a day that is not stated", resource, days, context)
    begun = f" since {when(days.start)}" if days.start is not None else ""
    if state == "active":
        return Use("active", f"in use{begun}")
    return Use("active", f"status {state or 'missing'}, counted as in use{begun}")


def _ended(state: str, resource: Resource, days: Days, context: Context) -> Use:
    if days.end is None:
        return _open_end(f"{state}, the last day is not stated", resource, days, context)
    day = min(days.end.last, context.today)
    counted = "" if days.end.exact and days.end.last <= context.today else f", counted as {day}"
    planned = "planned until" if days.end.last > context.today and days.end.exact else "ended"
    return Use("ended", f"{state}, {planned} {when(days.end)}{counted}", day)


def _open_end(says: str, resource: Resource, days: Days, context: Context) -> Use:
    known = [day for day in (days.start, span(resource.get("authoredOn"), context.zone)) if day is not None]
    if not known:
        return Use("ended", says)
    day = min(max(each.last for each in known), context.today)
    return Use("ended", f"{says}, counted as {day}, the first that it can be", day)


def _ran(days: Days, context: Context) -> bool:
    return (
        days.start is not None
        and days.end is not None
        and days.start.first <= context.today
        and days.start.first <= days.end.last
    )


def _days(resource: Resource, context: Context) -> Days:
    """The drug's own dates: the later end of dosage and statement, else how long the prescription is valid.

    A validity that ends in the future says nothing about the day on which an order that is over ended.
    """
    zone = context.zone
    dosed = dosages(resource.get("dosageInstruction", resource.get("dosage")), zone)
    stated = period(resource.get("effectivePeriod"), zone)
    moment = span(resource.get("effectiveDateTime"), zone)
    if moment is not None:
        over = status(resource) in _OVER
        stated = Days(moment, moment if over else None)
    dispense = resource.get("dispenseRequest")
    valid = period(dispense.get("validityPeriod"), zone) if isinstance(dispense, dict) else Days()
    end = max((day for day in (dosed.end, stated.end) if day is not None), key=lambda day: day.last, default=None)
    if end is None and valid.end is not None and (valid.end.first <= context.today or status(resource) not in _OVER):
        end = valid.end
    return Days(dosed.start or stated.start or valid.start, end)
