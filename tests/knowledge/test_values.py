"""Values count from their date, and the first one before it too."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D

import pytest

from cds.knowledge.values import DatedValue, before_first, in_force, on


def _value(start: date, value: str) -> DatedValue:
    return DatedValue(start, D(value), "mg/kg", "PRV")


_DATED = [_value(date(2024, 1, 1), "20"), _value(date(2013, 1, 1), "10")]


@pytest.mark.parametrize(
    ("day", "expected", "early"),
    [
        (date(2012, 12, 31), "10", True),
        (date(2013, 1, 1), "10", False),
        (date(2023, 12, 31), "10", False),
        (date(2024, 1, 1), "20", False),
        (date(2030, 1, 1), "20", False),
    ],
)
def test_the_value_of_the_day(day: date, expected: str, early: bool) -> None:
    assert in_force(_DATED, day).value == D(expected)
    assert before_first(_DATED, day) is early
    assert on(day, {"dose.limit": _DATED}) == {"dose.limit": D(expected)}


def test_a_value_without_an_entry_is_a_fault() -> None:
    with pytest.raises(ValueError, match="no entry"):
        in_force([], date(2024, 1, 1))
