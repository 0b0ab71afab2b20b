"""The facts that rules make: equal ones are one, with the sentences and the evidence of all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cds.findings import Evidence, View
from cds.rulebook.board import Board
from cds.rulebook.group import Held
from cds.rulebook.layers import UNCHECKED
from cds.rulebook.language import Reference
from cds.rulebook.vocabulary import FLAG, Kinds
from cds.wording import Text

Names = Mapping[str, Any]
_Key = tuple[tuple[str, Any], ...]


class Inferences:
    """What was inferred and is not on the board yet, by kind."""

    def __init__(self, kinds: Kinds) -> None:
        self._kinds = kinds
        self._made: dict[str, dict[_Key, list[tuple[str, tuple[Evidence, ...]]]]] = {}

    def take(self, held: Held, board: Board, says: Text | None, values: Any) -> None:
        """Make the fact that this way of holding infers."""
        infer = held.unit.rule.infer
        if infer is None:
            return
        attributes = self._kinds[infer.kind]
        made: dict[str, Any] = {}
        for attribute in infer.attributes:
            right = attribute.right
            if isinstance(right, Reference):
                made[attribute.name] = board.view(held.bound[right.alias]).values.get(right.attribute)
            elif attributes[attribute.name].type == FLAG:
                made[attribute.name] = right.text == "true"
            else:
                made[attribute.name] = right.text
        views = {alias: board.view(held.bound[alias]) for alias in in_order(held)}
        sentence = says.render({**views, "values": values}) if says else ""
        behind = dict.fromkeys(item for view in views.values() for item in view.evidence)
        if infer.kind == UNCHECKED:
            made["says"] = sentence
        key = tuple(made.items())
        ways = self._made.setdefault(infer.kind, {}).setdefault(tuple(sorted(key)), [])
        ways.append((sentence, evidence_of(sentence, tuple(behind))))

    def release(self, board: Board, kinds: Iterable[str]) -> None:
        """Put the facts of these kinds on the board."""
        for kind in kinds:
            for key, ways in sorted(self._made.pop(kind, {}).items(), key=lambda item: repr(item[0])):
                board.infer(_merged(kind, dict(key), ways))

    def unchecked(self) -> list[View]:
        """What rules said was not checked."""
        made = self._made.pop(UNCHECKED, {})
        return [_merged(UNCHECKED, dict(key), ways) for key, ways in sorted(made.items(), key=lambda i: repr(i[0]))]


def in_order(held: Held) -> list[str]:
    """The names of a way of holding, in the order of the rule."""
    return [pattern.alias for pattern in held.unit.when]


def _merged(kind: str, made: dict[str, Any], ways: list[tuple[str, tuple[Evidence, ...]]]) -> View:
    says = "; ".join(sorted({sentence for sentence, _ in ways if sentence}))
    evidence = ways[0][1] if len(ways) == 1 else tuple(sorted({item for _, items in ways for item in items}))
    return View(kind, made, says, evidence)


def evidence_of(says: str, behind: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """The evidence of an inferred fact: its own sentence, and what it stands on where that says something else.

    The sentence belongs to the first resource whose own words are part of it, else to the first of all.
    """
    if not says:
        return behind
    quoted = [item for item in behind if item.says in says]
    resource = (quoted or [*behind, Evidence("", "")])[0].resource
    rest = (item for item in behind if item.resource != resource or item.says not in says)
    return (Evidence(resource, says), *rest)
