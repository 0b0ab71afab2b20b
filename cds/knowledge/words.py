"""Exact word lists in free text: word-bounded, case-blind, never negated, never said of the family."""

from __future__ import annotations


class WordTable:
    """Phrases and what each stands for."""

    def find(self, text: str) -> frozenset[str]:
        """What the text names."""
        raise NotImplementedError
