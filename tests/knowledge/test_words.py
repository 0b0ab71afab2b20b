"""Phrases in text: the longest counts, a negation takes it back, and a long text takes time in proportion."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time

import pytest

from cds.knowledge import Knowledge
from cds.knowledge.words import Entry, Negation, WordTable

NEGATION = Negation(
    before=frozenset({("no",), ("negative", "for")}),
    ends=frozenset({("but",)}),
    family=frozenset({("mother",)}),
    history=frozenset({("history", "of")}),
    after=frozenset({("ruled", "out")}),
    after_history=frozenset({("resolved",)}),
    after_condition=frozenset({("vaccine",)}),
    between=frozenset({("is",), ("was",)}),
)
TABLE = WordTable(
    [
        Entry("IgA deficiency", "iga"),
        Entry("secretory IgA deficiency", "secretory"),
        Entry("deficiency of iron", "iron"),
        Entry("sepsis", "sepsis"),
        Entry("transplant", "transplant", history=True),
        Entry("sepsis protocol", ""),
    ],
    NEGATION,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("IgA deficiency", {"iga"}),
        ("Secretory IgA-deficiency", {"secretory"}),
        ("IgA deficiency of iron", {"iga", "iron"}),
        ("secretory IgA deficiency, IgA deficiency", {"secretory", "iga"}),
        ("sepsis protocol", set()),
        ("sepsis protocol for sepsis", {"sepsis"}),
        ("no sepsis", set()),
        ("sepsis, no fever", {"sepsis"}),
        ("no fever but sepsis", {"sepsis"}),
        ("negative for fever or sepsis", set()),
        ("negative sepsis", {"sepsis"}),
        ("mother: sepsis", set()),
        ("mother : sepsis", set()),
        ("mother: well; sepsis", {"sepsis"}),
        ("mother: well. sepsis", {"sepsis"}),
        ("mother; sepsis", {"sepsis"}),
        ("admitted with mother: sepsis", {"sepsis"}),
        ("history of: sepsis", set()),
        ("no: sepsis", set()),
        ("mother had sepsis", set()),
        ("history of sepsis, transplant", {"transplant"}),
        ("sepsis is was ruled out", set()),
        ("sepsis was resolved", set()),
        ("transplant was resolved", {"transplant"}),
        ("sepsis vaccine", set()),
        ("sepsis is", {"sepsis"}),
        ("Sépsis", {"sepsis"}),
    ],
)
def test_what_a_text_names(text: str, expected: set[str]) -> None:
    assert TABLE.find(text) == expected


def _growth(read: Callable[[str], object], text: str) -> float:
    """How much longer eight times the text takes, at the best of three; 8 where time grows with the length."""

    def best(times: int) -> float:
        taken = []
        for _ in range(3):
            start = process_time()
            read(text * times)
            taken.append(process_time() - start)
        return min(taken)

    least = 20_000 // len(text)
    return best(8 * least) / max(best(least), 0.001)


@pytest.mark.parametrize(
    "text",
    ["sepsis ", "no ", "secretory IgA ", "sepsis is ", "deficiency of ", "history ", "a\u0300\u0323", "sepsis. "],
)
def test_the_time_grows_with_the_length_of_a_text_and_no_faster(text: str) -> None:
    assert _growth(TABLE.find, text) < 24, "64 where it grows with the square"


def test_the_end_of_a_long_text_is_read_too() -> None:
    assert TABLE.find("nothing to see here. " * 5_000 + "sepsis") == {"sepsis"}


@pytest.mark.parametrize("text", ["sepsis ", "IVIG ", "1", "1.", "immune globulin  ", "immune globulin (human) ", "/ "])
def test_every_reader_of_texts_takes_long_ones(known: Knowledge, text: str) -> None:
    assert _growth(known.concepts.in_text, text) < 24
    assert _growth(known.indications.in_text, text) < 24
    assert _growth(lambda words: known.drugs.classify([], [words]), text) < 24
    assert _growth(lambda words: known.vaccines.classify([], [words]), text) < 24
    assert _growth(lambda words: known.products.identify([], [f"IVIG {words}"]), text) < 24
