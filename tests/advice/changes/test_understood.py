"""Words that stay beside another dose: what is understood in them, and what may be the dose in other terms."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cds.advice.changes.understood import check_understood
from cds.errors import Unreadable


@pytest.mark.parametrize(
    "text",
    [
        "60 g IV once",
        "Privigen 10% 60 g IV over 6 hours",
        "60 g at 100 mL/h, then 0.5 mL/kg/h",
        "2 g/kg IV daily for 5 days",
        "60 g q4wk",
        "60 g q3-4 wks",
        "60 g every 21 to 28 days",
        "60 g twice daily for three days",
        "Day 1-5: 60 g",
        "Start 2026-11-20 at 08:30, or 11/21/2026 at 9 am",
        "1,000 mg/kg (60 g), slowly",
        "IgG 450 mg/dL",
        "Keep the vials at room temperature",
        "One hour before: drink enough",
        "",
    ],
)
def test_times_dates_and_plain_amounts_are_understood(text: str) -> None:
    check_understood(text)


@pytest.mark.parametrize(
    "text",
    [
        "2 g/kg total divided over 5 days",
        "2 g/kg over 5 days",
        "2 g/kg over five consecutive days",
        "2 g/kg over 2-5 days",
        "2 g/kg within 2 days",
        "2 g/kg for 5 days",
        "Total course dose 2 g/kg",
        "124 g in total",
        "124 g in all",
        "124 g, split",
        "60 g/course",
        "60 g per course",
    ],
)
def test_words_about_a_course_are_not(text: str) -> None:
    with pytest.raises(Unreadable, match="course"):
        check_understood(text)


@pytest.mark.parametrize(
    "text",
    [
        "60 g (6 vials)",
        "6 bottles of Privigen, 60 g",
        "60 gr IV once",
        "60 g IV, sixty grams",
        "dispense six vials",
        "one large glass bottle",
        "one gram",
        "six-vial pack",
        "half a vial",
        "60 g bag",
        "dose 60",
        "60 g = 6",
        "60 g x2",
        "60 g over 4",
    ],
)
def test_numbers_that_may_be_the_dose_are_not(text: str) -> None:
    with pytest.raises(Unreadable):
        check_understood(text)


@given(st.text(alphabet="0123456789.,-/: xgmLdaysqforvil", max_size=80))
def test_any_words_are_understood_or_refused(text: str) -> None:
    with suppress(Unreadable):
        check_understood(text)


@pytest.mark.parametrize(
    "text", ["1" * 300_000, "1 " * 100_000, "one " * 60_000, "1a " * 60_000, "over the " * 40_000, "1-" * 100_000]
)
def test_long_words_take_no_longer_than_they_are(text: str) -> None:
    started = time.process_time()
    with suppress(Unreadable):
        check_understood(text)
    assert time.process_time() - started < 5
