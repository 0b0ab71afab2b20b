"""One dose recorded more than once is one dose.

Two records of different kinds mean the same dose on the same day where their products do not differ, and within one
course where they name the same order. A day known only as a month or a year is the same as any day within it. A
schedule of a completed order says nothing where anything was recorded for that order. A use that goes on ("Privigen
since 2014") stays one that may last until now, and is marked where a dose of it was recorded lately.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

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


def once(records: Sequence[Record], context: Context) -> tuple[GivenDose, ...]:
    """Every dose once, oldest first; a dose that its own record does not tell is taken from the other one."""
    kept: list[Record] = []
    for record in sorted(records, key=lambda each: each.rank):
        twins = [
            place for place, other in enumerate(kept) if other.rank < record.rank and _same(other, record, context)
        ]
        if not twins:
            kept.append(record)
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
