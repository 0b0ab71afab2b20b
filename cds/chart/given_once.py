"""One dose recorded more than once is one dose.

Two records of different kinds mean the same dose on the same day where their products do not differ, and within one
course where they name the same order. A day known only as a month or a year is the same as any day within it. A
schedule of a completed order says nothing where anything was recorded for that order. A use that goes on ("Privigen
since 2014") stays one that may last until now, and is marked where a dose of it was recorded lately.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from cds.chart.given_courses import course_days
from cds.chart.parts import Context, GivenDose

_ORDERED = "MedicationRequest/"


@dataclass(frozen=True, slots=True)
class Record:
    """A dose as one record has it; of two records of one dose the one of the lower rank counts.

    `linked` names the record itself and those that it carries out or was made from.
    """

    dose: GivenDose
    rank: int
    linked: frozenset[str] = frozenset()
    ongoing: bool = False


@dataclass(slots=True)
class _Kept:
    """The records that count, by what another record of the same dose shares with them: a link, or the day."""

    records: list[Record] = field(default_factory=list)
    _by_link: dict[str, list[int]] = field(default_factory=dict)
    _by_day: dict[date, list[int]] = field(default_factory=dict)
    _inexact: list[int] = field(default_factory=list)

    def keep(self, record: Record) -> None:
        place, day = len(self.records), record.dose.day
        self.records.append(record)
        for link in record.linked:
            self._by_link.setdefault(link, []).append(place)
        where = self._by_day.setdefault(day.first, []) if day.exact else self._inexact
        where.append(place)

    def near(self, record: Record) -> list[int]:
        """The places of all records that may tell of the same dose, in order."""
        day = record.dose.day
        if not day.exact:
            return list(range(len(self.records)))
        linked = (place for link in record.linked for place in self._by_link.get(link, ()))
        return sorted({*linked, *self._by_day.get(day.first, ()), *self._inexact})


def once(records: Sequence[Record], context: Context) -> tuple[GivenDose, ...]:
    """Every dose once, oldest first; a dose that its own record does not tell is taken from the other one."""
    found = _Kept()
    kept = found.records
    for record in sorted(records, key=lambda each: each.rank):
        twins = [
            place
            for place in found.near(record)
            if kept[place].rank < record.rank and _same(kept[place], record, context)
        ]
        if not twins:
            found.keep(record)
        elif len(twins) == 1 and kept[twins[0]].dose.mg_per_kg_then is None and record.dose.mg_per_kg_then is not None:
            kept[twins[0]] = _completed(kept[twins[0]], record)
    doses = (replace(one.dose, recorded=one.ongoing and _recorded(one, kept, context)) for one in kept)
    return tuple(sorted(doses, key=lambda dose: (dose.day.last, dose.ref)))


def _recorded(use: Record, kept: Sequence[Record], context: Context) -> bool:
    """Whether a dose of a use that goes on was recorded so lately that the doses recorded are taken as all of it."""
    since = context.today - timedelta(days=int(context.values["dose.use_recorded_days"]))
    return any(
        not one.ongoing
        and max(since, use.dose.day.first) <= one.dose.day.first
        and len({one.dose.product, use.dose.product} - {"unknown"}) < 2
        for one in kept
    )


def _same(kept: Record, new: Record, context: Context) -> bool:
    shared = kept.linked & new.linked
    if shared and new.dose.ref.startswith(_ORDERED):
        return True
    products = {kept.dose.product, new.dose.product} - {"unknown"}
    if len(products) > 1 or kept.ongoing or new.ongoing:
        return False
    one, other = kept.dose.day, new.dose.day
    if shared and abs(one.last - other.last) < timedelta(days=course_days(context)):
        return True
    return max(one.first, other.first) <= min(one.last, other.last)


def _completed(kept: Record, other: Record) -> Record:
    mine, its = kept.dose, other.dose
    dose = replace(
        mine,
        mg_per_kg=its.mg_per_kg,
        mg_per_kg_then=its.mg_per_kg_then,
        grams=its.grams,
        says=f"{mine.says}; {its.says}",
    )
    return replace(kept, dose=dose)
