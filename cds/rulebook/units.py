"""A rule taken apart into what the engine is asked: one unit for each way it can hold, one for each `raise`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cds.rulebook.layers import Layers
from cds.rulebook.topic import Branch, Pattern, Rule

BASE, RAISE = "base", "raise"


@dataclass(frozen=True, slots=True)
class Unit:
    """One rule of the engine. It counts only where all of `guard`, the sources behind its negations, were read."""

    name: str
    rule: Rule
    role: str
    index: int
    when: tuple[Pattern, ...]
    unless: tuple[Pattern, ...] = ()
    guard: frozenset[str] = frozenset()

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset(p.kind for p in (*self.when, *self.unless))


def units(rule: Rule, layers: Layers) -> tuple[Unit, ...]:
    """Everything that is asked of the engine for one rule."""
    base = [_unit(rule, BASE, i, branch, layers) for i, branch in enumerate(rule.branches())]
    return (*base, *(_unit(rule, RAISE, i, branch, layers) for i, branch in enumerate(rule.raises)))


def _unit(rule: Rule, role: str, index: int, branch: Branch, layers: Layers) -> Unit:
    name = rule.id if role == BASE and not rule.any else f"{rule.id}/{'any' if role == BASE else role}/{index}"
    unless = (*rule.body.unless, *branch.unless)
    guard = sources_of(unless, layers)
    return Unit(name, rule, role, index, ordered((*rule.body.when, *branch.when)), unless, guard)


def sources_of(patterns: Iterable[Pattern], layers: Layers) -> frozenset[str]:
    """The sources that patterns stand on, also behind inferences."""
    return frozenset(source for pattern in patterns for source in layers.behind(pattern))


def layer_of(unit: Unit, layers: Layers) -> int:
    """The layer in which the unit can be evaluated."""
    return layers.of(unit.kinds)


def is_late(unit: Unit, layers: Layers) -> bool:
    """Whether the unit needs to know what was not checked."""
    return bool(unit.kinds & layers.late)


def ordered(patterns: tuple[Pattern, ...]) -> tuple[Pattern, ...]:
    """The patterns so that each refers to earlier ones only. Patterns that refer to each other keep their order."""
    names = {pattern.alias for pattern in patterns}
    done: list[Pattern] = []
    waiting = list(patterns)
    while waiting:
        bound = {pattern.alias for pattern in done}
        ready = next((p for p in waiting if {r.alias for _, r in p.references()} & names <= bound), waiting[0])
        waiting.remove(ready)
        done.append(ready)
    return tuple(done)
