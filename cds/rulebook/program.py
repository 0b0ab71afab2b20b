"""The rules compiled for the values in force, and the way an evaluation goes through them.

Layer by layer: facts in, ways of holding out, inferred facts onto the board. Then the findings, then what could not be
checked, and last the rules that speak about what was not checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace

import orjson

from cds.case import Hook
from cds.facts import Fact, Unchecked
from cds.findings import AdviceRule
from cds.rulebook.assemble import Gathered, about_of, finding, gather
from cds.rulebook.board import Board, Reader
from cds.rulebook.group import Group, Held, TopicValues
from cds.rulebook.inferring import Inferences, Recipe, Sentences
from cds.rulebook.language import Comparison, OneOf, Word
from cds.rulebook.layers import Layers, layers
from cds.rulebook.outcome import Outcome
from cds.rulebook.probes import Probes
from cds.rulebook.topic import ORDER_HOOKS, Rule
from cds.rulebook.trace import trace
from cds.rulebook.units import BASE, Unit, is_late, layer_of, sources_of, units
from cds.rulebook.vocabulary import TERM, TEXT, Kinds
from cds.wording import Text


@dataclass(frozen=True, slots=True)
class Source:
    """What a program is made of: the rules that are on, and everything that was worked out about them at load."""

    rules: tuple[Rule, ...]
    off: tuple[Rule, ...]
    kinds: Kinds
    advice: Mapping[str, AdviceRule]
    says: Mapping[str, Text]
    values: TopicValues
    titles: Mapping[str, str]
    notes: Mapping[str, tuple[str, ...]]


def holds_at(rule: Rule, hook: Hook) -> bool:
    """Whether a rule belongs to a hook; one without a card serves all of them."""
    return rule.card is None or hook in (rule.at or ORDER_HOOKS)


class Program:
    """The rule book for one set of values. Raises EngineFault where the engine does not accept it."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.layers: Layers = layers(source.rules)
        every = [unit for rule in source.rules for unit in units(rule, self.layers)]
        self.units: tuple[Unit, ...] = tuple(every)
        stood_on = sources_of((p for unit in every for p in (*unit.when, *unit.unless)), self.layers)
        self._parts = frozenset(source for source in stood_on if "/" in source)
        self._ids = {rule.id for rule in (*source.rules, *source.off)}
        self.readers = _readers(every, source.kinds)
        self._recipes = {rule.id: Recipe(rule, source.kinds) for rule in source.rules if rule.infer is not None}
        self.literals = _literals(every, source.kinds)
        names = {file: SimpleNamespace(**values) for file, values in source.values.items()}
        self._sentences = Sentences(source.says, names)
        self._at: dict[Hook, frozenset[str]] = {}
        self._early = self._groups("early", (unit for unit in every if not is_late(unit, self.layers)))
        self._late = self._groups("late", (unit for unit in every if is_late(unit, self.layers)))
        of_kind = self.layers.of_kind.items()
        layers_used = {layer for layer, _ in (*self._early, *self._late)}
        self._ready = {layer: [kind for kind, ready in of_kind if ready <= layer] for layer in layers_used}
        self._probes = Probes(self)
        self.run((), "order-sign")

    def group(self, name: str, units: Iterable[Unit]) -> Group:
        """More units over the same rules, compiled."""
        return Group(name, units, self.source.kinds, self.source.values)

    def _groups(self, name: str, units: Iterable[Unit]) -> list[tuple[int, Group]]:
        by_layer: dict[int, list[Unit]] = {}
        for unit in units:
            by_layer.setdefault(layer_of(unit, self.layers), []).append(unit)
        return [(layer, self.group(f"{name}-{layer}", by_layer[layer])) for layer in sorted(by_layer)]

    def run(self, facts: Iterable[Fact], hook: Hook) -> Outcome:
        """What the rules say about these facts. Raises EngineFault unless the evaluation came to its end."""
        given = tuple(facts)
        on = self._on(hook)
        board = self._board(fact for fact in given if not isinstance(fact, Unchecked))
        inferences = Inferences(self._recipes, self._sentences)
        held = self._through(self._early, board, inferences, on)
        inferences.release(board, [kind for kind in self.layers.of_kind if kind not in self.layers.late])
        gathered = gather(held, board)
        gaps = self._probes.gaps(board, self.read_sources(board), gathered, on)
        said = inferences.unchecked() + [fact for fact in given if isinstance(fact, Unchecked)]
        unchecked = tuple(_distinct(fact for fact in (*said, *gaps) if fact.rule in on or fact.rule not in self._ids))
        for fact in unchecked:
            board.give(fact)
        late = self._through(self._late, board, inferences, on)
        gathered += gather(late, board)
        _tell(gathered, unchecked, board)
        advice = self.source.advice
        findings = [finding(one, advice[one.rule.id], board, self._sentences) for one in gathered]
        findings.sort(key=lambda f: (f.rule.position, f.about.ref, f.about.says))
        return Outcome(tuple(findings), unchecked, lambda: trace(self, board, (*held, *late), unchecked, on))

    def _on(self, hook: Hook) -> frozenset[str]:
        if hook not in self._at:
            self._at[hook] = frozenset(rule.id for rule in self.source.rules if holds_at(rule, hook))
        return self._at[hook]

    def _board(self, facts: Iterable[Fact]) -> Board:
        return Board(self.readers, self.literals, facts, self._sentences.explain)

    def read_sources(self, board: Board) -> frozenset[str]:
        """The sources and parts that count as read: known whole, and with no fact left out for their number."""
        cut = {source for kind in board.capped for source in self.layers.sources.get(kind, frozenset())}
        read = board.read_sources - cut
        parts = {part for part in self._parts - board.unread_parts - cut if part.partition("/")[0] in read}
        return read - {part.partition("/")[0] for part in board.unread_parts} | parts

    def _through(
        self, groups: Sequence[tuple[int, Group]], board: Board, inferences: Inferences, on: frozenset[str]
    ) -> list[Held]:
        every: list[Held] = []
        for layer, group in groups:
            inferences.release(board, self._ready[layer])
            held = [way for way in group.run(board, self.read_sources(board)) if way.unit.rule.id in on]
            for way in held:
                rule = way.unit.rule
                if way.unit.role == BASE and (rule.card is None or about_of(rule, way.bound, board)):
                    inferences.take(way, board)
            every += held
        return every


