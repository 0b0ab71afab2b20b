"""The written cases beside the rules: what each of them gets, evaluated with the real parts when it is first shown."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from markdown_it import MarkdownIt
from markupsafe import Markup

from cds.evaluation import Book, evaluate
from cds.findings import EXTENSION, TIERS
from cds.hooks import case_of_request, decode
from cds.situations import Situation

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


def markdown(text: str) -> Markup:
    """Markdown as HTML; HTML in it stays text."""
    return Markup(_MARKDOWN.render(text))


@dataclass(frozen=True, slots=True)
class Shown:
    """A card as a person sees it, and the case that gets it."""

    situation: Situation
    card: Mapping[str, Any]

    @property
    def detail(self) -> Markup:
        """The detail as a client renders it."""
        return markdown(self.card["detail"])


class Cases:
    """The written cases by rule. They are evaluated with the rules as delivered, whatever a site switches off."""

    def __init__(self, book: Book, situations: Sequence[Situation]) -> None:
        self._book = book
        self._books: dict[frozenset[str], Book] = {}
        self._cards: dict[int, tuple[Mapping[str, Any], ...]] = {}
        self._situations = tuple(situations)
        self._own: dict[str, list[Situation]] = defaultdict(list)
        self._firing: dict[str, list[Situation]] = defaultdict(list)
        for situation in self._situations:
            self._own[situation.rule].append(situation)
            for rule in {expected.rule for expected in situation.expected}:
                self._firing[rule].append(situation)
        self.count = len(self._situations)

    def of(self, rule: str) -> list[Situation]:
        """The cases that are about a rule, its near misses among them."""
        return self._own[rule]

    def firing(self, rule: str) -> list[Situation]:
        """The cases in which a rule speaks, those about it first."""
        return sorted(self._firing[rule], key=lambda situation: situation.rule != rule)

    def cards(self, situation: Situation) -> tuple[Mapping[str, Any], ...]:
        """The cards that a case gets."""
        key = id(situation)
        if key not in self._cards:
            case = case_of_request(decode(json.dumps(situation.request()).encode()))
            noon = datetime.combine(situation.as_of, time(12), UTC)
            book = self._with(situation.rules_on).stocked(situation.formulary)
            self._cards[key] = evaluate(case, noon, book).sound().cards
        return self._cards[key]

    def shown(self, rule: str) -> list[Shown]:
        """The card of a rule as the first case gets it that fires it, for each tier that it comes in."""
        found = []
        for tier in reversed(TIERS):
            for situation in self.firing(rule):
                if any(one.rule == rule and one.tier == tier for one in situation.expected):
                    cards = [c for c in self.cards(situation) if rule_of(c) == rule and c["indicator"] == tier]
                    found += [Shown(situation, card) for card in cards[:1]]
                    break
        return found

    def _with(self, on: frozenset[str]) -> Book:
        if on not in self._books:
            self._books[on] = self._book.delivered(on)
        return self._books[on]


def rule_of(card: Mapping[str, Any]) -> str:
    """The rule that a card comes from."""
    return str(card["extension"][EXTENSION]["rule"])
