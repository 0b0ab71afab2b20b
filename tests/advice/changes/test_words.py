"""Amounts in an order's words: found however they are written, and never rewritten by guess."""

from __future__ import annotations

import time
from contextlib import suppress
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cds.advice.changes.words import Mention, no_amount, plain_number, reworded
from cds.errors import Unreadable


def seen(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []

    def swap(mention: Mention) -> None:
        found.append((str(mention.value), mention.unit))

    assert reworded(text, swap) == text
    return found


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("60 g IV once", [("60", "g")]),
        ("60g IV", [("60", "g")]),
        ("60-gram infusion", [("60", "gram")]),
        ("1,000 mg/kg IV", [("1000", "mg/kg")]),
        ("0.4 g / kg per day for 5 days", [("0.4", "g / kg per day")]),
        ("give 25 grams per kg.", [("25", "grams per kg")]),
        ("600 mL over 4 h at 100 mL/h", [("600", "mL"), ("100", "mL/h")]),
        ("Privigen 10% 60 g", [("10", "%"), ("60", "g")]),
        ("IgG 450 mg/dL", [("450", "mg/dL")]),
        ("every 28 days, day 1 of 2026-11-20, 3 doses", []),
        ("2 vials", []),
        ("", []),
    ],
)
def test_amounts_are_found(text: str, amounts: list[tuple[str, str]]) -> None:
    assert seen(text) == amounts


@pytest.mark.parametrize(
    "text", ["50-60 g IV", "50 – 60 g", "50 to 60 g", "3 x 20 g", "3 × 20 g", "60 000 mg", "1,00 g", ".5 g", "1/2 g"]
)
def test_what_is_not_one_plain_amount_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        seen(text)


def test_the_number_is_written_anew_and_all_else_stays() -> None:
    def half(mention: Mention) -> D:
        return mention.value / 2

    assert reworded("Give 1,000 mg/kg (60 g),  slowly.", half) == "Give 500 mg/kg (30 g),  slowly."


@pytest.mark.parametrize(
    ("written", "places", "value", "means"),
    [("968", 0, "967.74", True), ("967", 0, "967.74", False), ("24.8", 1, "24.8", True), ("25", 0, "24.8", True)],
)
def test_a_mention_means_what_it_says_as_far_as_it_is_written(
    written: str, places: int, value: str, means: bool
) -> None:
    assert Mention(D(written), "g", places).means(D(value)) is means


def test_words_that_may_name_no_amount() -> None:
    assert reworded("IgG was 450 mg/dL, 5 % dextrose after it", no_amount) == "IgG was 450 mg/dL, 5 % dextrose after it"
    with pytest.raises(Unreadable):
        reworded("acetaminophen 650 mg before", no_amount)


@pytest.mark.parametrize(
    ("value", "written"), [("45", "45"), ("45.0", "45"), ("0.7258", "0.726"), ("1E+2", "100"), ("0.5", "0.5")]
)
def test_numbers_as_they_are_written(value: str, written: str) -> None:
    assert plain_number(D(value)) == written


@given(st.text(alphabet="0123456789.,-–/ xgmLkhd%per", max_size=80))
def test_any_words_are_read_or_refused(text: str) -> None:
    with suppress(Unreadable):
        reworded(text, lambda mention: mention.value)


@pytest.mark.parametrize("text", ["1" * 300_000, "1," * 150_000, "1.2" * 100_000, "60 g " * 60_000, "1 " * 100_000])
def test_long_words_take_no_longer_than_they_are(text: str) -> None:
    started = time.process_time()
    with suppress(Unreadable):
        reworded(text, lambda mention: mention.value)
    assert time.process_time() - started < 5