def _tell(gathered: Iterable[Gathered], unchecked: Iterable[Unchecked], board: Board) -> None:
    """What could not be checked is said on the card of its rule; what does not speak, on every card of its order."""
    for fact in unchecked:
        for one in gathered:
            if fact.order in ("", board.fact(one.about).ref) and (not fact.speaks or fact.rule == one.rule.id):
                one.not_checked.append(fact.says)


def _distinct(facts: Iterable[Unchecked]) -> list[Unchecked]:
    return sorted(set(facts), key=lambda fact: (fact.rule, fact.order, fact.source, fact.says))


def _readers(every: Iterable[Unit], kinds: Kinds) -> dict[str, Reader]:
    read: dict[str, set[str]] = {}
    for unit in every:
        aliases = {pattern.alias: pattern.kind for pattern in unit.when}
        for pattern in (*unit.when, *unit.unless):
            read.setdefault(pattern.kind, set()).update(attribute.name for attribute in pattern.attributes)
            for _, reference in pattern.references():
                read.setdefault(aliases[reference.alias], set()).add(reference.attribute)
    return {
        kind: Reader(kind, [(name, kinds[kind][name].type) for name in sorted(names)]) for kind, names in read.items()
    }


def _literals(every: Iterable[Unit], kinds: Kinds) -> dict[str, str]:
    found: set[str] = set()
    for unit in every:
        for pattern in (*unit.when, *unit.unless):
            for attribute in pattern.attributes:
                if kinds[pattern.kind][attribute.name].type not in (TEXT, TERM):
                    continue
                for test in attribute.tests:
                    if isinstance(test, OneOf):
                        found.update(test.words)
                    elif isinstance(test, Comparison) and isinstance(test.right, Word):
                        found.add(test.right.text)
    return {word: orjson.dumps(word).decode() for word in found}
