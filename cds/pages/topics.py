"""What the pages of topics and rules show: the rules in words, how they hang together, their cards and cases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from cds.advice.suggestions import KINDS
from cds.case import TITLES
from cds.evaluation import Book
from cds.findings import Suggest
from cds.knowledge.values import DatedValue, in_force
from cds.pages.cases import Cases, Shown
from cds.pages.conditions import Teller, Told
from cds.pages.links import source_link
from cds.pages.vocabulary import Names, called
from cds.rulebook import Rule, Topic
from cds.rulebook.layers import layers
from cds.situations import Situation


@dataclass(frozen=True, slots=True)
class Cited:
    """A source or a statement that a rule cites, with what it stands for."""

    key: Markup
    title: str


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule as its page shows it: in words, among the rules it reads and is read by, with its cards and cases."""

    rule: Rule
    told: Told
    off: bool
    reads: tuple[str, ...]
    read_by: tuple[str, ...]
    hides: tuple[str, ...]
    hidden_by: tuple[str, ...]
    record: tuple[str, ...]
    cites: tuple[Cited, ...]
    suggests: tuple[str, ...]
    cards: tuple[Shown, ...]
    cases: tuple[tuple[Situation, tuple[Mapping[str, Any], ...]], ...]


@dataclass(frozen=True, slots=True)
class ValueRow:
    """An entry of a value, and whether it is the one in force."""

    name: str
    entry: DatedValue
    current: bool
    source: Cited


class Topics:
    """The topics of a book on a day."""

    def __init__(self, book: Book, day: date, names: Names, cases: Cases) -> None:
        self._book, self._day, self.cases = book, day, cases
        topics = book.rules.topics
        rules = [rule for topic in topics for rule in topic.rules]
        self._layers = layers(rules)
        self._tellers = {topic.stem: self._teller(topic, names) for topic in topics}
        self._makers: dict[str, list[str]] = defaultdict(list)
        self._readers: dict[str, list[str]] = defaultdict(list)
        self._hidden: dict[str, list[str]] = defaultdict(list)
        for rule in rules:
            if rule.infer:
                self._makers[rule.infer.kind].append(rule.id)
            for kind in {pattern.kind for pattern in rule.patterns()}:
                self._readers[kind].append(rule.id)
            for name in rule.over:
                self._hidden[name.text].append(rule.id)

    def topic(self, topic: Topic) -> dict[str, Any]:
        """What the page of a topic shows."""
        return {
            "topic": topic,
            "values": [row for name in topic.values for row in self._rows(topic, name)],
            "rules": [self._view(topic, rule) for rule in sorted(topic.rules, key=lambda rule: rule.card is None)],
        }

    def rule(self, topic: Topic, rule: Rule) -> dict[str, Any]:
        """What the page of a rule shows."""
        used = self._book.rules.used(rule.id)
        return {
            "topic": topic,
            "view": self._view(topic, rule),
            "values": [row for name in topic.values if name in used for row in self._rows(topic, name)],
        }

    def _teller(self, topic: Topic, names: Names) -> Teller:
        values = {name: in_force(dates, self._day) for name, dates in topic.values.items()}
        return Teller(topic.stem, values, self._book.rules.kinds, names)

    def _rows(self, topic: Topic, name: str) -> list[ValueRow]:
        dates = topic.values[name]
        current = in_force(dates, self._day)
        return [ValueRow(name, entry, entry == current, self._cited(entry.source)) for entry in dates]

    def _view(self, topic: Topic, rule: Rule) -> RuleView:
        kinds = {pattern.kind for pattern in rule.patterns()}
        sources = {source for kind in kinds for source in self._layers.sources.get(kind, ())}
        return RuleView(
            rule=rule,
            told=self._tellers[topic.stem].tell(rule),
            off=rule.id in self._book.rules.off,
            reads=tuple(sorted({id for kind in kinds for id in self._makers[kind]} - {rule.id})),
            read_by=tuple(id for id in self._readers[rule.infer.kind] if id != rule.id) if rule.infer else (),
            hides=tuple(name.text for name in rule.over),
            hidden_by=tuple(self._hidden[rule.id]),
            record=tuple(title for source, title in TITLES.items() if source in sources),
            cites=tuple(self._cited(name.text) for name in rule.cites),
            suggests=tuple(_suggested(one) for one in rule.card.suggest) if rule.card else (),
            cards=tuple(self.cases.shown(rule.id)),
            cases=tuple((one, self.cases.cards(one)) for one in self.cases.of(rule.id)),
        )

    def _cited(self, key: str) -> Cited:
        known = self._book.knowledge
        if key in known.claims:
            return Cited(source_link(key, claim=True), f"statement of article {key[0]}: {known.claims[key].about}")
        return Cited(source_link(key), known.sources[key])


def _suggested(one: Suggest) -> str:
    """What a card offers to do, and of what."""
    what = KINDS[one.name].says or called(one.name)
    return f"{what} ({called(one.argument)})" if one.argument else what
