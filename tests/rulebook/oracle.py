"""What rules mean, in plain Python: nested loops over facts, no engine. The compiled rules must agree with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from cds.facts import KINDS, Fact
from cds.findings import TIERS
from cds.rulebook.language import Comparison, OneOf, Presence, Reference, Value
from cds.rulebook.topic import Branch, Pattern, Rule

Given = Mapping[str, Any]
Bound = dict[str, Given]


def as_given(fact: Fact) -> Given:
    """A fact as names and values, with its kind."""
    return {"kind": fact.kind} | {name: getattr(fact, name) for name in (f.name for f in fields(fact))}


class Oracle:
    """Rules with the values in force, evaluated by hand."""

    def __init__(self, rules: Iterable[Rule], values: Mapping[str, Decimal]) -> None:
        self.rules = list(rules)
        self.values = values
        self.facts: list[Given] = []
        self.read: set[str] = set()

    def run(self, facts: Iterable[Fact]) -> set[tuple[str, str, str, frozenset[tuple[str, frozenset[str]]]]]:
        """Every finding as (rule, order, tier, what each other name is bound to)."""
        self.facts = [as_given(fact) for fact in facts]
        self.read = {f["name"] for f in self.facts if f["kind"] == "source" and f["state"] == "read"}
        for rule in self._in_order():
            made = {}
            for _, bound in self._held(rule):
                if rule.card is not None and self._about(rule, bound) is None:
                    continue
                fact = self._made(rule, bound)
                made[tuple(sorted(fact.items()))] = fact
            self.facts += [fact for fact in made.values() if fact not in self.facts]
        found = set()
        for rule in self.rules:
            if rule.card is not None:
                found |= self._findings(rule)
        return found

    def _in_order(self) -> Iterator[Rule]:
        waiting = [rule for rule in self.rules if rule.infer is not None]
        while waiting:
            kinds = {rule.infer.kind for rule in waiting if rule.infer}
            ready = [rule for rule in waiting if not {p.kind for p in rule.patterns()} & kinds]
            yield from ready
            waiting = [rule for rule in waiting if rule not in ready]

    def _sources(self, kind: str) -> set[str]:
        if kind in KINDS:
            return set(KINDS[kind].sources)
        makers = [rule for rule in self.rules if rule.infer and rule.infer.kind == kind]
        held = [branch for rule in makers for branch in (rule.body, *rule.any)]
        return {s for branch in held for p in (*branch.when, *branch.unless) for s in self._sources(p.kind)}

    def _held(self, rule: Rule) -> Iterator[tuple[Branch, Bound]]:
        for branch in rule.any or (Branch((), (), 0),):
            yield from ((branch, bound) for bound in self._branch(rule, branch))

    def _branch(self, rule: Rule, branch: Branch) -> Iterator[Bound]:
        denials = (*rule.body.unless, *branch.unless)
        if any(self._sources(pattern.kind) - self.read for pattern in denials):
            return
        for bound in self._bindings((*rule.body.when, *branch.when), {}):
            if not any(self._matches(pattern, fact, bound) for pattern in denials for fact in self.facts):
                yield bound

    def _bindings(self, patterns: tuple[Pattern, ...], bound: Bound) -> Iterator[Bound]:
        if not patterns:
            yield bound
            return
        for fact in self.facts:
            if self._matches(patterns[0], fact, bound):
                yield from self._bindings(patterns[1:], {**bound, patterns[0].alias: fact})

    def _matches(self, pattern: Pattern, fact: Given, bound: Bound) -> bool:
        return fact["kind"] == pattern.kind and all(
            self._holds(test, fact.get(attribute.name), bound)
            for attribute in pattern.attributes
            for test in attribute.tests
        )

    def _holds(self, test: object, value: Any, bound: Bound) -> bool:
        if isinstance(test, Presence):
            return (value is not None) == test.present
        if value is None:
            return False
        if isinstance(test, OneOf):
            return _word(value) in test.words
        assert isinstance(test, Comparison)
        right = self._right(test, value, bound)
        if right is None:
            return False
        left = round(value, 6) if isinstance(value, float) else value
        outcomes = {"=": left == right, "!=": left != right}
        if test.operator in outcomes:
            return outcomes[test.operator]
        return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[test.operator]

    def _right(self, test: Comparison, value: Any, bound: Bound) -> Any:
        if isinstance(test.right, Value):
            return float(self.values[test.right.name])
        if isinstance(test.right, Reference):
            other = bound[test.right.alias].get(test.right.attribute)
            if other is None:
                return None
            if isinstance(other, date) and test.right.value:
                shift = timedelta(days=int(self.values[test.right.value]))
                return other + shift if test.right.sign == "+" else other - shift
            return round(other, 6) if isinstance(other, float) else other
        return float(test.right.text) if isinstance(value, float) else test.right.text

    def _made(self, rule: Rule, bound: Bound) -> dict[str, Any]:
        assert rule.infer is not None
        fact: dict[str, Any] = {"kind": rule.infer.kind}
        for made in rule.infer.attributes:
            if isinstance(made.right, Reference):
                fact[made.name] = bound[made.right.alias].get(made.right.attribute)
            else:
                fact[made.name] = made.right.text
        return fact

    def _about(self, rule: Rule, bound: Bound) -> str | None:
        return next((n.text for n in rule.about if n.text in bound and bound[n.text]["selected"]), None)

    def _findings(self, rule: Rule) -> set[tuple[str, str, str, frozenset[tuple[str, frozenset[str]]]]]:
        found: dict[str, list[tuple[Branch, Bound]]] = {}
        raised: dict[str, list[tuple[Branch, Bound]]] = {}
        bodies = [pattern.alias for pattern in rule.body.when]
        for branch, bound in self._held(rule):
            about = self._about(rule, bound)
            if about is not None:
                found.setdefault(bound[about]["ref"], []).append((branch, bound))
        for branch in rule.raises:
            for bound in self._branch(rule, branch):
                for ref, ways in found.items():
                    if any(all(way[name] is bound[name] for name in bodies) for _, way in ways):
                        raised.setdefault(ref, []).append((branch, bound))
        return {
            (rule.id, ref, _tier(rule, ways, raised.get(ref, [])), _each(rule, [*ways, *raised.get(ref, [])]))
            for ref, ways in found.items()
        }


def _word(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _tier(rule: Rule, ways: list[tuple[Branch, Bound]], raised: list[tuple[Branch, Bound]]) -> str:
    up = [branch.tier for branch, _ in raised if branch.tier and not branch.lower]
    down = [branch.tier for branch, _ in raised if branch.tier and branch.lower]
    if up:
        return max(up, key=TIERS.index)
    if down:
        return min(down, key=TIERS.index)
    return max((branch.tier or rule.tier or "info" for branch, _ in ways), key=TIERS.index)


def _each(rule: Rule, ways: list[tuple[Branch, Bound]]) -> frozenset[tuple[str, frozenset[str]]]:
    names: dict[str, set[str]] = {}
    for _, bound in ways:
        for alias, fact in bound.items():
            if alias != rule.about[0].text:
                names.setdefault(alias, set()).add(identity(fact))
    return frozenset((alias, frozenset(facts)) for alias, facts in names.items())


def identity(fact: Given) -> str:
    """A fact told from the others by all that it says."""
    return repr(sorted((name, value) for name, value in fact.items() if name not in ("says",)))
