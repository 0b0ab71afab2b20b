"""FHIR dates: a year, a month, a day or an instant, read as the days it may mean."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime, tzinfo

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ].+)?)?)?")
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The days a date may mean: one day, or a month or a year where only that is written."""

    first: date
    last: date

    @property
    def exact(self) -> bool:
        return self.first == self.last


def instant(value: object, zone: tzinfo) -> datetime | None:
    """An aware time, in `zone` where no offset is written; None unless it has a time of day.

    None in the first and last year of the calendar too, where a time cannot be told in another zone.
    """
    if not isinstance(value, str) or not _INSTANT.match(value.strip()):
        return None
    try:
        read = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    if not MINYEAR < read.year < MAXYEAR:
        return None
    return read if read.tzinfo else read.replace(tzinfo=zone)


def span(value: object, zone: tzinfo) -> Span | None:
    """The days a FHIR date or dateTime may mean in `zone`; None for anything else, a day that never was included."""
    if not isinstance(value, str):
        return None
    value = value.strip()
    moment = instant(value, zone)
    if moment is not None:
        try:
            local = moment.astimezone(zone).date()
        except OverflowError:  # 9999-12-31T23:59:59Z, "never", is past the calendar's end east of Greenwich
            local = moment.date()
        return Span(local, local)
    match = _DATE.fullmatch(value)
    if match is None:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        if month is None:
            return Span(date(year or 0, 1, 1), date(year or 0, 12, 31))
        if day is None:
            return Span(date(year or 0, month, 1), date(year or 0, month, calendar.monthrange(year or 0, month)[1]))
        exact = date(year or 0, month, day)
    except ValueError:
        return None
    return Span(exact, exact)
