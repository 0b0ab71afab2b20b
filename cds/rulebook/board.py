"""The facts of one evaluation: as the engine reads them, and as evidence and texts need them.

Each fact is serialized once, with only the attributes that some rule reads. Identifiers and words never reach the engine
as they came: those that no rule names become tokens, equal where the texts are equal.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from functools import cache
from typing import Any, cast

import orjson

from cds.errors import EngineFault
from cds.facts import Fact, SourceState
from cds.findings import Evidence, View
from cds.rulebook.engine import MAX_FACTS, fact_text
from cds.rulebook.vocabulary import DAY, FLAG, NUMBER

MAX_PER_KIND = 64
"""Facts of one kind that are looked at. Joins grow with the power of this number."""

Read = Mapping[str, Sequence[tuple[str, str]]]
"""For every kind that some rule reads: the attributes that are read, with their types."""


@cache
def _names(cls: type[Fact]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(cls))


def view(fact: Fact) -> View:
    """A fact as texts see it."""
    values = {name: getattr(fact, name) for name in _names(type(fact))}
    evidence = (Evidence(fact.ref, fact.says),) if fact.says else ()
    return View(fact.kind, values, fact.says, evidence)


class Board:
    """The facts at hand, given and inferred, by their index. `capped` are the kinds of which some were left out."""

    def __init__(self, read: Read, literals: Collection[str], facts: Iterable[Fact]) -> None:
        self.entries: list[Fact | View] = []
        self.texts: dict[str, list[str]] = {}
        self.states: dict[str, SourceState] = {}
        self.capped: dict[str, int] = {}
        self._read = read
        self._literals = literals
        self._tokens: dict[str, str] = {}
        self._views: dict[int, View] = {}
        by_kind: dict[str, list[Fact]] = {}
        for fact in facts:
            if isinstance(fact, SourceState):
                self.states[fact.name] = fact
            if fact.kind in read:
                by_kind.setdefault(fact.kind, []).append(fact)
        for kind, given in by_kind.items():
            if len(given) > MAX_PER_KIND:
                self.capped[kind] = len(given)
                given = sorted(given, key=_order)[:MAX_PER_KIND]
            for fact in given:
                self._add(kind, fact, fact)

    def give(self, fact: Fact) -> None:
        """Add one more fact, if any rule reads its kind; one over the cap is left out and counted."""
        self._late(fact.kind, fact, fact)

    def infer(self, made: View) -> None:
        """Add an inferred fact, likewise."""
        self._late(made.kind, made, _Values(made.values))

    def _late(self, kind: str, entry: Fact | View, values: object) -> None:
        if kind not in self._read:
            return
        if len(self.texts.get(kind, ())) < MAX_PER_KIND:
            self._add(kind, entry, values)
        else:
            self.capped[kind] = self.capped.get(kind, MAX_PER_KIND) + 1

    def read_sources(self) -> frozenset[str]:
        """The sources that were read whole."""
        return frozenset(name for name, state in self.states.items() if state.state == "read")

    def view(self, index: int) -> View:
        """The fact with this index as texts see it."""
        found = self._views.get(index)
        if found is None:
            entry = self.entries[index]
            found = self._views[index] = entry if isinstance(entry, View) else view(entry)
        return found

    def fact(self, index: int) -> Fact:
        """The given fact with this index."""
        return cast(Fact, self.entries[index])

    def _add(self, kind: str, entry: Fact | View, values: object) -> None:
        index = len(self.entries)
        if index >= MAX_FACTS:
            raise EngineFault("there are more facts than the engine can tell apart")
        properties = ""
        for name, type_ in self._read[kind]:
            value = getattr(values, name, None)
            if value is not None:
                properties += f',"{name}":{self._written(value, type_)}'
        self.entries.append(entry)
        self.texts.setdefault(kind, []).append(fact_text(index, kind, properties))

    def _written(self, value: Any, type_: str) -> str:
        if type_ == NUMBER:
            return f"{value:.6f}"
        if type_ == DAY:
            return str(cast(date, value).toordinal())
        if type_ == FLAG:
            return '"true"' if value else '"false"'
        token = self._tokens.get(value)
        if token is None:
            text = value if value in self._literals else f"~{len(self._tokens)}"
            token = self._tokens[value] = orjson.dumps(text).decode()
        return token


class _Values:
    """Attribute access to the values of an inferred fact."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def __getattr__(self, name: str) -> Any:
        return self._values.get(name)


def _order(fact: Fact) -> tuple[bool, str, str]:
    """Selected facts first, then an order that does not depend on how the facts came."""
    return not getattr(fact, "selected", False), fact.ref, repr(fact)
