"""Answers are kept for names only: free text may say who the patient is."""

from __future__ import annotations

import pytest

from cds.knowledge.remembered import remembered


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("IgA deficiency", True),
        ("x" * 40, True),
        ("x" * 41, False),
        ("Privigen 10%", False),
        ("born 3 May", False),
        ("born ٣ May", False),
    ],
)
def test_only_short_texts_without_digits_are_kept(text: str, kept: bool) -> None:
    read: list[str] = []

    def louder(words: str) -> str:
        read.append(words)
        return words.upper()

    answer = remembered(louder)
    assert [answer(text), answer(text)] == [text.upper()] * 2
    assert len(read) == (1 if kept else 2)
