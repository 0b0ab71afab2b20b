"""Why a rule fired, and why it did not: worked out with the engine itself, on the facts of the evaluation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from cds.facts import Unchecked
from cds.rulebook.assemble import about_of
from cds.rulebook.board import Board
from cds.rulebook.group import Held
from cds.rulebook.outcome import RuleTrace
from cds.rulebook.topic import Pattern, Rule
from cds.rulebook.units import BASE, Unit

if TYPE_CHECKING:
    from cds.rulebook.program import Program


def trace(
    program: Program, board: Board, held: Iterable[Held], unchecked: Sequence[Unchecked], on: frozenset[str]
) -> tuple[RuleTrace, ...]:
    """What became of every rule, in the order of the rule book."""
    spoke = {
        way.unit.rule.id
        for way in held
        if way.unit.role == BASE and (way.unit.rule.card is None or about_of(way.unit.rule, way.bound, board))
    }
    asked = [unit for unit in program.units if unit.role == BASE and unit.rule.id in on - spoke]
    answers = _ask(program, board, asked)
    traces = []
    for rule in program.source.rules:
        gaps = tuple(dict.fromkeys(fact.says for fact in unchecked if fact.rule == rule.id))
        notes = program.source.notes.get(rule.id, ())
        title = program.source.titles[rule.file]
        if rule.id not in on:
            traces.append(RuleTrace(rule.id, title, "not at this hook"))
        elif rule.id in spoke:
            traces.append(RuleTrace(rule.id, title, "fired" if rule.card else "inferred", gaps, notes))
        else:
            lacked = tuple(dict.fromkeys(_lacked(program, board, rule, answers)))
            traces.append(RuleTrace(rule.id, title, "not checked" if gaps else "did not hold", (*gaps, *lacked), notes))
    off = [RuleTrace(rule.id, program.source.titles[rule.file], "off") for rule in program.source.off]
    return (*traces, *off)


def _ask(program: Program, board: Board, units: Iterable[Unit]) -> set[str]:
    """The questions that hold, by name: each unit up to each of its patterns, and with each denial turned around."""
    questions = [question for unit in units for question in _questions(unit)]
    group = program.group("trace", questions)
    return {way.unit.name for way in group.run(board, frozenset())}


def _questions(unit: Unit) -> Iterator[Unit]:
    for count in range(1, len(unit.when) + 1):
        yield replace(unit, name=f"{unit.name}?{count}", when=unit.when[:count], unless=(), guard=frozenset())
    for pattern in unit.unless:
        denied = (*unit.when, pattern)
        yield replace(unit, name=f"{unit.name}?{pattern.alias}", when=denied, unless=(), guard=frozenset())


def _lacked(program: Program, board: Board, rule: Rule, answers: set[str]) -> Iterator[str]:
    for unit in program.units:
        if unit.rule is not rule or unit.role != BASE:
            continue
        missing = next((p for n, p in enumerate(unit.when, 1) if f"{unit.name}?{n}" not in answers), None)
        if missing is not None:
            yield f"no {_named(missing)}"
            continue
        denied = [p for p in unit.unless if f"{unit.name}?{p.alias}" in answers]
        unread = sorted({board.unread(source) for source in unit.guard - program.read_sources(board)})
        yield from (f"denied by {_named(pattern)}" for pattern in denied)
        if unread:
            yield f"not read: {', '.join(unread)}"
        elif not denied and rule.card is not None:
            yield f"{' or '.join(name.text for name in rule.about)} is not selected"


def _named(pattern: Pattern) -> str:
    return f"{pattern.kind} ({pattern.alias})"
