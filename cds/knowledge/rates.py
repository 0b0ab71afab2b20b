"""Infusion rates as the products' labels print them, and the cap for patients at renal or thrombotic risk."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import get_args

from cds.knowledge.dose_rows import Status
from cds.knowledge.sheet import Sheet

_FORMS = ("mg_per_kg_min", "mg_per_kg_h", "ml_per_kg_min", "ml_per_kg_h")
_MINUTES = Decimal(60)
_EVERY = "all"
_PROOF = ("status", "sources", "note")


@dataclass(frozen=True, slots=True)
class RateRow:
    """The highest labeled rate for one indication ("" = every one), and the rate that an infusion starts with.

    `highest` and `initial` are in mg/kg/min, each the highest of the forms that the label prints, at the product's own
    strength: a rate is over the label only if it is over every printed form. None where the label gives no form that
    can be compared (mL of a product with several strengths) or where it was not read. `first_minutes` is how long the
    initial rate holds; `printed` is the highest rate for a person to read.
    """

    indication: str
    highest: Decimal | None
    initial: Decimal | None
    first_minutes: Decimal | None
    printed: str
    sources: tuple[str, ...]
    initial_sources: tuple[str, ...]
    status: Status


@dataclass(frozen=True, slots=True)
class AtRiskRate:
    """The rate with a renal or thrombotic risk in mg/kg/min, None where the label has words only.

    `below`: the label says less than that rate, so that the rate itself is over it. `printed` is what the label says.
    """

    highest: Decimal | None
    below: bool
    printed: str
    sources: tuple[str, ...]


def own_rates(rows: Iterable[RateRow], indications: Collection[str]) -> tuple[RateRow, ...]:
    """The rows that hold for one of these indications."""
    return tuple(row for row in rows if row.indication in ("", *indications))


def highest_row(rows: Collection[RateRow], indications: Collection[str]) -> RateRow | None:
    """The row whose highest rate holds for these indications, of several the lowest.

    Where the label has none of them, the row with its highest rate for any; None where no rate was read.
    """
    known = [row for row in rows if row.highest is not None]
    own = own_rates(known, indications)
    if own:
        return min(own, key=_rate)
    return max(known, key=_rate, default=None)


def _rate(row: RateRow) -> Decimal:
    return row.highest or Decimal(0)


def rate_rows(rows: Iterable[Sheet], strengths: tuple[Decimal, ...]) -> tuple[RateRow, ...]:
    """The usable rows; what is wrong in any of them is noted. A row counts only if its highest rate was read."""
    found = [_row(row, strengths) for row in rows]
    return tuple(row for row in found if row is not None)


def at_risk_rate(entry: Sheet, strengths: tuple[Decimal, ...]) -> AtRiskRate | None:
    """The cap of the label if it was read."""
    entry.known((*_FORMS, *_PROOF, "below", "printed", "text"))
    numbered = any(form in entry for form in _FORMS)
    printed = entry.text("printed" if numbered else "text")
    highest = _highest(entry, strengths) if numbered else None
    below = entry.flag("below")
    return AtRiskRate(highest, below, printed, entry.words("sources")) if entry.proven() else None


def _row(row: Sheet, strengths: tuple[Decimal, ...]) -> RateRow | None:
    row.known(("indication", "highest", "printed", "initial", *_PROOF))
    forms = row.sub("highest")
    forms.known(_FORMS)
    status = next((word for word in get_args(Status) if row.proven() and row.text("status") == word), None)
    highest, indication, printed = _highest(forms, strengths), row.text("indication"), row.text("printed")
    initial, minutes, initial_sources = _initial(row, strengths)
    if status is None:
        return None
    return RateRow(
        indication="" if indication == _EVERY else indication,
        highest=highest,
        initial=initial,
        first_minutes=minutes,
        printed=printed,
        sources=row.words("sources"),
        initial_sources=initial_sources,
        status=status,
    )


def _initial(row: Sheet, strengths: tuple[Decimal, ...]) -> tuple[Decimal | None, Decimal | None, tuple[str, ...]]:
    """Rate, minutes and sources of the start of an infusion, which have a status of their own."""
    if "initial" not in row:
        return None, None, ()
    entry = row.sub("initial")
    entry.known((*_FORMS, "first_minutes", *_PROOF))
    rate, minutes = _highest(entry, strengths), entry.number("first_minutes")
    return (rate, minutes, entry.words("sources")) if entry.proven() else (None, None, ())


def _highest(entry: Sheet, strengths: tuple[Decimal, ...]) -> Decimal | None:
    """The highest of the printed forms in mg/kg/min; forms in mL need the one strength of the product."""
    printed = {form: value for form in _FORMS if (value := entry.number(form)) is not None}
    if not printed or min(printed.values()) <= 0:
        entry.fault(f"a rate is over zero in at least one of {', '.join(_FORMS)}")
        return None
    found = []
    for form, value in printed.items():
        per_minute = value / _MINUTES if form.endswith("_h") else value
        if form.startswith("mg"):
            found.append(per_minute)
        elif len(strengths) == 1:
            found.append(value * strengths[0] / _MINUTES if form.endswith("_h") else value * strengths[0])
    return max(found, default=None)
