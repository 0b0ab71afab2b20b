"""The estimated GFR: the newest result within its window, whole; a reported one before one computed the same day.

Computed from creatinine by CKD-EPI 2021 (adults) or bedside Schwartz (1 to 17 years, with a height of about that time).
Where sex or age leave several values possible, the result is what lies between them. Under 1 year there is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from cds.chart.body import height
from cds.chart.measured import Result, newest
from cds.chart.parts import Context, Reading
from cds.chart.patient import Person
from cds.chart.printed import number, unit
from cds.chart.renal import ADULT_FROM, CHILD_FROM, bedside_schwartz, ckd_epi_2021
from cds.chart.result_value import EGFR, Value
from cds.errors import Unreadable
from cds.fhir import Bounds, Span

CREATININE = "serum_creatinine"
_AGE, _HEIGHT = "age", "height"


def whole(value: Decimal) -> Decimal:
    """As laboratories report it: rounded to an integer, halves up."""
    return value.quantize(Decimal(1), ROUND_HALF_UP)


def estimated(
    results: Sequence[Result], person: Person, context: Context, heights_read: bool
) -> tuple[list[Result], list[Reading]]:
    """The newest eGFR (several where dates cannot tell which is newer), and what could not be computed.

    A child whose record holds no height has no eGFR, which is known; where the heights could not be read
    (`heights_read`), or the age decides nothing, the creatinine is left out.
    """
    opens = context.today - timedelta(days=int(context.values["renal.egfr_window_days"]))
    window = Span(opens, context.today)

    def within(measurement: str) -> list[Result]:
        return newest(
            result
            for result in results
            if result.measurement == measurement
            and result.value.bounds is not None
            and (result.day is None or result.day.last >= opens)
            and not _infant(person, result.day or window)
        )

    reported, creatinine = within(EGFR), within(CREATININE)
    if reported and (not creatinine or reported[0].first_day >= creatinine[0].first_day):
        return [_reported(result) for result in reported], []
    computed: list[Result] = []
    readings: list[Reading] = []
    for result in creatinine:
        try:
            computed.append(_computed(result, results, person, context, result.day or window))
        except Unreadable as error:
            known = error.where == _AGE or (error.where == _HEIGHT and heights_read)
            what = f"eGFR from {result.says}: {error.what}"
            readings.append(Reading(result.ref, result.source, what, "ignored" if known else "left out", parts=(EGFR,)))
    return computed or [_reported(result) for result in reported], readings


def _infant(person: Person, on: Span) -> bool:
    years = person.years(on)
    return years is not None and years[1] < CHILD_FROM


def _reported(result: Result) -> Result:
    exact = result.value.exact
    if exact is None or exact == whole(exact):
        return result
    value = Value(f"{result.value.words}, rounded to {whole(exact)}", Bounds(whole(exact), whole(exact)))
    return replace(result, value=value)


def _computed(creatinine: Result, results: Iterable[Result], person: Person, context: Context, on: Span) -> Result:
    """Raises Unreadable, saying what is not known and of what."""
    years, limits = person.years(on), creatinine.value.bounds
    if years is None or limits is None:
        raise Unreadable("not computed, because the age is not known", _AGE)
    if years[0] < CHILD_FROM:
        raise Unreadable("not computed, because the patient may have been under 1 year old")
    how: list[str] = []
    tall = height(results, person, context, on) if years[0] < ADULT_FROM else None
    ages = sorted({*years, ADULT_FROM} if years[0] < ADULT_FROM <= years[1] else {*years})
    sexes = (person.sex,) if person.sex != "unknown" else ("female", "male")
    if years[1] >= ADULT_FROM:
        how.append("CKD-EPI 2021" + (" for either sex" if len(sexes) > 1 else ""))
    cm = tall.value.exact if tall is not None else None
    if years[0] < ADULT_FROM:
        if tall is None or cm is None:
            raise Unreadable("not computed, because no height of about that time is known", _HEIGHT)
        how.append(f"bedside Schwartz with height {number(cm)} cm ({tall.dated})")

    def every(scr: Decimal) -> list[Decimal]:
        adult = [ckd_epi_2021(scr, age, sex) for age in ages if age >= ADULT_FROM for sex in sexes]
        return [*adult, *([bedside_schwartz(scr, cm)] if cm is not None else [])]

    low = whole(min(every(limits.at_most))) if limits.at_most is not None else None
    high = whole(max(every(limits.at_least))) if limits.at_least is not None else None
    bounds = Bounds(low, high, open_low=limits.open_high, open_high=limits.open_low)
    value = Value(f"{_shown(bounds)} {unit(context.knowledge.measurements.unit(EGFR))}", bounds)
    told = f"computed by {' or '.join(how)} from {creatinine.written}"
    return replace(creatinine, measurement=EGFR, value=value, how=told)


def _shown(found: Bounds) -> str:
    if found.at_least is None or found.at_most is None:
        limit = found.at_most if found.at_least is None else found.at_least
        return f"{'under' if found.at_least is None else 'over'} {limit}"
    return f"{found.at_least}" if found.at_least == found.at_most else f"{found.at_least} to {found.at_most}"
