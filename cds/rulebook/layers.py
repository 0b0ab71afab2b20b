"""Which rule can be evaluated when: layers computed from what rules read and make, and the sources behind them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cds.facts import KINDS
from cds.rulebook.language import Comparison, OneOf, Test, Word
from cds.rulebook.topic import Branch, Pattern, Rule

UNCHECKED = "unchecked"


def read_by(*branches: Branch) -> frozenset[str]:
    """The kinds that patterns of these branches speak of."""
    return frozenset(p.kind for branch in branches for p in (*branch.when, *branch.unless))


def reads(rule: Rule) -> frozenset[str]:
    """The kinds on which it depends whether the rule holds; `raise` only colors it."""
    return read_by(rule.body, *rule.any)


@dataclass(frozen=True, slots=True)
class Layers:
    """`of_kind` is the layer before which all facts of an inferred kind are made; `sources` what a kind stands on.

    `late` are the kinds that depend on `unchecked`: they are made after every other rule has run.
    """

    of_kind: Mapping[str, int]
    sources: Mapping[str, frozenset[str]]
    late: frozenset[str]

    def behind(self, pattern: Pattern) -> frozenset[str]:
        """The sources that a pattern stands on, and of a parted one the parts that it names."""
        return behind(pattern, self.sources)

    def of(self, kinds: Iterable[str]) -> int:
        """The first layer in which patterns of these kinds can be evaluated."""
        return max((self.of_kind.get(kind, 0) for kind in kinds), default=0)


def layers(rules: Iterable[Rule]) -> Layers:
    """The layers of rules without cycles (`cycles` finds those)."""
    rules = tuple(rules)
    needs = _needs(rules)
    of_kind: dict[str, int] = {}

    def depth(kind: str) -> int:
        if kind not in of_kind:
            of_kind[kind] = 1 + max((depth(other) for other in needs[kind] if other in needs), default=0)
        return of_kind[kind]

    sources: dict[str, frozenset[str]] = {kind: frozenset(cls.sources) for kind, cls in KINDS.items()}
    read: dict[str, list[Pattern]] = {}
    for rule in rules:
        if rule.infer is not None:
            branches = (rule.body, *rule.any)
            read.setdefault(rule.infer.kind, []).extend(p for b in branches for p in (*b.when, *b.unless))
    late = {UNCHECKED}
    for kind in sorted(needs, key=depth):
        found = frozenset(source for pattern in read[kind] for source in behind(pattern, sources))
        sources.setdefault(kind, found)
        if needs[kind] & late:
            late.add(kind)
    return Layers(of_kind, sources, frozenset(late))


def behind(pattern: Pattern, sources: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """The sources behind a pattern, where those of each kind are known."""
    found = sources.get(pattern.kind, frozenset())
    cls = KINDS.get(pattern.kind)
    if cls is None or cls.parted is None:
        return found
    source, attribute = cls.parted
    words = next((_words(test) for one in pattern.attributes if one.name == attribute for test in one.tests), ())
    return found - {source} | {f"{source}/{word}" for word in words} if words else found


def _words(test: Test) -> tuple[str, ...]:
    """The words that an attribute is one of by a test; none where it may be any."""
    if isinstance(test, OneOf):
        return test.words
    if isinstance(test, Comparison) and test.operator == "=" and isinstance(test.right, Word):
        return (test.right.text,)
    return ()


def cycles(rules: Iterable[Rule]) -> list[tuple[Rule, tuple[str, ...]]]:
    """The rules whose inferred kind depends on itself, each with the kinds of the cycle."""
    rules = tuple(rules)
    needs = _needs(rules)
    found = []
    for rule in rules:
        if rule.infer is not None:
            path = _path(needs, reads(rule), rule.infer.kind)
            if path:
                found.append((rule, path))
    return found


def _needs(rules: Iterable[Rule]) -> dict[str, frozenset[str]]:
    needs: dict[str, frozenset[str]] = {}
    for rule in rules:
        if rule.infer is not None:
            needs[rule.infer.kind] = needs.get(rule.infer.kind, frozenset()) | reads(rule)
    return needs


def _path(needs: Mapping[str, frozenset[str]], start: Iterable[str], goal: str) -> tuple[str, ...]:
    ahead: list[tuple[str, ...]] = [(kind,) for kind in sorted(start)]
    seen: set[str] = set()
    while ahead:
        path = ahead.pop(0)
        if path[-1] == goal:
            return path
        if path[-1] not in seen:
            seen.add(path[-1])
            ahead.extend((*path, kind) for kind in sorted(needs.get(path[-1], ())))
    return ()
