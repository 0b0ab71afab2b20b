"""Values on a day: the numbers of topic files, each valid from its date on.

A value counts from `start` until a later one of the same name starts; before its first date the first one counts too,
and `before_first` says so, so that an explanation can name it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

Values = Mapping[str, Decimal]
"""The values in force on one day, by `topic.name` (the topic is the file's stem)."""


@dataclass(frozen=True, slots=True)
class DatedValue:
    """One value from one day on: its unit, source key, the source's words, and who signed it ("" while unsigned).

    `line` is where it stands in its file.
    """

    start: date
    value: Decimal
    unit: str
    source: str
    quote: str = ""
    reviewed: str = ""
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Need:
    """What a value that Python reads has to be: its unit, the smallest and the largest number that make sense."""

    unit: str
    least: Decimal
    most: Decimal
    whole: bool = False

    def refuses(self, entry: DatedValue) -> str:
        """What is wrong with an entry, as the rest of a sentence; "" where nothing is."""
        if entry.unit != self.unit:
            return f"must be in {self.unit}, not {entry.unit}"
        if not self.least <= entry.value <= self.most:
            return f"must lie between {self.least} and {self.most}"
        if self.whole and entry.value != int(entry.value):
            return "must be a whole number"
        return ""


def in_force(dated: Iterable[DatedValue], day: date) -> DatedValue:
    """The entry that counts on `day`: the latest started, else the earliest of all. Raises ValueError if empty."""
    entries = sorted(dated, key=lambda entry: entry.start)
    if not entries:
        raise ValueError("a value has no entry")
    return next((entry for entry in reversed(entries) if entry.start <= day), entries[0])


def before_first(dated: Iterable[DatedValue], day: date) -> bool:
    """True where `day` lies before the first date of the value, which then counts all the same."""
    return all(entry.start > day for entry in dated)


def on(day: date, dated: Mapping[str, Sequence[DatedValue]]) -> Values:
    """The values in force on `day`, by name."""
    return {name: in_force(entries, day).value for name, entries in dated.items()}
