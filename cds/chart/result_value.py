"""The value that one element of an Observation holds, in its measurement's own unit, or why it cannot be compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cds.chart.blood_group import Group, group_of
from cds.chart.printed import about, number, unit
from cds.fhir import Bounds, Quantity, bounds, codings, quantity, texts
from cds.fhir.read import clean
from cds.knowledge import Measurements

EGFR = "egfr"
ANTIBODY = "anti_iga_antibody"
BLOOD_GROUP = "abo_group"
IGG = "igg"
IMPLAUSIBLE = "it is not plausible"
_LONGEST = 40
"""Characters of a result in words that a sentence has room for."""
_POSITIVE_FLAGS = frozenset({"POS", "DET", "RR", "WR", "A", "AA", "H", "HH"})
_NEGATIVE_FLAGS = frozenset({"NEG", "ND", "NR", "N"})
_POSITIVE = frozenset({"positive", "pos", "detected", "reactive", "present", "weakly positive", "weak positive"})
_NEGATIVE = frozenset({"negative", "neg", "not detected", "non-reactive", "nonreactive", "not present", "absent"})


@dataclass(frozen=True, slots=True)
class Value:
    """A value as written, and what it means: bounds, `presence` or `group`; none of these where there is a `trouble`.

    A blood group that cannot be read is no trouble: it is unknown, and nothing else depends on it.
    """

    words: str
    bounds: Bounds | None = None
    presence: str = "none"
    trouble: str = ""
    group: Group = "unknown"

    @property
    def exact(self) -> Decimal | None:
        """The one number it means; None where it is a limit, a word, or in trouble."""
        found = self.bounds
        return found.at_least if found is not None and found.at_least == found.at_most else None


def read_value(measurement: str, holder: Mapping[str, Any], table: Measurements) -> Value | None:
    """The value of a measurement that an Observation or one component holds; None where it holds none."""
    written = next((value for name, value in holder.items() if name.startswith("value") and value is not None), None)
    if measurement == ANTIBODY:
        return _presence(holder, written)
    if measurement == BLOOD_GROUP and written is not None:
        words = [clean(written)] if isinstance(written, str) else texts(written)
        return Value(_quoted(written), group=group_of(words))
    return None if written is None else _number(measurement, written, table)


def _number(measurement: str, written: object, table: Measurements) -> Value:
    read = quantity(clean(written) if isinstance(written, str) else written)
    if read is None:
        return Value(_quoted(written), trouble="it has no readable number")
    own, value = unit(table.unit(measurement)), _converted(measurement, read, table)
    words = f"{read.comparator}{number(read.value)} {unit(read.unit)}".rstrip()
    if value is None:
        return Value(words, trouble="its unit is not known" if read.unit else "it has no unit")
    if value == read.value:
        words = f"{read.comparator}{number(value)} {own}"
    else:
        words = f"{words} = {read.comparator}{about(value)} {own}"
    limits = table.plausible(measurement)
    if limits is not None and not limits[0] <= value <= limits[1]:
        return Value(words, trouble=IMPLAUSIBLE)
    return Value(words, bounds(Quantity(value, own, read.comparator)))


def _quoted(written: object) -> str:
    """A result in words, as written, for people to judge."""
    words = " ".join((clean(written) or next(iter(texts(written)), "")).split())
    if len(words) > _LONGEST:
        words = f"{words[: _LONGEST - 1].rstrip()}…"
    return f'"{words}"' if words else "without a number"


def _converted(measurement: str, read: Quantity, table: Measurements) -> Decimal | None:
    """In the measurement's own unit. An eGFR needs none: ">60" has one meaning only."""
    if measurement == EGFR and not read.unit:
        return read.value
    return table.convert(measurement, read.value, read.unit)


def _presence(holder: Mapping[str, Any], written: object) -> Value | None:
    """Positive or negative, by the laboratory's flag and its words; where they differ or are silent, neither."""
    flags = {coding.code.upper() for coding in codings(holder.get("interpretation"))}
    words = [word for element in (holder.get("interpretation"), written) for word in texts(element)]
    if isinstance(written, str):
        words.append(clean(written))
    plain = {word.lower().rstrip(".") for word in words}
    if isinstance(written, bool):
        plain.add("positive" if written else "negative")
    if written is None and not flags and not plain:
        return None
    positive = bool(flags & _POSITIVE_FLAGS or plain & _POSITIVE)
    negative = bool(flags & _NEGATIVE_FLAGS or plain & _NEGATIVE)
    if positive != negative:
        answer = "positive" if positive else "negative"
        return Value(answer, presence=answer)
    shown = ", ".join(dict.fromkeys([*words, *sorted(flags)])) or "with a number only"
    trouble = "its flags contradict each other" if positive else "it says neither positive nor negative"
    return Value(shown, trouble=trouble)
