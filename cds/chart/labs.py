"""Laboratory results: the newest usable one of each measurement, with the ages the patient may have had then."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from cds.chart.body import HEIGHT
from cds.chart.egfr import CREATININE, estimated
from cds.chart.measured import Result, left_out, newest
from cds.chart.meter import METER
from cds.chart.parts import Context, Reading
from cds.chart.patient import Person
from cds.chart.printed import fact_number
from cds.chart.result_value import BLOOD_GROUP, EGFR
from cds.chart.weight import WEIGHT
from cds.facts import Lab
from cds.fhir import Bounds, Span


def read_labs(
    results: Sequence[Result], person: Person, context: Context, vitals_read: bool = True
) -> tuple[tuple[Lab, ...], tuple[Reading, ...]]:
    """One Lab per measurement with a usable result, and readings of the newer ones that could not be used.

    `vitals_read` tells whether the source of heights was read.
    """
    labs = [result for result in results if result.measurement not in (WEIGHT, HEIGHT, METER)]
    used: list[list[Result]] = []
    for measurement in sorted({result.measurement for result in labs} - {EGFR}):
        good = [result for result in labs if result.measurement == measurement and not result.value.trouble]
        used.append(_by_age(good) if measurement == BLOOD_GROUP else newest(good))
    heights_read = vitals_read and not any(one.measurement == HEIGHT and one.value.trouble for one in results)
    kidney, readings = estimated(results, person, context, heights_read)
    readings += left_out(labs, [group[0] for group in (*used, kidney) if group], {CREATININE: EGFR})
    return tuple(_lab(group, person, context) for group in (*used, kidney) if group), tuple(readings)


def _by_age(results: Sequence[Result]) -> list[Result]:
    """All of them, the newest first."""
    return sorted(results, key=lambda one: (one.first_day, one.ref), reverse=True)


def hull(found: Iterable[Bounds]) -> Bounds:
    """What any of several bounds leaves possible."""
    each = list(found)
    least = min((b.at_least for b in each if b.at_least is not None), default=None)
    most = max((b.at_most for b in each if b.at_most is not None), default=None)
    least = None if any(b.at_least is None for b in each) else least
    most = None if any(b.at_most is None for b in each) else most
    return Bounds(
        least,
        most,
        open_low=least is not None and all(b.open_low for b in each if b.at_least == least),
        open_high=most is not None and all(b.open_high for b in each if b.at_most == most),
    )


def _lab(group: Sequence[Result], person: Person, context: Context) -> Lab:
    """One fact of results that count together: what they all leave possible."""
    first = group[0]
    today = Span(context.today, context.today)
    years = person.years(first.day or today)
    if years is not None and first.day is None:
        years = 0, years[1]
    answers = {result.value.presence for result in group}
    groups = {result.value.group for result in group} - {"unknown"}
    limits = hull(result.value.bounds for result in group if result.value.bounds is not None)
    return Lab(
        ref=first.ref,
        says="; ".join(dict.fromkeys(result.says for result in group)),
        concept=first.measurement,
        at_least=_float(limits.at_least),
        at_most=_float(limits.at_most),
        open_low=limits.open_low,
        open_high=limits.open_high,
        result=answers.pop() if len(answers) == 1 else "none",
        blood_group=groups.pop() if len(groups) == 1 else "unknown",
        day=first.day.first if first.day else None,
        age_min=years[0] if years else None,
        age_max=years[1] if years else None,
        computed=any(result.how for result in group),
    )


def _float(value: Decimal | None) -> float | None:
    return None if value is None else fact_number(value)
