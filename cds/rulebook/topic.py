"""A topic file as typed, immutable data. What is here was read, but not yet checked against the vocabulary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cds.findings import CardText, Tier
from cds.knowledge.values import DatedValue
from cds.rulebook.language import Reference, Test, Word

ORDER_HOOKS = ("order-select", "order-sign")
"""The hooks of order entry; a rule without `at` holds at each of them."""

HOOKS = (*ORDER_HOOKS, "patient-view")
"""The hooks that have a service."""


def stem_of(rule: str) -> str:
    """The topic that a rule's id belongs to: the stem of its file."""
    return rule.partition(".")[0].replace("-", "_")


@dataclass(frozen=True, slots=True)
class Attribute:
    """What a pattern asks of one attribute."""

    name: str
    tests: tuple[Test, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Pattern:
    """A name bound to (or, under `unless`, denied by) a fact of a kind."""

    alias: str
    kind: str
    attributes: tuple[Attribute, ...]
    line: int

    def references(self) -> Iterator[tuple[Attribute, Reference]]:
        """Every mention of another name, with the attribute it stands at."""
        for attribute in self.attributes:
            for test in attribute.tests:
                right = getattr(test, "right", None)
                if isinstance(right, Reference):
                    yield attribute, right


@dataclass(frozen=True, slots=True)
class Says:
    """A sentence of a rule: a Jinja2 source."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Branch:
    """An entry of `any` or `raise`; also the body of a rule (`when` and `unless`)."""

    when: tuple[Pattern, ...]
    unless: tuple[Pattern, ...]
    line: int
    tier: Tier | None = None
    lower: bool = False
    says: Says | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """One attribute of an inferred fact: a word, or the attribute of a name."""

    name: str
    right: Word | Reference
    line: int


@dataclass(frozen=True, slots=True)
class Infer:
    """The fact that a rule makes."""

    kind: str
    attributes: tuple[Made, ...]
    line: int
    says: Says | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """A word of a list in the file, with its line: an id in `over`, a key in `cites`, a name in `about`."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry under `rules`. `at` is empty where the rule holds for the hooks of order entry."""

    id: str
    file: str
    line: int
    body: Branch
    any: tuple[Branch, ...] = ()
    raises: tuple[Branch, ...] = ()
    infer: Infer | None = None
    tier: Tier | None = None
    about: tuple[Named, ...] = ()
    at: tuple[str, ...] = ()
    silent: bool = False
    over: tuple[Named, ...] = ()
    card: CardText | None = None
    card_line: int = 0
    cites: tuple[Named, ...] = ()

    def branches(self) -> tuple[Branch, ...]:
        """The ways in which the rule can hold: the entries of `any`, or the body alone."""
        return self.any or (Branch((), (), self.line),)

    def patterns(self) -> Iterator[Pattern]:
        """Every pattern of the rule, wherever it stands."""
        for branch in (self.body, *self.any, *self.raises):
            yield from branch.when
            yield from branch.unless


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic file. `stem` is the name of the file and the first part of its values' full names."""

    stem: str
    file: str
    title: str
    about: str
    values: Mapping[str, tuple[DatedValue, ...]]
    value_lines: Mapping[str, int]
    rules: tuple[Rule, ...]
