"""Measurements: their codes, the units they come in, and what value is plausible."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from cds.knowledge.codes import Code, Loinc
from cds.knowledge.matching import CodeTable, Own, listed
from cds.knowledge.sheet import Sheet
from cds.knowledge.words import whole

_KEYS = ("name", "unit", "codes", "units", "plausible", "words")
_MICRO = str.maketrans({"µ": "u", "μ": "u", "²": "2", "·": "*"})


@dataclass(frozen=True, slots=True)
class _Unit:
    times: Decimal | None
    divide: Decimal | None


@dataclass(frozen=True, slots=True)
class _Measurement:
    name: str
    unit: str
    units: Mapping[str, _Unit]
    plausible: tuple[Decimal, Decimal] | None
    ordered: tuple[Loinc, str] | None


class Measurements:
    """Body sizes and laboratory results by LOINC, a site's codes and text."""

    def __init__(
        self, entries: Mapping[str, _Measurement], codes: Mapping[Code, str], words: Mapping[str, str]
    ) -> None:
        self._entries, self._listed, self._words = entries, codes, words
        self._codes = CodeTable(codes.items())

    def with_own(self, own: Mapping[Code, str]) -> Measurements:
        """The same measurements with a site's codes."""
        made = Measurements(self._entries, {**self._listed, **own}, self._words)
        made._codes = self._codes.with_own(Own({code: frozenset({id}) for code, id in own.items()}))
        return made

    def of(self, code: Code) -> str | None:
        """The measurement a code stands for."""
        return next(iter(self._codes.of(code)), None)

    def in_text(self, words: str) -> str | None:
        """The measurement whose name the whole text is ("Body weight", "eGFR"); for local codes."""
        return self._words.get(whole(words))

    def codes(self, id: str) -> tuple[Code, ...]:
        """Every code that is matched for a measurement, as the table or the site has it; for the prefetch queries."""
        return tuple(code for code, measurement in self._listed.items() if measurement == id)

    def ordered(self, id: str) -> tuple[Loinc, str] | None:
        """The code that a measurement is ordered by, with its display: the first LOINC code that the table has for it.

        None where none is verified. Raises KeyError.
        """
        return self._entries[id].ordered

    def convert(self, id: str, value: Decimal, unit: str) -> Decimal | None:
        """The value in the measurement's own unit; None for a unit that is unknown or missing. Raises KeyError."""
        found = self._entries[id].units.get(_spelling(unit))
        if found is None:
            return None
        return value * found.times if found.times is not None else value / (found.divide or Decimal(1))

    def unit(self, id: str) -> str:
        """The measurement's own unit as people read it, "" where it has none. Raises KeyError."""
        return self._entries[id].unit

    def name(self, id: str) -> str:
        """The measurement's name for people. Raises KeyError."""
        return self._entries[id].name

    def plausible(self, id: str) -> tuple[Decimal, Decimal] | None:
        """The lowest and highest plausible value in its own unit; None where there is none. Raises KeyError."""
        return self._entries[id].plausible

    @property
    def ids(self) -> frozenset[str]:
        """Every measurement."""
        return frozenset(self._entries)


def measurements(sheet: Sheet) -> Measurements:
    """The table measurements.yaml; everything wrong in it is noted on the sheet."""
    sheet.known(("measurements",))
    entries: dict[str, _Measurement] = {}
    codes: dict[Code, str] = {}
    words: dict[str, str] = {}
    for id, one in sheet.sub("measurements").each():
        one.known(_KEYS)
        loinc: list[tuple[Loinc, str]] = []
        for row in one.rows("codes"):
            for code in listed([row]):
                if codes.setdefault(code, id) != id:
                    one.fault(f"{code} stands for {codes[code]} too")
                loinc += [(code, row.text("display"))] if isinstance(code, Loinc) else []
        ordered = next(iter(loinc), None)
        entries[id] = _Measurement(one.text("name"), one.text("unit"), _units(one), _plausible(one), ordered)
        for word in one.words("words"):
            if words.setdefault(whole(word), id) != id:
                one.fault(f"the name {word} stands for {words[whole(word)]} too")
    return Measurements(entries, codes, words)


def _units(sheet: Sheet) -> dict[str, _Unit]:
    found: dict[str, _Unit] = {}
    for row in sheet.rows("units"):
        row.known(("unit", "times", "divide", "also"))
        unit = _Unit(row.number("times"), row.number("divide"))
        if (unit.times is None) == (unit.divide is None) or Decimal(0) in (unit.times, unit.divide):
            row.fault("a unit has either times or divide, not zero")
        for spelling in (row.text("unit"), *row.words("also")):
            if found.setdefault(_spelling(spelling), unit) != unit:
                row.fault(f"the unit {spelling} is given twice")
    return found


def _plausible(sheet: Sheet) -> tuple[Decimal, Decimal] | None:
    if "plausible" not in sheet:
        return None
    ends = sheet.numbers("plausible")
    if len(ends) != 2 or ends[0] > ends[1]:
        sheet.fault("plausible has the lowest and the highest value", sheet.line("plausible"))
        return None
    return ends[0], ends[1]


def _spelling(unit: str) -> str:
    return "".join(unit.translate(_MICRO).casefold().split())
