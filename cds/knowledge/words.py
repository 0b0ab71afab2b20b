"""Exact word lists in free text: word-bounded, case-blind, never negated, never said of the family.

A text is cut into words without regard to case, accents and punctuation ("Guillain-Barré" is "guillain barre"). Where
phrases overlap the longest counts, so that "secretory IgA deficiency" is not "IgA deficiency". A negation counts when
it stands in the same clause before the phrase, or right behind it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cds.knowledge.remembered import remembered
from cds.knowledge.sheet import Sheet

_WORD = re.compile(r"[^\W_]+")
_END = re.compile(r"[.;:\n!?]")

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Negation:
    """The words that take a finding back, as phrases; see the table negation.yaml for what each list does."""

    before: frozenset[Phrase]
    ends: frozenset[Phrase]
    family: frozenset[Phrase]
    history: frozenset[Phrase]
    after: frozenset[Phrase]
    after_history: frozenset[Phrase]
    after_condition: frozenset[Phrase]
    between: frozenset[Phrase]

    @classmethod
    def of(cls, sheet: Sheet) -> Negation:
        """The lists of the table."""
        names = ("before", "ends", "family", "history", "after", "after_history", "after_condition", "between")
        sheet.known(names)
        return cls(*(frozenset(phrase(word) for word in sheet.words(name)) for name in names))


@dataclass(frozen=True, slots=True)
class Entry:
    """What one phrase stands for: an id, or "" for a phrase that only keeps shorter ones from counting."""

    words: str
    id: str
    history: bool = False


class WordTable:
    """Phrases and the ids they stand for. `conditions` adds the words that make another thing of a disease."""

    def __init__(self, entries: Iterable[Entry], negation: Negation | None, *, conditions: bool = True) -> None:
        """Without `negation` a phrase counts wherever it stands."""
        self._negation = negation
        self._conditions = conditions
        phrases: dict[Phrase, list[Entry]] = defaultdict(list)
        for entry in entries:
            phrases[phrase(entry.words)].append(entry)
        self._by_first: dict[str, list[tuple[Phrase, list[Entry]]]] = defaultdict(list)
        for words, found in sorted(phrases.items(), key=lambda item: -len(item[0])):
            if words:
                self._by_first[words[0]].append((words, found))
        self._remembered = remembered(self._find)

    def find(self, text: str) -> frozenset[str]:
        """The ids that the text names."""
        return self._remembered(text)

    def _find(self, text: str) -> frozenset[str]:
        found: set[str] = set()
        for clause in _clauses(text, self._negation.ends if self._negation else frozenset()):
            for start, end, entries in self._matches(clause):
                found |= {one.id for one in entries if one.id and not self._taken_back(clause, start, end, one)}
        return frozenset(found)

    def _matches(self, clause: Phrase) -> Iterator[tuple[int, int, list[Entry]]]:
        matches = [
            (start, start + len(words), entries)
            for start, word in enumerate(clause)
            for words, entries in self._by_first.get(word, ())
            if clause[start : start + len(words)] == words
        ]
        for start, end, entries in matches:
            longer = any(s <= start and end <= e and e - s > end - start for s, e, _ in matches)
            if not longer:
                yield start, end, entries

    def _taken_back(self, clause: Phrase, start: int, end: int, entry: Entry) -> bool:
        words, negation = clause[:start], self._negation
        if negation is None:
            return False
        if _holds(words, negation.before) or _holds(words, negation.family):
            return True
        if not entry.history and _holds(words, negation.history):
            return True
        while clause[end : end + 1] in negation.between:
            end += 1
        after = set(negation.after)
        after |= set() if entry.history else negation.after_history
        after |= negation.after_condition if self._conditions else set()
        return any(clause[end : end + len(words)] == words for words in after)


def phrase(text: str) -> Phrase:
    """The words of a text without case, accents and punctuation."""
    return tuple(_WORD.findall(_plain(text)))


def whole(text: str) -> str:
    """A text in one form, to compare whole names: without case, accents, punctuation and double spaces."""
    return " ".join(phrase(text))


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


def _clauses(text: str, ends: frozenset[Phrase]) -> Iterator[Phrase]:
    for part in _END.split(text):
        clause: list[str] = []
        for word in phrase(part):
            if (word,) in ends:
                yield tuple(clause)
                clause = []
            else:
                clause.append(word)
        yield tuple(clause)


def _holds(words: Sequence[str], phrases: frozenset[Phrase]) -> bool:
    longest = max(map(len, phrases), default=0)
    return any(
        tuple(words[start:end]) in phrases
        for start in range(len(words))
        for end in range(start + 1, min(start + longest, len(words)) + 1)
    )
