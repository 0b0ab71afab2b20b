"""Which rule can be evaluated when: layers computed from what rules read and make, and the sources behind them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cds.facts import KINDS
from cds.rulebook.topic import Branch, Rule

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

    def of(self, kinds: Iterable[str]) -> int:
        """The first layer in which patterns of these kinds can be evaluated."""
        return max((self.of_kind.get(kind, 0) for kind in kinds), default=0)


def layers(rules: Iterable[Rule]) -> Layers:
    """The layers of rules without cycles (`cycles` finds those)."""
    needs = _needs(rules)
    of_kind: dict[str, int] = {}

    def depth(kind: str) -> int:
        if kind not in of_kind:
            of_kind[kind] = 1 + max((depth(other) for other in needs[kind] if other in needs), default=0)
        return of_kind[kind]

    sources: dict[str, frozenset[str]] = {kind: frozenset(cls.sources) for kind, cls in KINDS.items()}

    def stands_on(kind: str) -> frozenset[str]:
        if kind not in sources:
            found: set[str] = set()
            for other in needs.get(kind, ()):
                found |= stands_on(other)
            sources[kind] = frozenset(found)
        return sources[kind]

    late = {UNCHECKED}
    for kind in sorted(needs, key=depth):
        stands_on(kind)
        if needs[kind] & late:
            late.add(kind)
    return Layers(of_kind, sources, frozenset(late))


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
