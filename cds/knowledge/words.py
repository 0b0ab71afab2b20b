"""Exact word lists in free text: word-bounded, case-blind, never negated, never said of the family.

A text is cut into words without regard to case, accents and punctuation ("Guillain-Barré" is "guillain barre"). Where
phrases overlap the longest counts, so that "secretory IgA deficiency" is not "IgA deficiency". A negation counts when
it stands in the same clause before the phrase, or right behind it. A text of any length is read whole, in time that
grows with its length: nothing is cut off, so nothing has to be said about a rest.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from cds.knowledge.remembered import remembered
from cds.knowledge.sheet import Sheet

_WORD = re.compile(r"[^\W_]+")
_END = re.compile(r"([.;:\n!?])")

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
        phrases: dict[Phrase, list[Entry]] = defaultdict(list)
        for entry in entries:
            phrases[phrase(entry.words)].append(entry)
        self._entries = phrases
        self._phrases = _Phrases(phrases)
        self._lists = None if negation is None else _Lists(negation, conditions)
        self._ends = negation.ends if negation else frozenset[Phrase]()
        self._labels = negation.before | negation.family | negation.history if negation else frozenset[Phrase]()
        self._remembered = remembered(self._find)

    def find(self, text: str) -> frozenset[str]:
        """The ids that the text names."""
        return self._remembered(text)

    def _find(self, text: str) -> frozenset[str]:
        found: set[str] = set()
        for clause in _clauses(text, self._ends, self._labels):
            taken = None
            for start, end in self._phrases.longest(clause):
                entries = [one for one in self._entries[clause[start:end]] if one.id]
                if entries and taken is None and self._lists is not None:
                    taken = _TakenBack(clause, self._lists)
                found |= {one.id for one in entries if taken is None or not taken.says(start, end, one)}
        return frozenset(found)


class _Phrases:
    """Phrases by their first word, to be found in a clause."""

    def __init__(self, phrases: Collection[Phrase]) -> None:
        lengths: dict[str, set[int]] = defaultdict(set)
        for words in phrases:
            if words:
                lengths[words[0]].add(len(words))
        self._all = frozenset(phrases)
        self._lengths = {word: tuple(sorted(found, reverse=True)) for word, found in lengths.items()}

    def end(self, clause: Phrase, start: int) -> int | None:
        """Where the longest phrase that begins at `start` ends."""
        for length in self._lengths.get(clause[start], ()):
            if clause[start : start + length] in self._all:
                return start + min(length, len(clause) - start)
        return None

    def longest(self, clause: Phrase) -> Iterator[tuple[int, int]]:
        """Start and end of every phrase that is not inside a longer one, in one sweep."""
        reach = 0
        for start in range(len(clause)):
            end = self.end(clause, start)
            if end is not None and end > reach:
                yield start, end
                reach = end

    def first_end(self, clause: Phrase) -> int:
        """Where the phrase that is over first ends; behind the clause where it holds none."""
        found = len(clause) + 1
        for start in range(len(clause)):
            for length in reversed(self._lengths.get(clause[start], ())):
                if start + length < found and clause[start : start + length] in self._all:
                    found = start + length
        return found


class _Lists:
    """The lists of a negation as they are looked up; `history` are those for what must be present now."""

    def __init__(self, negation: Negation, conditions: bool) -> None:
        always = negation.after | (negation.after_condition if conditions else frozenset())
        self.before = _Phrases(negation.before | negation.family)
        self.history = _Phrases(negation.history)
        self.after = _Phrases(always)
        self.after_history = _Phrases(always | negation.after_history)
        self.between = negation.between


class _TakenBack:
    """What one clause takes back; its negations are looked for once."""

    def __init__(self, clause: Phrase, lists: _Lists) -> None:
        self._clause, self._lists = clause, lists
        self._before = lists.before.first_end(clause)
        self._history = lists.history.first_end(clause)

    def says(self, start: int, end: int, entry: Entry) -> bool:
        """Whether the phrase from `start` to `end` is negated, said of the family, or past where that matters."""
        if self._before <= start or (self._history <= start and not entry.history):
            return True
        while self._clause[end : end + 1] in self._lists.between:
            end += 1
        after = self._lists.after if entry.history else self._lists.after_history
        return end < len(self._clause) and after.end(self._clause, end) is not None


def phrase(text: str) -> Phrase:
    """The words of a text without case, accents and punctuation."""
    return tuple(_WORD.findall(_plain(text)))


def whole(text: str) -> str:
    """A text in one form, to compare whole names: without case, accents, punctuation and double spaces."""
    return " ".join(phrase(text))


def _plain(text: str) -> str:
    folded = text.casefold()
    return folded if folded.isascii() else "".join(map(_bare, folded))


@lru_cache(4096)
def _bare(character: str) -> str:
    """One character without accents. Taken by itself: to normalize a long run of accents at once is quadratic."""
    return "".join(c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c))


def _clauses(text: str, ends: frozenset[Phrase], labels: frozenset[Phrase]) -> Iterator[Phrase]:
    """The clauses of a text. A label before a colon ("Family history: ...") belongs to what follows it."""
    parts = _END.split(text)
    label: Phrase = ()
    for part, end in zip(parts[::2], [*parts[1::2], ""], strict=True):
        words = phrase(part)
        if end == ":" and words in labels:
            label += words
            continue
        clause = list(label)
        label = ()
        for word in words:
            if (word,) in ends:
                yield tuple(clause)
                clause = []
            else:
                clause.append(word)
        yield tuple(clause)
