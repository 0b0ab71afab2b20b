"""What an order's dosage instructions amount to: the doses, each with the days it is planned on.

One dose is often written twice (ordered and calculated, as mass and as volume, in two instructions): that is one
dose, never a sum. Words alone, maxima and rates are not turned into a dose.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations
from typing import Any, Literal

from cds.case import Resource
from cds.chart.parts import Context, Sizes
from cds.chart.quantities import Dose, dose, per_administration
from cds.chart.schedule import Schedule, open_days, schedule
from cds.errors import Unreadable
from cds.fhir import codings
from cds.fhir.quantities import number
from cds.fhir.read import clean, items

_DOSE_IN_WORDS = re.compile(r"\d\s*(?:g|gms?|grams?|mg)(?:/kg)?(?![/\w])", re.IGNORECASE)
_TWO_DOSES = "two different doses are written for the same days"
_MOST = 100
"""Different doses of one order, and no more: they are compared with one another, each with each."""


@dataclass(frozen=True, slots=True)
class Written:
    """One administration as ordered: two ends, equal unless a range is written or two spellings of it `differ`."""

    low: Dose
    high: Dose
    differ: bool = False

    @property
    def text(self) -> str:
        """The dose as written: "60 g", "400-600 mg/kg"."""
        if self.low.written == self.high.written:
            return self.low.written
        (low, unit), (high, same_unit) = self.low.written.split(" ", 1), self.high.written.split(" ", 1)
        return f"{low}-{high} {unit}" if unit == same_unit else f"{low} {unit} to {high} {same_unit}"


@dataclass(frozen=True, slots=True)
class Step:
    """A dose with its days."""

    written: Written
    schedule: Schedule


@dataclass(frozen=True, slots=True)
class Regimen:
    """All steps of an order. Without a dose that can be used there are none, and `why` says why, for people.

    `days` is there in any case; `text` is the dose as the order words it.
    """

    state: Literal["read", "unreadable", "absent"]
    days: Schedule
    steps: tuple[Step, ...] = ()
    text: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class _Line:
    """One dosage instruction: its dose, or why there is none (`unread`: one is written all the same), and its place."""

    written: Written | None
    why: str
    unread: bool
    schedule: Schedule
    timing: Any
    rates: Any
    sequence: Decimal | None
    text: str


def regimen(order: Resource, strength: Decimal | None, sizes: Sizes, context: Context) -> Regimen:
    """Read the dosage instructions of an order; `strength` is that of the solution, in mg/mL."""
    lines = [_line(element, strength, sizes, context) for element in items(order.get("dosageInstruction"))]
    if not lines:
        return Regimen("absent", Schedule((context.today,)))
    lines.sort(key=lambda line: line.sequence if line.sequence is not None else Decimal(0))
    dosed = [line for line in lines if line.written is not None]
    timed = next((line.schedule for line in [*dosed, *lines] if line.timing), lines[0].schedule)
    text = next((line.text for line in lines if line.text), "")
    why = next((line.why for line in lines if line.why), "")
    if not dosed:
        return Regimen("unreadable" if why else "absent", timed, text=text, why=why)
    first = dosed[0]
    if any(line.unread and (line.timing, line.sequence) != (first.timing, first.sequence) for line in lines):
        return Regimen("unreadable", timed, text=text, why=why)
    try:
        steps = _steps(dosed, sizes, context)
    except Unreadable as fault:
        return Regimen("unreadable", timed, text=text, why=fault.what)
    spelled = dict.fromkeys(step.written.text for step in steps)
    return Regimen("read", _together(steps), tuple(steps), "; ".join(spelled))


def _line(element: Mapping[str, Any], strength: Decimal | None, sizes: Sizes, context: Context) -> _Line:
    timing = element.get("timing") or None
    days = schedule(timing, context.today, int(context.values["dose.course_window_days"]), context.zone)
    said = f"{clean(element.get('text'))}\n{clean(element.get('patientInstruction'))}"
    if timing is None and context.knowledge.repetition.search(said):
        days = open_days(context.today)
    entries = list(items(element.get("doseAndRate")))
    doses = [entry for entry in entries if "doseQuantity" in entry or "doseRange" in entry]
    rates = [{key: entry[key] for key in entry if key.startswith("rate")} for entry in entries]
    written, why = _read(doses, strength, days, sizes, context)
    text = clean(element.get("text"))
    unread = bool(doses) and written is None
    if not doses:
        why, unread = _unparsed(element, any(rates)), bool(_DOSE_IN_WORDS.search(text))
    return _Line(written, why, unread, days, timing, [r for r in rates if r], number(element.get("sequence")), text)


def _unparsed(element: Mapping[str, Any], rated: bool) -> str:
    """Why an instruction without a dose still says something about it; "" where it does not."""
    if clean(element.get("text")) or clean(element.get("patientInstruction")):
        return "the dose is written in words only"
    if rated:
        return "only a rate is written, no dose"
    if any(element.get(key) for key in ("maxDosePerPeriod", "maxDosePerAdministration", "maxDosePerLifetime")):
        return "only a maximum is written, no dose"
    return ""


def _read(
    entries: Sequence[Mapping[str, Any]], strength: Decimal | None, days: Schedule, sizes: Sizes, context: Context
) -> tuple[Written | None, str]:
    """The one dose of an instruction, however often it is written: the ordered one first."""
    found: list[Written] = []
    why = ""
    for entry in sorted(entries, key=_rank):
        try:
            found.append(_entry(entry, strength, days))
        except Unreadable as fault:
            why = why or fault.what
    if not found:
        return None, why
    found.sort(key=lambda written: not written.high.per_kg)
    ordered = found[0]
    different = [other for other in found[1:] if not same(ordered, other, sizes, context)]
    if not different:
        return ordered, ""
    ends = sorted((end for w in [ordered, *different] for end in (w.low, w.high)), key=lambda end: _by_kg(end, sizes))
    return Written(ends[0], ends[-1], differ=True), ""


def _rank(entry: Mapping[str, Any]) -> int:
    return 1 if any(coding.code == "calculated" for coding in codings(entry.get("type"))) else 0


def _entry(entry: Mapping[str, Any], strength: Decimal | None, days: Schedule) -> Written:
    if "doseQuantity" in entry:
        low = high = dose(entry["doseQuantity"], strength)
    else:
        ends = entry["doseRange"] if isinstance(entry["doseRange"], Mapping) else {}
        if "high" not in ends:
            raise Unreadable("the dose range has no upper end")
        high = dose(ends["high"], strength)
        low = dose(ends["low"], strength) if "low" in ends else high
        if (low.per_kg, low.per) != (high.per_kg, high.per) or low.mg > high.mg:
            raise Unreadable("the two ends of the dose range do not fit together")
    if high.per == "day" and not days.day_known:
        raise Unreadable("the dose is for a day, and the order does not say how many doses a day has")
    times = Decimal(days.times_a_day)
    count = len(days.days) if days.course_known and not days.endless else None
    return Written(per_administration(low, times, count), per_administration(high, times, count))


def same(one: Written, other: Written, sizes: Sizes, context: Context) -> bool:
    """Whether two spellings mean one dose, within the tolerance of vial rounding, by the actual or adjusted weight.

    A dose by weight and one in grams cannot be told apart without a weight: then they count as the same.
    """
    if one.high.per_kg == other.high.per_kg:
        return _close(one, other, None, context)
    weights = [kg for kg in (sizes.kg, sizes.adjusted_kg) if kg]
    return not weights or any(_close(one, other, kg, context) for kg in weights)


def _close(one: Written, other: Written, kg: Decimal | None, context: Context) -> bool:
    tolerance = context.values["dose.range_tolerance_percent"] / 100
    for mine, its in ((one.low, other.low), (one.high, other.high)):
        a, b = (d.mg if kg is None or d.per_kg else d.mg / kg for d in (mine, its))
        if abs(a - b) > tolerance * max(a, b):
            return False
    return True


def _by_kg(end: Dose, sizes: Sizes) -> Decimal:
    return end.mg / sizes.kg if sizes.kg and not end.per_kg else end.mg


def _steps(lines: Sequence[_Line], sizes: Sizes, context: Context) -> list[Step]:
    """Lines that repeat one another once; lines of a later sequence on the days after, unless they name their own."""
    kept: list[_Line] = []
    for line in lines:
        twin = next((k for k in kept if _repeats(k, line, sizes, context)), None)
        if twin is None and len(kept) == _MOST:
            raise Unreadable(f"more than {_MOST} doses are written one by one")
        if twin is None:
            kept.append(line)
        elif line.timing and not twin.timing:
            kept[kept.index(twin)] = replace(twin, timing=line.timing, schedule=line.schedule)
    steps: list[Step] = []
    for index, line in enumerate(kept):
        assert line.written is not None
        days = line.schedule
        before = kept[index - 1] if index else None
        if before is not None and not days.own_start and _follows(before, line):
            days = _after(days, steps[-1].schedule)
        steps.append(Step(line.written, days))
    if any(set(a.schedule.days) & set(b.schedule.days) for a, b in combinations(steps, 2)):
        raise Unreadable(_TWO_DOSES)
    return steps


def _repeats(kept: _Line, line: _Line, sizes: Sizes, context: Context) -> bool:
    assert kept.written is not None
    assert line.written is not None
    if not same(kept.written, line.written, sizes, context):
        return False
    if kept.timing and line.timing and kept.timing != line.timing:
        return False
    return not _follows(kept, line) or kept.rates != line.rates


def _follows(before: _Line, line: _Line) -> bool:
    """Whether the order itself says that one line comes after another."""
    return before.sequence is not None and line.sequence is not None and before.sequence < line.sequence


def _after(days: Schedule, before: Schedule) -> Schedule:
    shift = before.days[-1] + timedelta(days=1) - days.days[0]
    moved = tuple(day + shift for day in days.days)
    known = days.course_known and before.course_known and not before.endless
    return replace(days, days=moved, begins=None, course_known=known)


def _together(steps: Sequence[Step]) -> Schedule:
    """All days of all steps as one schedule."""
    days: list[date] = sorted(day for step in steps for day in step.schedule.days)
    return Schedule(
        tuple(days),
        any(step.schedule.own_start for step in steps),
        any(step.schedule.endless for step in steps),
        all(step.schedule.day_known for step in steps),
        all(step.schedule.course_known for step in steps),
        min((s.schedule.begins for s in steps if s.schedule.begins and s.schedule.days[0] == days[0]), default=None),
    )
