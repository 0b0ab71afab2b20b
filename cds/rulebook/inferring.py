"""The facts that rules make: equal ones are one, with the sentences and the evidence of all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cds.facts import Unchecked
from cds.findings import Evidence, View
from cds.rulebook.board import Board, Made
from cds.rulebook.group import Held
from cds.rulebook.language import Reference
from cds.rulebook.layers import UNCHECKED
from cds.rulebook.topic import Rule
from cds.rulebook.vocabulary import FLAG, Kinds
from cds.wording import Text


class Sentences:
    """The sentences of rules, rendered with what they are bound to. `values` are those of each topic, by its file."""

    def __init__(self, texts: Mapping[str, Text], values: Mapping[str, Any]) -> None:
        self._texts, self._values = texts, values

    def render(self, text: str, held: Held, board: Board) -> str:
        """A sentence of the rule of `held`, by its source."""
        names: dict[str, Any] = {alias: board.view(index) for alias, index in held.bound.items()}
        names["values"] = self._values[held.unit.rule.file]
        return self._texts[text].render(names)

    def of_inferred(self, held: Held, board: Board) -> str:
        """The sentence of the fact that this way of holding infers; "" where the rule has none."""
        infer = held.unit.rule.infer
        return self.render(infer.says.text, held, board) if infer and infer.says else ""

    def explain(self, board: Board, made: Made) -> View:
        """An inferred fact as texts see it."""
        ways: list[tuple[str, tuple[Evidence, ...]]] = []
        for held in made.ways:
            says = self.of_inferred(held, board)
            behind = dict.fromkeys(e for p in held.unit.when for e in board.view(held.bound[p.alias]).evidence)
            ways.append((says, evidence_of(says, tuple(behind))))
        if len(ways) == 1:
            return View(made.kind, made.values, *ways[0])
        says = "; ".join(sorted({says for says, _ in ways if says}))
        return View(made.kind, made.values, says, tuple(sorted({item for _, items in ways for item in items})))


Key = tuple[Any, ...]


class Inferences:
    """What was inferred and is not on the board yet, by kind."""

    def __init__(self, recipes: Mapping[str, Recipe], sentences: Sentences) -> None:
        self._recipes = recipes
        self._sentences = sentences
        self._made: dict[str, dict[Key, Made]] = {}

    def take(self, held: Held, board: Board) -> None:
        """Make the fact that this way of holding infers."""
        recipe = self._recipes.get(held.unit.rule.id)
        if recipe is None:
            return
        values = dict(recipe.words)
        for name, alias, attribute in recipe.references:
            values[name] = board.value(held.bound[alias], attribute)
        if recipe.kind == UNCHECKED:
            values["says"] = self._sentences.of_inferred(held, board)
        values = {name: values[name] for name in recipe.names}
        key = tuple(values.values())
        made = self._made.setdefault(recipe.kind, {}).get(key)
        if made is None:
            made = self._made[recipe.kind][key] = Made(recipe.kind, values)
        made.ways.append(held)

    def release(self, board: Board, kinds: Iterable[str]) -> None:
        """Put the facts of these kinds on the board, in an order that does not depend on how the facts came.

        What was not checked waits for `unchecked`, which completes it.
        """
        for kind in kinds:
            made = self._made.pop(kind, None) if kind != UNCHECKED else None
            if made:
                for key in made if len(made) == 1 else sorted(made, key=repr):
                    board.give(made[key])

    def unchecked(self) -> list[Unchecked]:
        """What rules said was not checked."""
        return [Unchecked(**made.values) for made in self._made.pop(UNCHECKED, {}).values()]


class Recipe:
    """How a rule makes its fact: the words it writes and the attributes it copies. `names` are all of them, sorted."""

    def __init__(self, rule: Rule, kinds: Kinds) -> None:
        assert rule.infer is not None
        self.kind = rule.infer.kind
        self.words: dict[str, Any] = {}
        self.references: list[tuple[str, str, str]] = []
        for made in rule.infer.attributes:
            if isinstance(made.right, Reference):
                self.references.append((made.name, made.right.alias, made.right.attribute))
            else:
                flag = kinds[self.kind][made.name].type == FLAG
                self.words[made.name] = made.right.text == "true" if flag else made.right.text
        names = [*self.words, *(name for name, _, _ in self.references)]
        self.names = sorted([*names, "says"] if self.kind == UNCHECKED else names)


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
