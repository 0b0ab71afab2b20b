"""Whether the conditions of a rule make sense: kinds, attributes, types, words, names, values and units."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cds.case import ORDERS, SOURCES
from cds.errors import hint
from cds.facts import KINDS
from cds.knowledge.values import DatedValue
from cds.rulebook.compiler import MAX_PATTERNS
from cds.rulebook.language import ORDERED, Comparison, OneOf, Presence, Reference, Value, Word
from cds.rulebook.topic import Attribute, Branch, Pattern, Rule, stem_of
from cds.rulebook.vocabulary import DAY, FLAG, HIDDEN, NUMBER, RESERVED_NAMES, TERM, TEXT, Attr, Kinds, comparable

LAB, MEASUREMENT = "lab", "concept"
"""The kind whose numbers have the unit of what was measured, and the attribute that says what that is."""

Report = Callable[[int, str], None]
Scope = Mapping[str, Pattern]


@dataclass(frozen=True, slots=True)
class Known:
    """What conditions may mention: kinds, rule ids, the values of the topic, the unit of each measurement.

    `unread` are the topics that could not be read: what may stand in them is not called unknown.
    """

    kinds: Kinds
    rules: Collection[str]
    values: Mapping[str, Sequence[DatedValue]]
    units: Mapping[str, str] = field(default_factory=dict)
    unread: frozenset[str] = frozenset()

    def no_rule(self, name: str) -> bool:
        """Whether there is no rule of this id, nor may be one in a topic that could not be read."""
        return name not in self.rules and stem_of(name) not in self.unread

    def whole(self, kind: str) -> bool:
        """Whether every attribute of a kind is known: of an inferred one some may come from an unread topic."""
        return kind in KINDS or not self.unread


def check_conditions(rule: Rule, known: Known, report: Report) -> None:
    """Report everything wrong with `when`, `unless`, `any` and `raise` of a rule."""
    body = {pattern.alias: pattern for pattern in rule.body.when}
    kinds: dict[str, str] = {}
    for branch in (rule.body, *rule.any, *rule.raises):
        scope = body if branch is rule.body else {**body, **{pattern.alias: pattern for pattern in branch.when}}
        _names(rule, branch, body, kinds, report)
        for pattern in branch.when:
            _Check(pattern, scope, known, report, denies=False).all()
        for pattern in branch.unless:
            _Check(pattern, scope, known, report, denies=True).all()
        _circles(branch.when, report)
        count = 1 + len(scope) + len(rule.body.unless) + (0 if branch is rule.body else len(branch.unless))
        if count > MAX_PATTERNS:
            report(branch.line, f"{count - 1} facts in one rule are more than the engine holds ({MAX_PATTERNS - 1})")


def _names(rule: Rule, branch: Branch, body: Scope, kinds: dict[str, str], report: Report) -> None:
    bound = set() if branch is rule.body else set(body)
    for pattern in (*branch.when, *branch.unless):
        if pattern.alias in RESERVED_NAMES:
            report(pattern.line, f'the name "{pattern.alias}" is reserved; take another')
        if pattern.alias in bound:
            report(pattern.line, f'the name "{pattern.alias}" is bound already')
        bound.add(pattern.alias)
    for pattern in branch.when:
        if kinds.setdefault(pattern.alias, pattern.kind) != pattern.kind:
            report(pattern.line, f'"{pattern.alias}" is a {kinds[pattern.alias]} elsewhere in this rule')


def _circles(when: Sequence[Pattern], report: Report) -> None:
    names = {pattern.alias for pattern in when}
    needs = {p.alias: {r.alias for _, r in p.references()} & names - {p.alias} for p in when}
    while ready := [alias for alias in needs if not needs[alias]]:
        for alias in ready:
            del needs[alias]
        for others in needs.values():
            others.difference_update(ready)
    for pattern in when:
        if pattern.alias in needs:
            report(pattern.line, f'"{pattern.alias}" and another name refer to each other; let only one refer')


class _Check:
    """One pattern under `when` or (where it `denies`) under `unless`."""

    def __init__(self, pattern: Pattern, scope: Scope, known: Known, report: Report, *, denies: bool) -> None:
        self.pattern, self.scope, self.known, self.report, self.denies = pattern, scope, known, report, denies

    def all(self) -> None:
        kind = self.pattern.kind
        attributes = self.known.kinds.get(kind)
        if attributes is None:
            if kind and not self.known.unread:
                self.report(self.pattern.line, f'there is no kind of fact "{kind}"{hint(kind, self.known.kinds)}')
            return
        for attribute in self.pattern.attributes:
            attr = self._attr(kind, attribute.name, attribute.line)
            for test in attribute.tests if attr else ():
                assert attr is not None
                if isinstance(test, OneOf):
                    self._words(attribute, attr, test.words)
                elif isinstance(test, Presence):
                    if not attr.optional:
                        self.report(attribute.line, f"{attribute.name} of {kind} is never absent")
                else:
                    self._comparison(attribute, attr, test)

    def _attr(self, kind: str, name: str, line: int) -> Attr | None:
        attr = self.known.kinds[kind].get(name)
        if attr is None:
            if self.known.whole(kind):
                self.report(line, f'{kind} has no attribute "{name}"{hint(name, self.known.kinds[kind])}')
        elif attr.type == HIDDEN:
            self.report(line, f"{name} of {kind} is for texts only")
            return None
        return attr

    def _words(self, attribute: Attribute, attr: Attr, words: Sequence[str]) -> None:
        check_words(
            self.pattern.kind, attribute.name, attr, words, self.known, lambda w: self.report(attribute.line, w)
        )

    def _comparison(self, attribute: Attribute, attr: Attr, test: Comparison) -> None:
        line, what = attribute.line, f"{attribute.name} of {self.pattern.kind}"
        if test.operator in ORDERED and attr.type not in (NUMBER, DAY):
            self.report(line, f"{what} is a {attr.type} and has no order: only = and !=")
        elif isinstance(test.right, Word):
            if attr.type == NUMBER and test.right.text not in ("0", "1"):
                self.report(line, f'{what} is a number and cannot be compared with "{test.right.text}"')
            elif attr.type == DAY:
                self.report(line, f"{what} is a day: compare it with the day of another name")
            elif attr.type != NUMBER:
                self._words(attribute, attr, (test.right.text,))
        elif isinstance(test.right, Value):
            if attr.type != NUMBER:
                self.report(line, f"{what} is a {attr.type} and cannot be compared with a value")
            self._value(test.right.name, attr.unit, line, what)
            if attr.type == NUMBER and not attr.unit and self.pattern.kind == LAB:
                self._measured(test.right.name, line, what)
        else:
            self._reference(attribute, attr, test.right, what)

    def _reference(self, attribute: Attribute, attr: Attr, right: Reference, what: str) -> None:
        line = attribute.line
        other = self.scope.get(right.alias)
        if right.alias == self.pattern.alias and not self.denies:
            self.report(line, f'"{right.alias}" refers to itself: bind a second name to the same fact')
            return
        if other is None:
            self.report(line, f'"{right.alias}" is no name that can be referred to here{hint(right.alias, self.scope)}')
            return
        if other.kind not in self.known.kinds:
            return
        found = self._attr(other.kind, right.attribute, line)
        if found is None:
            return
        if not comparable(attr, found):
            whose = f"{right.attribute} of {other.kind}, a {found.type}"
            self.report(line, f"{what}, a {attr.type}, cannot be compared with {whose}")
        elif attr.unit and found.unit and attr.unit != found.unit:
            self.report(line, f"{what} is in {attr.unit}, {right.attribute} of {other.kind} in {found.unit}")
        if right.value:
            if attr.type != DAY:
                self.report(
                    line, f"{what} is a {attr.type}: only a day can be compared with another plus or minus a value"
                )
            self._value(right.value, "days", line, "the shift of a day")
        if self.denies and found.optional and not _requires(other, right.attribute):
            self.report(line, f'{right.alias}.{right.attribute} may be absent: say "present" at {right.alias} first')

    def _measured(self, value: str, line: int, what: str) -> None:
        """The number of a measurement is in the unit of that measurement."""
        tests = [test for one in self.pattern.attributes if one.name == MEASUREMENT for test in one.tests]
        words = [word for test in tests if isinstance(test, OneOf) for word in test.words]
        if not words:
            self.report(line, f"{what} depends on what was measured: say which {MEASUREMENT} is meant")
        for word in words:
            self._value(value, self.known.units.get(word, ""), line, f"{what} ({word})")

    def _value(self, name: str, unit: str, line: int, what: str) -> None:
        dated = self.known.values.get(name)
        if dated is None:
            self.report(line, f'the topic has no value "{name}"{hint(name, self.known.values)}')
        elif dated and unit and dated[0].unit != unit:
            self.report(line, f"{what} is in {unit}, the value {name} in {dated[0].unit}")
        elif unit == "days" and any(entry.value != int(entry.value) for entry in dated):
            self.report(line, f"the value {name} must be whole days")


def _requires(pattern: Pattern, name: str) -> bool:
    tests = [test for attribute in pattern.attributes if attribute.name == name for test in attribute.tests]
    return any(test != Presence(False) for test in tests)


def check_words(
    kind: str, name: str, attr: Attr, words: Sequence[str], known: Known, report: Callable[[str], Any]
) -> None:
    """Report words that the attribute can never be."""
    allowed: Collection[str] = attr.words
    if attr.type == FLAG:
        allowed = ("true", "false")
    elif attr.type == TEXT and (kind, name) in (("source", "name"), ("unchecked", "source")):
        allowed = (ORDERS, *SOURCES)
    elif attr.type == TEXT and (kind, name) == ("unchecked", "rule"):
        allowed = [*known.rules, *(word for word in words if not known.no_rule(word))]
    elif attr.type in (NUMBER, DAY):
        report(f"{name} of {kind} is a {attr.type}: write a comparison")
        return
    elif attr.type == TEXT:
        for word in words:
            if word.startswith("~"):
                report(f'"{word}": words that begin with ~ are the engine\'s')
        return
    if attr.type == TERM and (not allowed or (known.unread and kind not in KINDS)):
        return
    for word in words:
        if word not in allowed:
            listed = (
                f": {', '.join(sorted(allowed))}" if attr.type == TERM and len(allowed) < 9 else hint(word, allowed)
            )
            report(f'"{word}" is no {name} of {kind}{listed}')
