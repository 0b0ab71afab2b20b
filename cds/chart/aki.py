"""Acute kidney injury by creatinine, as KDIGO defines it: a rise within 48 hours, or a multiple within 7 days.

Only results with a date count. The later one of a pair must be recent and of the day of the newest result: an injury
that has come down again since is over. Where dates without a time leave it
open which of two results came first or how far apart they are, the pair counts: the safe way. The limits are the
rules'.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from decimal import Decimal
from itertools import permutations

from cds.chart.egfr import CREATININE
from cds.chart.measured import Result
from cds.chart.parts import Context
from cds.chart.printed import about, fact_number
from cds.facts import CreatinineChange

_PLACES = Decimal("0.001")
"""A rise of 26.5 µmol/L is one of 0.3 mg/dL to these places."""


@dataclass(frozen=True, slots=True)
class _Pair:
    before: Result
    after: Result
    low: Decimal
    high: Decimal

    @property
    def rise(self) -> Decimal:
        return (self.high - self.low).quantize(_PLACES)

    @property
    def ratio(self) -> Decimal:
        return self.high / self.low

    @property
    def says(self) -> str:
        return f"from {about(self.low)} ({self.before.dated}) to {about(self.high)} mg/dL ({self.after.dated})"


def creatinine_change(results: Iterable[Result], context: Context) -> CreatinineChange | None:
    """The largest rise and the largest multiple of recent creatinine results; None where it did not rise."""
    hours = int(context.values["renal.kdigo_rise_hours"])
    days = int(context.values["renal.kdigo_window_days"])
    pairs = list(_pairs(results, context, days))
    near = (pair for pair in pairs if _gap(pair, context.zone) <= timedelta(hours=hours))
    rise = max(near, key=lambda pair: pair.rise, default=None)
    ratio = max(pairs, key=lambda p: p.ratio, default=None)
    if ratio is None:
        return None
    told = [f"creatinine × {about(ratio.ratio)} within {days} days, {ratio.says}"]
    if rise is not None:
        told.insert(0, f"creatinine up {about(rise.rise)} mg/dL within {hours} h, {rise.says}")
    return CreatinineChange(
        ref=ratio.after.ref,
        says="; ".join(told),
        rise=fact_number(rise.rise) if rise is not None else None,
        ratio=fact_number(ratio.ratio),
    )


def _pairs(results: Iterable[Result], context: Context, days: int) -> Iterator[_Pair]:
    """Every rise to a result of the newest day, if that is of the last days, from one of the days before it."""
    window = timedelta(days=days)
    dated = [
        (result, result.day, exact)
        for result in results
        if result.measurement == CREATININE
        and (exact := result.value.exact) is not None
        and result.day is not None
        and context.today - result.day.last <= 2 * window
    ]
    newest = max((day.first for _, day, _ in dated), default=context.today)
    for (before, earlier, low), (after, later, high) in permutations(dated, 2):
        if later.last < newest:
            continue
        if high <= low or context.today - later.last > window or later.first - earlier.last > window:
            continue
        if _ends(before, context.zone)[0] <= _ends(after, context.zone)[1]:
            yield _Pair(before, after, low, high)


def _gap(pair: _Pair, zone: tzinfo) -> timedelta:
    """The least time that may lie between the two."""
    return max(timedelta(), _ends(pair.after, zone)[0] - _ends(pair.before, zone)[1])


def _ends(result: Result, zone: tzinfo) -> tuple[datetime, datetime]:
    """The first and the last moment that a dated result may be of, in UTC."""
    if result.moment is not None:
        moment = result.moment.astimezone(UTC)
        return moment, moment
    assert result.day is not None
    day = result.day
    first, last = datetime.combine(day.first, time.min, zone), datetime.combine(day.last, time.max, zone)
    return first.astimezone(UTC), last.astimezone(UTC)
