"""What the rule book hands to the advice: findings about orders, and the rules they came from. Plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from cds.facts import Fact

Tier = Literal["info", "warning", "critical"]
TIERS: tuple[Tier, ...] = ("info", "warning", "critical")
EXTENSION = "org.ivig-cds.finding"
"""The name of a card's extension: rule, edition, order, evidence, and what was not checked."""


@dataclass(frozen=True, slots=True, order=True)
class Evidence:
    """One thing a card stands on: the resource ("Type/id", "" where there is none) and the sentence."""

    resource: str
    says: str


@dataclass(frozen=True, slots=True)
class Suggest:
    """What a rule asks to be suggested: the kind of suggestion, and what of ("" where the kind takes nothing).

    It is not offered where one of the rule's names in `unless` is bound.
    """

    name: str
    argument: str = ""
    line: int = field(default=0, compare=False)
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CardText:
    """The words of a rule as its topic file has them, Jinja2 sources, and what the card suggests."""

    summary: str
    detail: str = ""
    suggest: tuple[Suggest, ...] = ()


@dataclass(frozen=True, slots=True)
class AdviceRule:
    """A rule that speaks: all of its topic entry that the advice needs. `position` orders the cards.

    `topic` is the title of its topic file. `about` are the names the card may stand on, in the order they are tried.
    `names` maps every name of the rule to the attributes of its kind, in the shape of `facts.attributes`: the texts
    are tried with the longest values of them before the first call.
    """

    id: str
    topic: str
    tier: Tier
    card: CardText
    over: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    source: str = ""
    position: int = 0
    file: str = ""
    line: int = 0
    about: tuple[str, ...] = ()
    names: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class View:
    """A fact, or a fact that a rule inferred, as templates see it: attributes by name, evidence behind it."""

    kind: str
    values: Mapping[str, Any]
    says: str = ""
    evidence: tuple[Evidence, ...] = ()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return self.values[name]
        except KeyError:
            raise AttributeError(name) from None


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule about one order (or about the call): the tier that results and everything it stands on.

    `each` maps every other name of the rule to the views it was bound to, each once, in a stable order; `lines` are
    the sentences of `any` and `raise` that held. `not_checked` says what this finding could not take into account.
    """

    rule: AdviceRule
    about: Fact
    tier: Tier
    each: Mapping[str, tuple[View, ...]] = field(default_factory=dict)
    lines: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    not_checked: tuple[str, ...] = ()
