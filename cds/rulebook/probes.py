"""What a rule could not decide because a source was not read.

A probe is a way in which a rule can hold, without the patterns whose sources are missing. What is known already may
deny it; nothing else has to be read for that. Where it holds about something selected, the rule might have spoken: that
is said, on its own card where there is one.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING

from cds.case import ORDERS, TITLES
from cds.facts import Unchecked
from cds.rulebook.assemble import Gathered, about_of
from cds.rulebook.board import MAX_PER_KIND, Board
from cds.rulebook.group import Group
from cds.rulebook.language import Comparison, Reference
from cds.rulebook.topic import Pattern
from cds.rulebook.units import BASE, Unit, is_late, sources_of

if TYPE_CHECKING:
    from cds.rulebook.program import Program

_KEPT = 32
"""Compiled sets of probes that are kept; one for each set of sources that was missing together."""


class Probes:
    """The probes of a program, compiled when a set of sources is missing for the first time."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._lock = Lock()
        self._groups: OrderedDict[frozenset[str], tuple[Group, dict[str, frozenset[str]]]] = OrderedDict()
        self._units = [u for u in program.units if u.rule.card is not None and not is_late(u, program.layers)]
        self._sources = sources_of((p for u in self._units for p in (*u.when, *u.unless)), program.layers)

    def gaps(
        self, board: Board, read: frozenset[str], gathered: Iterable[Gathered], on: frozenset[str]
    ) -> list[Unchecked]:
        """The checks of rules in `on` that could not be made. What concerns a finding is told to that instead."""
        missing = self._sources - read
        if not missing:
            return []
        group, lost = self._compiled(missing)
        found = {(one.rule.id, one.about): one for one in gathered}
        gaps: set[Unchecked] = set()
        for held in group.run(board, frozenset()):
            rule, about = held.unit.rule, about_of(held.unit.rule, held.bound, board)
            if rule.id not in on or about is None:
                continue
            one = found.get((rule.id, about[1]))
            for source, says in sorted({_said(board, source) for source in lost[held.unit.name]}):
                if one is not None:
                    one.not_checked.append(says)
                elif held.unit.role == BASE:
                    gaps.add(Unchecked(rule=rule.id, source=source, order=board.fact(about[1]).ref, says=says))
        return list(gaps)

    def _compiled(self, missing: frozenset[str]) -> tuple[Group, dict[str, frozenset[str]]]:
        with self._lock:
            if missing not in self._groups:
                probes = list(self._probes(missing))
                group = self._program.group("probe", (probe for probe, _ in probes))
                self._groups[missing] = group, {probe.name: lost for probe, lost in probes}
            self._groups.move_to_end(missing)
            if len(self._groups) > _KEPT:
                self._groups.popitem(last=False)
            return self._groups[missing]

    def _probes(self, missing: frozenset[str]) -> Iterator[tuple[Unit, frozenset[str]]]:
        layers = self._program.layers
        for unit in self._units:
            about = {name.text for name in unit.rule.about}
            lost = unit.guard & missing
            kept = []
            for pattern in unit.when:
                gone = layers.behind(pattern) & missing
                if pattern.alias in about or not gone or (gone == {ORDERS} and _refers_to(pattern, about)):
                    kept.append(pattern)
                else:
                    lost |= gone
            if lost and any(pattern.alias in about for pattern in kept):
                names = {pattern.alias for pattern in kept}
                denials = [p for p in unit.unless if all(r.alias in names for _, r in p.references())]
                yield replace(unit, when=_relaxed(kept), unless=tuple(denials), guard=frozenset()), lost


def _said(board: Board, source: str) -> tuple[str, str]:
    """A source, and how it or parts of it came to be missing."""
    whole = source.partition("/")[0]
    if whole in board.read_sources:
        parts = [name for name in sorted(board.unread_parts) if name == source or name.startswith(f"{source}/")]
        if parts:
            return whole, "; ".join(dict.fromkeys(board.states[name].says for name in parts))
    return whole, _says(board, whole)


def _says(board: Board, source: str) -> str:
    """How a source came to be missing, in the words of its state where that has any."""
    state, title = board.states.get(source), TITLES.get(source, source)
    if state is not None and state.state == "read":
        return f"{title}: more entries than can be checked, over {MAX_PER_KIND} of a kind"
    if state is not None and state.says:
        return state.says
    return (
        f"{title} could {'only be read in part' if state is not None and state.state == 'partial' else 'not be read'}"
    )


def _refers_to(pattern: Pattern, names: set[str]) -> bool:
    return any(reference.alias in names for _, reference in pattern.references())


def _relaxed(patterns: list[Pattern]) -> tuple[Pattern, ...]:
    """The patterns without what they say about names that are gone."""
    names = {pattern.alias for pattern in patterns}
    relaxed = []
    for pattern in patterns:
        attributes = []
        for attribute in pattern.attributes:
            tests = tuple(
                test
                for test in attribute.tests
                if not (isinstance(test, Comparison) and isinstance(test.right, Reference)) or test.right.alias in names
            )
            attributes.append(replace(attribute, tests=tests))
        relaxed.append(replace(pattern, attributes=tuple(attributes)))
    return tuple(relaxed)
