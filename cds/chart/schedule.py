"""On which days an order's doses are planned, from a FHIR Timing.

The first day is that of an event, else the start of the bounds, else the day given (the evaluation day); never the day
the order was written. Where the number of doses is open, `course_known` is false: nothing is multiplied by a guess.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from fractions import Fraction
from itertools import takewhile
from math import floor
from typing import Any

from cds.chart.clearance import add_months
from cds.chart.pauses import gap
from cds.fhir import codings, instant, quantity, span, texts
from cds.fhir.quantities import number
from cds.fhir.read import clean

_HORIZON = 56
_MOST = 1000
_FAR = 36_500
_YEARS = (1900, 2200)
_UNITS = {"s": Fraction(1, 86400), "min": Fraction(1, 1440), "h": Fraction(1, 24), "d": Fraction(1), "wk": Fraction(7)}
_NAMES = {"hour": "h", "hr": "h", "day": "d", "week": "wk", "month": "mo", "year": "a", "minute": "min", "second": "s"}
_MONTHS = {"mo": 1, "a": 12}
_CODES: Mapping[str, tuple[int, int, str]] = {
    "QD": (1, 1, "d"),
    "AM": (1, 1, "d"),
    "PM": (1, 1, "d"),
    "QOD": (1, 2, "d"),
    "BID": (2, 1, "d"),
    "TID": (3, 1, "d"),
    "QID": (4, 1, "d"),
    "WK": (1, 1, "wk"),
    "MO": (1, 1, "mo"),
}
_ONCE = frozenset({"once", "one time", "one-time", "x1", "stat", "now", "once only"})
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Schedule:
    """The planned days, each administration once, in order; of an endless timing as many as needed to compare: those
    from its start on, and those about the evaluation day.

    `own_start` tells that the timing itself names its first day, `begins` its moment where that is named. `day_known`
    and `course_known` tell whether the number of doses a day, and of all doses, can be counted on.
    """

    days: tuple[date, ...]
    own_start: bool = False
    endless: bool = False
    day_known: bool = True
    course_known: bool = True
    begins: datetime | None = None

    @property
    def times_a_day(self) -> int:
        """The most administrations on one day."""
        return max(Counter(self.days).values())


@dataclass(frozen=True, slots=True)
class _Step:
    """`times` administrations in every period of `days` or of `months`."""

    times: int
    days: Fraction
    months: int = 0

    def nth(self, start: date, index: int) -> date:
        whole, part = divmod(index, self.times)
        if self.months:
            return add_months(start, whole * self.months) + timedelta(days=floor(part * self.days / self.times))
        return start + timedelta(days=floor(index * self.days / self.times))

    def before(self, start: date, day: date) -> int:
        """The number of an administration that lies no later than a day, and is the first of its period."""
        period = Fraction(31 * self.months) if self.months else self.days
        return max(0, floor((day - start).days / period)) * self.times

    def offset(self, start: date, index: int) -> Fraction:
        """Days from the start, with their fraction, so that bounds of hours count as well."""
        if self.months:
            return Fraction((self.nth(start, index) - start).days)
        return index * self.days / self.times


def schedule(timing: object, default: date, window: int, zone: tzinfo) -> Schedule:
    """The days of a Timing element; `default` where it names none, `window` the days of a course."""
    if not isinstance(timing, Mapping):
        return Schedule((default,))
    found = _days(timing, default, window, zone)
    return replace(found, begins=_begins(timing, found.days[0], zone)) if found.own_start else found


def _begins(timing: Mapping[str, Any], first: date, zone: tzinfo) -> datetime | None:
    """The earliest moment that the timing names on its first day."""
    events, repeat = timing.get("event"), timing.get("repeat")
    period = repeat.get("boundsPeriod") if isinstance(repeat, Mapping) else None
    named = list(events) if isinstance(events, list | tuple) else []
    named += [period.get("start")] if isinstance(period, Mapping) and not named else []
    moments = [moment for one in named if (moment := instant(one, zone)) is not None]
    return min((moment for moment in moments if moment.astimezone(zone).date() == first), default=None)


def _days(timing: Mapping[str, Any], default: date, window: int, zone: tzinfo) -> Schedule:
    events = timing.get("event")
    if isinstance(events, list | tuple) and events:
        return _events(events, default, zone)
    repeat = timing.get("repeat")
    if isinstance(repeat, Mapping) and repeat:
        return _repeat(repeat, _step(repeat) or _coded(timing), default, window, zone)
    code = _coded(timing)
    if code is not None:
        return _run(code, default, None, None, window, default, own_start=False)
    words = {clean(word).lower() for word in texts(timing.get("code"))}
    if words & _ONCE or not (words or codings(timing.get("code"))):
        return Schedule((default,))
    return _open(default, own_start=False)


def open_days(start: date) -> Schedule:
    """The days of an order of which only the words say that its dose comes again."""
    return _open(start, own_start=False)


def _open(start: date, *, own_start: bool, day_known: bool = False) -> Schedule:
    return Schedule((start,), own_start, day_known=day_known, course_known=False)


def _events(events: Any, default: date, zone: tzinfo) -> Schedule:
    days = [_nearest(event, default, zone) for event in events]
    known = sorted(day for day in days if day is not None)
    if not known:
        return _open(default, own_start=False)
    complete = len(known) == len(days) and len(days) <= _MOST
    return Schedule(tuple(known[:_MOST]), True, day_known=complete, course_known=complete)


def _nearest(value: object, today: date, zone: tzinfo) -> date | None:
    """A day; of a month or a year the day nearest to today."""
    read = span(value, zone)
    if read is None or not _YEARS[0] <= read.first.year <= _YEARS[1]:
        return None
    return min(max(today, read.first), read.last)


def _repeat(repeat: Mapping[str, Any], step: _Step | None, default: date, window: int, zone: tzinfo) -> Schedule:
    period = repeat.get("boundsPeriod")
    period = period if isinstance(period, Mapping) else {}
    begin, end = _nearest(period.get("start"), default, zone), _nearest(period.get("end"), default, zone)
    start, own = begin or default, begin is not None
    count = _whole(repeat.get("countMax")) or _whole(repeat.get("count"))
    lasts = _lasts(repeat, start)
    if end is not None:
        lasts = Fraction((end - start).days + 1)
    if lasts is not None and not 0 < lasts <= _FAR:
        return _open(start, own_start=own)
    listed = repeat.get("dayOfWeek")
    weekdays = [word for word in listed if word in _WEEKDAYS] if isinstance(listed, list | tuple) else []
    if weekdays:
        return _weekdays(weekdays, repeat, start, own, count, lasts, default)
    if step is None and any(key in repeat for key in ("period", "frequency", "frequencyMax", "periodUnit")):
        if _whole(repeat.get("frequency")) == 1 and "period" not in repeat and lasts is None:
            return Schedule((start,), own)
        return _open(start, own_start=own)
    times = repeat.get("timeOfDay")
    if step is None and isinstance(times, list) and times:
        step = _Step(len(times), Fraction(1))
    if step is None:
        if count is not None and count <= _MOST:
            return Schedule(tuple(start + timedelta(days=i) for i in range(count)), own)
        if count is None and (lasts is None or lasts <= 1):
            return Schedule((start,), own)
        return _open(start, own_start=own)
    return _run(step, start, count, lasts, window, default, own_start=own)


def _run(
    step: _Step,
    start: date,
    count: int | None,
    lasts: Fraction | None,
    window: int,
    today: date,
    *,
    own_start: bool,
) -> Schedule:
    if count is None and lasts is None:
        ahead = max(timedelta(days=_HORIZON), 2 * (step.nth(start, step.times) - start))
        days = _until(step, start, 0, start + ahead)
        late = _until(step, start, step.before(start, today - ahead), today + ahead) if today > start else []
        days += [day for day in late if day > days[-1]]
        return Schedule(tuple(days), own_start, True, course_known=gap(tuple(days), window) is not None)
    days = []
    for index in range(_MOST if count is None else min(count, _MOST)):
        if lasts is not None and step.offset(start, index) >= lasts:
            break
        days.append(step.nth(start, index))
    return Schedule(tuple(days), own_start, course_known=len(days) < _MOST)


def _until(step: _Step, start: date, index: int, last: date) -> list[date]:
    """The days from this administration on, up to the last one."""
    days = takewhile(lambda day: day <= last, (step.nth(start, index + i) for i in range(_MOST)))
    return list(days)


def _weekdays(
    names: list[str],
    repeat: Mapping[str, Any],
    start: date,
    own: bool,
    count: int | None,
    lasts: Fraction | None,
    today: date,
) -> Schedule:
    every = _whole(repeat.get("period")) or 1
    weeks = every if repeat.get("periodUnit") == "wk" else 1
    endless = count is None and lasts is None
    ahead = timedelta(days=2 * _HORIZON * weeks)
    last = start + timedelta(days=floor(lasts) - 1) if lasts is not None else max(start, today) + ahead
    days = list(_matching(names, start, weeks, last))[: count or _MOST]
    if not days:
        return _open(start, own_start=own)
    return Schedule(tuple(days), own, endless, course_known=not endless or len(set(names)) == 1)


def _matching(names: list[str], start: date, weeks: int, last: date) -> Iterator[date]:
    """The days of these names, in every nth week, counted from the first of them."""
    wanted = {_WEEKDAYS.index(name) for name in names}
    first = next(day for day in (start + timedelta(days=i) for i in range(7)) if day.weekday() in wanted)
    monday = first - timedelta(days=first.weekday())
    for offset in range(min((last - start).days, _MOST) + 1):
        day = start + timedelta(days=offset)
        if day.weekday() in wanted and (day - monday).days // 7 % weeks == 0:
            yield day


def _step(repeat: Mapping[str, Any]) -> _Step | None:
    period, unit = number(repeat.get("period")), clean(repeat.get("periodUnit"))
    times = max(_whole(repeat.get("frequencyMax")) or 0, _whole(repeat.get("frequency")) or 0)
    if not times and "frequency" not in repeat and "frequencyMax" not in repeat:
        times = 1
    if period is None or period <= 0 or times <= 0 or times > _MOST:
        return None
    return _of_unit(times, Fraction(period), unit)


def _of_unit(times: int, period: Fraction, unit: str) -> _Step | None:
    if unit in _MONTHS and period.denominator == 1:
        months = int(period) * _MONTHS[unit]
        return _Step(times, Fraction(28 * months), months) if months <= _FAR // 30 else None
    if unit in _UNITS and period * _UNITS[unit] <= _FAR:
        return _Step(times, period * _UNITS[unit])
    return None


def _coded(timing: Mapping[str, Any]) -> _Step | None:
    for coding in codings(timing.get("code")):
        found = _CODES.get(coding.code.upper())
        if found is not None:
            return _of_unit(found[0], Fraction(found[1]), found[2])
    return None


def _lasts(repeat: Mapping[str, Any], start: date) -> Fraction | None:
    """How many days the bounds last; -1 where they are stated but cannot be read."""
    bounds = repeat.get("boundsDuration")
    if bounds is None and isinstance(repeat.get("boundsRange"), Mapping):
        bounds = repeat["boundsRange"].get("high")
        if bounds is None:
            return Fraction(-1)
    if bounds is None:
        return None
    read = quantity(bounds)
    if read is None or read.value <= 0 or read.value > _FAR:
        return Fraction(-1)
    unit = read.unit.lower().rstrip("s") if len(read.unit) > 1 else read.unit
    unit = _NAMES.get(unit, unit)
    if unit in _MONTHS:
        months = int(read.value * _MONTHS[unit])
        return Fraction((add_months(start, min(months, 1200)) - start).days)
    return Fraction(read.value) * _UNITS[unit] if unit in _UNITS else Fraction(-1)


def _whole(value: object) -> int | None:
    read = number(value)
    return int(read) if read is not None and read == read.to_integral_value() and 0 < read <= _FAR else None
