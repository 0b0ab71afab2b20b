"""Units that are asked together: compiled into as many rule sets as the engine's limits need."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from cds.rulebook.board import Board
from cds.rulebook.compiler import definition, guard_name, shards
from cds.rulebook.engine import Ruleset
from cds.rulebook.units import Unit
from cds.rulebook.vocabulary import Kinds

TopicValues = Mapping[str, Mapping[str, Decimal]]
"""The values in force by the file of their topic, then by their names in it."""


@dataclass(frozen=True, slots=True)
class Held:
    """One way in which a unit held: the index of the fact that each of its names is bound to."""

    unit: Unit
    bound: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Shard:
    ruleset: Ruleset
    units: Mapping[str, Unit]
    kinds: tuple[str, ...]
    guards: tuple[tuple[str, frozenset[str]], ...]
    needs: frozenset[frozenset[str]]

    def possible(self, board: Board) -> bool:
        """Whether there is a unit with a fact for each of its names. Without one, nothing can hold."""
        present = board.texts.keys()
        return any(kinds <= present for kinds in self.needs)


class Group:
    """Compiled units. Raises EngineFault where the engine does not accept one."""

    def __init__(self, name: str, units: Iterable[Unit], kinds: Kinds, values: TopicValues) -> None:
        self._shards: list[_Shard] = []
        for i, shard in enumerate(shards(units)):
            rules = {unit.name: definition(unit, kinds, values[unit.rule.file]) for unit in shard}
            guards = {guard_name(unit.guard): unit.guard for unit in shard if unit.guard}
            self._shards.append(
                _Shard(
                    Ruleset(f"{name}-{i}", rules),
                    {unit.name: unit for unit in shard},
                    tuple(sorted({kind for unit in shard for kind in unit.kinds})),
                    tuple(guards.items()),
                    frozenset(frozenset(pattern.kind for pattern in unit.when) for unit in shard),
                )
            )

    def run(self, board: Board, read: Collection[str]) -> list[Held]:
        """Every way in which the units hold for the facts on the board, where only the sources in `read` were read."""
        held: list[Held] = []
        for shard in self._shards:
            if not shard.possible(board):
                continue
            facts = [text for kind in shard.kinds for text in board.texts.get(kind, ())]
            go = [name for name, guard in shard.guards if guard.issubset(read)]
            held += [Held(shard.units[name], bound) for name, bound in shard.ruleset.run(facts, go)]
        return held
