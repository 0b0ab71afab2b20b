"""How long a summary may be, where it is cut, and the order of a detail."""

from __future__ import annotations

import re

import pytest

from cds.advice.layout import LONGEST, detail, length, one_line, shorten
from cds.findings import Evidence
from tests.advice.conftest import finding


@pytest.mark.parametrize("size", [1, 138, 139])
def test_a_summary_that_fits_stays_as_it_is(size: int) -> None:
    assert shorten("a" * size) == "a" * size


@pytest.mark.parametrize("size", [140, 141, 400])
def test_one_that_does_not_is_cut_at_a_word_with_an_ellipsis(size: int) -> None:
    text = ("word " * 100)[:size].strip().ljust(size, "x")
    short = shorten(text)
    assert length(short) <= LONGEST
    assert re.fullmatch(r"(word )*word…", short)


@pytest.mark.parametrize("lead", range(120, 140))
def test_a_number_is_never_cut_nor_left_without_its_unit(lead: int) -> None:
    text = "x" * lead + " 1234.56 mg/kg, over the 200-800 mg/kg range"
    short = shorten(text)
    assert length(short) <= LONGEST
    assert short.rstrip("…").endswith(("x", "mg/kg", "over the", "over"))


def test_a_summary_of_nothing_but_numbers_is_still_said() -> None:
    assert shorten("12 " * 60).startswith("12 12 12")


def test_a_single_long_number_is_not_shown_in_part() -> None:
    assert shorten("x" * 130 + "1234567890123") == "x" * 130 + "…"


def test_characters_outside_the_basic_plane_count_twice() -> None:
    assert length("\U0001f489") == 2
    assert shorten("\U0001f489" * 69) == "\U0001f489" * 69
    assert length(shorten("\U0001f489" * 70)) <= LONGEST


def test_line_breaks_and_unseen_characters_become_one_space() -> None:
    assert one_line(" a\r\n\tb\u200b\u202ec\x1b[31m\u2028d ") == "a b c [31m d"


def test_the_order_of_a_detail() -> None:
    found = finding(lines=("It is acute.",), not_checked=("Height: not known",))
    assert detail(found, "It injures.\n\n**What to do:** hydrate.", ("A label, 2013", "A guide, 2012")) == (
        "- eGFR 38 mL/min/1.73 m2 – observations\n- It is acute.\n\n"
        "It injures.\n\n**What to do:** hydrate.\n\n"
        "**Not checked:**\n\n- Height: not known\n\n"
        "Source: A label, 2013; A guide, 2012"
    )


def test_nothing_is_said_twice() -> None:
    evidence = (Evidence("a", "Dose 968 mg/kg"), Evidence("b", "Dose 968 mg/kg"), Evidence("c", "Dose 9"))
    found = finding(evidence=evidence, lines=("Shown.",))
    assert (
        detail(found, "- Range: Dose 9\nShown.", ("S",)) == "- Dose 968 mg/kg\n\n- Range: Dose 9\n\nShown.\n\nSource: S"
    )


def test_a_list_says_nothing_twice() -> None:
    found = finding(evidence=(Evidence("Condition/1", "Old."), Evidence("Condition/2", "Old"), Evidence("", "Old.")))
    made = detail(found, "- the same\n- the same\n- another\nSo it is.", ("S",))
    assert made == "- Old. – conditions\n\n- the same\n- another\n\nSo it is.\n\nSource: S"


def test_evidence_is_dropped_only_where_it_stands_in_full() -> None:
    found = finding(evidence=(Evidence("a", "IgA 5"),))
    assert detail(found, "IgA 50 is usual.", ("S",)).startswith("- IgA 5\n\n")
