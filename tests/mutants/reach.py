"""Which cases a change of a rule can touch at all: those with a fact for each thing that the rule asks for.

Only words are compared here, not numbers, days and what names share: a case that is left out could not hold the rule,
changed or not; one that is kept is still evaluated as a whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from cds.facts import Fact
from tests.mutants.mutant import Path_, Spot

_TOLD = "unchecked"
"""The kind that the engine makes by itself."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What one name of a rule is bound to: a kind, and for some attributes the words that are wanted."""

    kind: str
    words: Mapping[str, frozenset[str]]
    place: Path_

    def met(self, facts: Iterable[Fact], place: Path_) -> bool:
        """Whether one of the facts may do; where the ask itself is changed, at `place`, its words do not count."""
        if place[: len(self.place)] == self.place:
            return any(True for _ in facts)
        return any(all(_word(fact, name) in words for name, words in self.words.items()) for fact in facts)


@dataclass(frozen=True, slots=True)
class Shape:
    """A rule as what each of its ways of holding asks for, and the kind that it makes ("" for none)."""

    id: str
    ways: tuple[tuple[Ask, ...], ...]
    makes: str


@dataclass(frozen=True, slots=True)
class Reach:
    """The facts of a case by kind, and the kinds that may be inferred from them."""

    facts: Mapping[str, tuple[Fact, ...]]
    made: frozenset[str]

    def holds(self, shape: Shape, place: Path_ = ()) -> bool:
        """Whether a rule, of which what stands at `place` is changed, may hold here."""
        return any(all(self._met(ask, place) for ask in way) for way in shape.ways)

    def _met(self, ask: Ask, place: Path_) -> bool:
        return ask.kind in self.made or ask.met(self.facts.get(ask.kind, ()), place)


def shape(rule: Spot) -> Shape:
    """The shape of an entry under `rules`."""
    body = tuple(_asks(rule))
    branches = list(rule["any"].each()) if "any" in rule else []
    ways = tuple((*body, *_asks(branch)) for branch in branches) or (body,)
    return Shape(rule["id"].text, ways, rule["infer"]["is"].text if "infer" in rule else "")


def reach(facts: Iterable[Fact], shapes: Collection[Shape]) -> Reach:
    """What a case with these facts can reach."""
    kinds: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        kinds[fact.kind].append(fact)
    by_kind = {kind: tuple(found) for kind, found in kinds.items()}
    found, before = Reach(by_kind, frozenset({_TOLD})), frozenset[str]()
    while found.made != before:
        before = found.made
        found = Reach(by_kind, before | {one.makes for one in shapes if one.makes and found.holds(one)})
    return found


def _asks(branch: Spot) -> Iterator[Ask]:
    for pattern in branch["when"].each() if "when" in branch else ():
        attributes = (one for one in pattern.each() if one.key != "is")
        words = {one.key: frozenset(one.words()) for one in attributes if _plain(one.words())}
        yield Ask(pattern["is"].text, words, pattern.place)


def _plain(words: list[str]) -> bool:
    return len(words) > 1 or (words[0] not in ("present", "absent") and words[0][0] not in "=!<>")


def _word(fact: Fact, attribute: str) -> str:
    value = getattr(fact, attribute)
    return str(value).lower() if isinstance(value, bool) else str(value)
