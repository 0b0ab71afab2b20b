"""Months until live vaccines take again, at every boundary."""

from __future__ import annotations

from decimal import Decimal as D

import pytest

from cds.knowledge import Knowledge


@pytest.mark.parametrize(
    ("mg_per_kg", "months"),
    [
        ("1", 8),
        ("399.999999", 8),
        ("400", 8),
        ("400.000001", 10),
        ("401", 10),
        ("1000", 10),
        ("1001", 11),
        ("4000", 11),
    ],
)
def test_the_dose_of_the_course_sets_the_months(known: Knowledge, mg_per_kg: str, months: int) -> None:
    assert known.intervals.months(D(mg_per_kg)) == months


def test_an_unknown_dose_has_the_most(known: Knowledge) -> None:
    assert known.intervals.months(None) == known.intervals.most == 11
    assert known.intervals.least == 8


def test_primary_immunodeficiency_stays_at_eight(known: Knowledge) -> None:
    assert known.intervals.for_indication("PI") == 8
    assert known.intervals.for_indication("ITP") is None
    assert known.intervals.for_indication("unknown") is None
