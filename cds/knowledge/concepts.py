"""Clinical concepts: which codes and words mean "IgA deficiency", "sepsis", an allergy to immune globulin.

ICD-10-CM matches by the prefixes a concept lists, each of them and none derived; every other system exactly. Words are
used where no code decides; a phrase inside a longer phrase of another concept does not count.
"""

from __future__ import annotations

from collections.abc import Mapping

from cds.knowledge.codes import Code
from cds.knowledge.matching import CodeTable
from cds.knowledge.words import WordTable


class Concepts:
    """Condition concepts and allergy substances by code and by text."""

    def __init__(self, names: Mapping[str, str], codes: CodeTable, words: WordTable) -> None:
        self._names, self._codes, self._words = names, codes, words

    def of(self, code: Code) -> frozenset[str]:
        """The concepts a code stands for; empty for an unknown one."""
        return self._codes.of(code)

    def in_text(self, words: str) -> frozenset[str]:
        """The concepts that a text names, none of them negated or said of the family."""
        return self._words.find(words)

    def name(self, id: str) -> str:
        """The concept's name for people. Raises KeyError."""
        return self._names[id]

    @property
    def ids(self) -> frozenset[str]:
        """Every concept, those without a code among them."""
        return frozenset(self._names)
