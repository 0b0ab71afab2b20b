"""The facts of one evaluation: as the engine reads them, and as evidence and texts need them.

Each fact is serialized once, with only the attributes that some rule reads. Identifiers and words never reach the
engine as they came: those that no rule names become tokens, equal where the texts are equal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from operator import attrgetter, itemgetter
from typing import Any, cast

from cds.errors import EngineFault
from cds.facts import KINDS, Fact, SourceState
from cds.findings import Evidence, View
from cds.rulebook.engine import MAX_FACTS, fact_text
from cds.rulebook.vocabulary import DAY, FLAG, NUMBER

MAX_PER_KIND = 64
"""Facts of one kind that are looked at. Joins grow with the power of this number."""


@dataclass(slots=True)
class Made:
    """A fact that rules inferred; `ways` are all the ways in which they did, read when a text or evidence asks."""

    kind: str
    values: dict[str, Any]
    ways: list[Any] = field(default_factory=list)


Explain = Callable[["Board", Made], View]


class Reader:
    """How the facts of one kind are written for the engine."""

    def __init__(self, kind: str, attributes: Sequence[tuple[str, str]]) -> None:
        self.kind = kind
        self.prefixes = [(f',"{name}":', type_) for name, type_ in attributes]
        names = [name for name, _ in attributes]
        self.of_fact = _all(attrgetter, names)
        self.of_made = _all(itemgetter, names)


def _all(getter: Callable[..., Callable[[Any], Any]], names: list[str]) -> Callable[[Any], Iterable[Any]]:
    if len(names) > 1:
        return getter(*names)
    one = getter(names[0]) if names else None
    return lambda entry: (one(entry),) if one else ()


_NAMES = {cls: tuple(attribute.name for attribute in fields(cls)) for cls in KINDS.values()}


def view(fact: Fact) -> View:
    """A fact as texts see it."""
    values = {name: getattr(fact, name) for name in _NAMES[type(fact)]}
    evidence = (Evidence(fact.ref, fact.says),) if fact.says else ()
    return View(fact.kind, values, fact.says, evidence)


class Board:
    """The facts at hand, given and inferred, by their index. `capped` are the kinds of which some were left out.

    `read_sources` are those that were read, `unread_parts` the parts of them that were not; `literals` are the words
    that rules name, as JSON.
    """

    def __init__(
        self, readers: Mapping[str, Reader], literals: Mapping[str, str], facts: Iterable[Fact], explain: Explain
    ) -> None:
        self.entries: list[Fact | Made] = []
        self.texts: dict[str, list[str]] = {}
        self.states: dict[str, SourceState] = {}
        self.capped: dict[str, int] = {}
        self._readers = readers
        self._explain = explain
        self._tokens = dict(literals)
        self._views: dict[int, View] = {}
        by_kind: dict[str, list[Fact]] = {}
        for fact in facts:
            if isinstance(fact, SourceState):
                self.states[fact.name] = fact
            if fact.kind in readers:
                by_kind.setdefault(fact.kind, []).append(fact)
        self.read_sources = frozenset(name for name, state in self.states.items() if state.state == "read")
        self.unread_parts = frozenset(name for name in self.states if "/" in name) - self.read_sources
        for kind, given in by_kind.items():
            if len(given) > MAX_PER_KIND:
                self.capped[kind] = len(given)
                given = sorted(given, key=_order)[:MAX_PER_KIND]
            reader = readers[kind]
            for fact in given:
                self._add(reader, fact, reader.of_fact(fact))

    def give(self, entry: Fact | Made) -> None:
        """Add one more fact, if any rule reads its kind; one over the cap is left out and counted."""
        reader = self._readers.get(entry.kind)
        if reader is None:
            return
        if len(self.texts.get(entry.kind, ())) >= MAX_PER_KIND:
            self.capped[entry.kind] = self.capped.get(entry.kind, MAX_PER_KIND) + 1
            return
        self._add(reader, entry, reader.of_made(entry.values) if isinstance(entry, Made) else reader.of_fact(entry))

    def unread(self, source: str) -> str:
        """What of a source or part was not read: the part where the rest of its source was, else the whole."""
        whole = source.partition("/")[0]
        return source if whole in self.read_sources else whole

    def view(self, index: int) -> View:
        """The fact with this index as texts see it."""
        found = self._views.get(index)
        if found is None:
            entry = self.entries[index]
            found = self._views[index] = self._explain(self, entry) if isinstance(entry, Made) else view(entry)
        return found

    def value(self, index: int, attribute: str) -> Any:
        """One attribute of the fact with this index; None where it is absent."""
        entry = self.entries[index]
        return entry.values[attribute] if isinstance(entry, Made) else getattr(entry, attribute)

    def fact(self, index: int) -> Fact:
        """The given fact with this index."""
        return cast(Fact, self.entries[index])

    def _add(self, reader: Reader, entry: Fact | Made, values: Iterable[Any]) -> None:
        index = len(self.entries)
        if index >= MAX_FACTS:
            raise EngineFault("there are more facts than the engine can tell apart")
        properties = ""
        for (prefix, type_), value in zip(reader.prefixes, values, strict=True):
            if value is None:
                continue
            if type_ == NUMBER:
                properties += f"{prefix}{value:.6f}"
            elif type_ == DAY:
                properties += f"{prefix}{value.toordinal()}"
            elif type_ == FLAG:
                properties += f'{prefix}"true"' if value else f'{prefix}"false"'
            else:
                properties += prefix + (self._tokens.get(value) or self._token(value))
        self.entries.append(entry)
        self.texts.setdefault(reader.kind, []).append(fact_text(index, reader.kind, properties))

    def _token(self, value: str) -> str:
        token = self._tokens[value] = f'"~{len(self._tokens)}"'
        return token


def _order(fact: Fact) -> tuple[bool, str, str]:
    """Selected facts first, then an order that does not depend on how the facts came."""
    return not getattr(fact, "selected", False), fact.ref, repr(fact)
