"""The mutants of numbers: values of topics, dose rows, intervals of vaccines, each a step up and a step down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from tests.mutants.mutant import Mutant, Spot

_UNUSED = "unverified"


def of_values(topic: Spot, stem: str) -> Iterator[tuple[str, Mutant]]:
    """Every value of a topic, with its name."""
    for value in topic["values"].each() if "values" in topic else ():
        dates = list(value.each())
        for entry in dates:
            since = f" ({entry['from'].text})" if len(dates) > 1 else ""
            for to in _beside(Decimal(entry["value"].text)):
                name = f"{stem} values.{value.key}{since} {entry['value'].text} to {to}"
                yield value.key, entry["value"].mutant(name, str(to))


def of_dose_rows(table: Spot, tolerance: Decimal) -> Iterator[Mutant]:
    """The ends and course maxima of the rows in use, each moved one step beyond the tolerance (in percent).

    Then the printed number itself is outside what the row allows, or the first amount that alerts is inside.
    """
    rules = frozenset({"dose.out-of-range", "dose.course-exceeded"})
    for indication in table["indications"].each():
        of = ("indication", indication.key)
        for row in indication["doses"].each() if "doses" in indication else ():
            if row["status"].text == _UNUSED:
                continue
            for key in ("low", "high", "course_max"):
                if key in row:
                    printed = Decimal(row[key].text)
                    for to in _beyond(printed, tolerance):
                        name = f"indications {indication.key}/{row['phase'].text} {key} {printed} to {to}"
                        yield replace(row[key].mutant(name, str(to)), rules=rules, fact=of)


def of_intervals(table: Spot) -> Iterator[Mutant]:
    """The limits and months of the intervals in use."""
    for key in ("by_dose", "by_indication"):
        for row in table[key].each():
            where = row["up_to" if "up_to" in row else "indication"].text
            for number in ("up_to", "months"):
                if number in row and row[number].text != "any":
                    for to in _beside(Decimal(row[number].text)):
                        name = f"vaccine_intervals {key}/{where} {number} {row[number].text} to {to}"
                        yield replace(row[number].mutant(name, str(to)), fact=("kind", "clearance"))


def _beside(number: Decimal) -> tuple[Decimal, Decimal]:
    """One unit of the last place up and down."""
    step = Decimal(1).scaleb(min(int(number.as_tuple().exponent), 0))
    return number + step, number - step


def _beyond(number: Decimal, tolerance: Decimal) -> tuple[int, int]:
    """The whole numbers whose tolerance just no longer reaches the number, from above and from below."""
    part = tolerance / 100
    return int(number / (1 - part)) + 1, int(number * (1 - part)) - 1
