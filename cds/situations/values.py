"""Days and quantities of the short form as FHIR elements."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from typing import Any

UCUM = "http://unitsofmeasure.org"
_STEP = re.compile(r"([+-])(\d+) (day|week|month|year)s?(T\S+)?")
_QUANTITY = re.compile(r"(<=|>=|<|>)?\s*(-?\d+(?:\.\d+)?)(?:\s+(.+))?")
PRINTED = {"[lb_av]": "lbs", "[in_i]": "in", "mL/min/{1.73_m2}": "mL/min/1.73 m2"}


def step(day: date, count: int, unit: str) -> date:
    """The day so many days, weeks, months or years on; a month's end stays a month's end."""
    if unit in ("day", "week"):
        return day + timedelta(days=count * (7 if unit == "week" else 1))
    months = day.year * 12 + day.month - 1 + count * (12 if unit == "year" else 1)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def when(written: str, as_of: date) -> str:
    """A FHIR date: "today", "-10 days", "+2 weeks", "-2 daysT08:00:00Z", or a date as it is written."""
    if written == "today":
        return as_of.isoformat()
    match = _STEP.fullmatch(written)
    if match is None:
        return written
    sign, count, unit, time = match.groups()
    return step(as_of, int(f"{sign}{count}"), unit).isoformat() + (time or "")


def number(written: str) -> int | float:
    """A JSON number as it is written."""
    return float(written) if "." in written else int(written)


def quantity(written: str) -> dict[str, Any] | None:
    """A written quantity such as "<7 mg/dL" as a Quantity with its UCUM code; None where it is no quantity."""
    match = _QUANTITY.fullmatch(written)
    if match is None:
        return None
    comparator, value, unit = match.groups()
    made: dict[str, Any] = {"value": number(value)}
    if comparator:
        made["comparator"] = comparator
    if unit:
        made |= {"unit": PRINTED.get(unit, unit), "system": UCUM, "code": unit}
    return made
