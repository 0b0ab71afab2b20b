"""The rule book: every topic of a folder, checked as a whole, and compiled for the values in force on a day."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from threading import Lock
from types import MappingProxyType

from cds.findings import AdviceRule
from cds.knowledge import values as dated
from cds.rulebook.check import Checked
from cds.rulebook.program import Program, Source
from cds.rulebook.topic import Rule, Topic
from cds.rulebook.vocabulary import Kinds, described

_KEPT = 8
"""Programs that are kept compiled; there is one for each set of values in force."""

_KEPT_DAYS = 512
"""Days whose values are kept; a replay may go through many."""


@dataclass(frozen=True, slots=True)
class _Day:
    """What holds on one day: the values, the edition, and what tells its compiled rules from those of other days."""

    values: dated.Values
    edition: str
    key: object


class Book:
    """A rule book that was read and checked. `rules` are those that speak and are on; `off` the ids that are not on."""

    def __init__(self, topics: Sequence[Topic], checked: Checked, off: frozenset[str], digest: str) -> None:
        every = [rule for topic in topics for rule in topic.rules]
        positions = {rule.id: position for position, rule in enumerate(every)}
        self.topics = tuple(topics)
        self.off = tuple(rule.id for rule in every if rule.id in off)
        self._checked = checked
        self._on = tuple(rule for rule in every if rule.id not in off)
        self._silent = tuple(rule for rule in every if rule.id in off)
        self._titles = {topic.file: topic.title for topic in topics}
        self.rules = tuple(
            advice_rule(rule, self._titles[rule.file], positions[rule.id], checked.kinds)
            for rule in self._on
            if rule.card is not None
        )
        self._digest = digest
        self._programs: dict[object, Program] = {}
        self._days: dict[date, _Day] = {}
        self._lock = Lock()

    @property
    def unsigned(self) -> int:
        """How many values no pharmacist has signed."""
        entries = (entry for topic in self.topics for dates in topic.values.values() for entry in dates)
        return sum(not entry.reviewed for entry in entries)

    @property
    def kinds(self) -> Kinds:
        """Every kind of fact that these rules speak of, inferred ones too, with its typed attributes."""
        return self._checked.kinds

    def used(self, rule: str) -> frozenset[str]:
        """The values of its topic that a rule uses, in its conditions or its words. Raises KeyError."""
        return self._checked.used[rule]

    def delivered(self, on: frozenset[str] = frozenset()) -> Book:
        """The same rules with nothing that a site switched: all on, but silent ones unless they are among `on`."""
        silent = {rule.id for topic in self.topics for rule in topic.rules if rule.silent}
        return Book(self.topics, self._checked, frozenset(silent - on), self._digest)

    def values(self, day: date) -> dated.Values:
        """The values in force on a day, by `topic.name`; before its first date a value counts too."""
        return self._day(day).values

    def edition(self, day: date) -> str:
        """What was said by which rules: a hash of topics, tables, site file, what is off, and the values in force."""
        return self._day(day).edition

    def on(self, day: date) -> Program:
        """The rules compiled for the values in force on a day. Raises EngineFault."""
        found = self._day(day)
        with self._lock:
            if found.key not in self._programs:
                if len(self._programs) >= _KEPT:
                    self._programs.pop(next(iter(self._programs)))
                self._programs[found.key] = self._compiled(day, found.values)
            return self._programs[found.key]

    def _day(self, day: date) -> _Day:
        found = self._days.get(day)
        if found is None:
            every = {f"{t.stem}.{name}": dates for t in self.topics for name, dates in t.values.items()}
            values = MappingProxyType(dict(dated.on(day, every)))
            content = [self._digest, *self.off, *(f"{name}={value}" for name, value in sorted(values.items()))]
            early = frozenset(name for topic in self.topics for name in _early(topic, day))
            edition = hashlib.sha256("\n".join(content).encode()).hexdigest()[:16]
            found = _Day(values, edition, (tuple(sorted(values.items())), early))
            with self._lock:
                if len(self._days) >= _KEPT_DAYS:
                    self._days.clear()
                self._days[day] = found
        return found

    def _compiled(self, day: date, values: dated.Values) -> Program:
        by_file = {topic.file: {name: values[f"{topic.stem}.{name}"] for name in topic.values} for topic in self.topics}
        early = {topic.file: _early(topic, day) for topic in self.topics}
        return Program(
            Source(
                rules=self._on,
                off=self._silent,
                kinds=self._checked.kinds,
                advice={rule.id: rule for rule in self.rules},
                says=self._checked.says,
                values=by_file,
                titles=self._titles,
                notes={rule.id: _used(early[rule.file], self._checked.used[rule.id]) for rule in self._on},
            )
        )


def _early(topic: Topic, day: date) -> tuple[str, ...]:
    return tuple(
        f"{name} counts before its first date, {dates[0].start}"
        for name, dates in topic.values.items()
        if dated.before_first(dates, day)
    )


def _used(notes: tuple[str, ...], names: frozenset[str]) -> tuple[str, ...]:
    return tuple(note for note in notes if note.split()[0] in names)


def advice_rule(rule: Rule, title: str, position: int, kinds: Kinds) -> AdviceRule:
    """A checked rule with a card, as the words of its card are written from it."""
    assert rule.card is not None
    assert rule.tier is not None
    names = {p.alias: described(kinds, p.kind) for b in (rule.body, *rule.any, *rule.raises) for p in b.when}
    return AdviceRule(
        id=rule.id,
        topic=title,
        tier=rule.tier,
        card=rule.card,
        over=tuple(name.text for name in rule.over),
        cites=tuple(name.text for name in rule.cites),
        position=position,
        file=rule.file,
        line=rule.card_line,
        about=tuple(name.text for name in rule.about),
        names=names,
    )
