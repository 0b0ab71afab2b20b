"""The rule book: every topic of a folder, checked as a whole, and compiled for the values in force on a day."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Lock
from types import MappingProxyType

from cds.errors import BookFault, EngineFault, Fault
from cds.findings import AdviceRule
from cds.knowledge import values as dated
from cds.rulebook.check import Checked, check
from cds.rulebook.program import Program, Source
from cds.rulebook.reader import read_topic
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
            _advice(rule, self._titles[rule.file], positions[rule.id], checked.kinds)
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

    def values(self, day: date) -> dated.Values:
        """The values in force on a day, by `topic.name`; before its first date a value counts too."""
        return self._day(day).values

    def edition(self, day: date) -> str:
        """What was said by which rules: a hash of the topics, the tables, what is off, and the values in force."""
        return self._day(day).edition

    def on(self, day: date) -> Program:
        """The rules compiled for the values in force on a day. Raises EngineFault."""
        found = self._day(day)
        with self._lock:
            if found.key not in self._programs:
                if len(self._programs) >= _KEPT:
                    self._programs.pop(next(iter(self._programs))).close()
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


def load(
    folder: Path,
    terms: Mapping[str, frozenset[str]],
    sources: Mapping[str, str],
    *,
    off: frozenset[str] = frozenset(),
    on: frozenset[str] = frozenset(),
    needs: frozenset[str] = frozenset(),
    digest: str = "",
) -> Book:
    """Read, check and compile every topic (`*.yaml`) of `folder`, and try an evaluation.

    `terms` are the word lists of the tables, `sources` the keys that may be cited, `off` and `on` the ids of rules
    that the site switches, `needs` the values that others read, `digest` stands for the tables in the edition.
    Raises BookFault with every fault, each with file and line.
    """
    topics: list[Topic] = []
    faults: list[Fault] = []
    digests = [digest]
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        faults.append(Fault(str(folder), 1, "there is no topic file (*.yaml)"))
    for path in paths:
        try:
            content = path.read_bytes()
        except OSError as error:
            faults.append(Fault(str(path), 1, f"cannot be read: {error.strerror}"))
            continue
        topic, found = read_topic(content, str(path))
        topics.append(topic)
        faults += found
        digests.append(f"{path.name} {hashlib.sha256(content).hexdigest()}")
    checked = check(topics, terms, sources, off=off, on=on, needs=needs, folder=str(folder))
    faults += checked.faults
    if faults:
        raise BookFault(faults)
    silent = {rule.id for topic in topics for rule in topic.rules if rule.silent} - on
    book = Book(topics, checked, off | silent, "\n".join(digests))
    try:
        book.on(date.today())
    except EngineFault as fault:
        raise BookFault([Fault(str(folder), 1, fault.what)]) from None
    return book


def _early(topic: Topic, day: date) -> tuple[str, ...]:
    return tuple(
        f"{name} counts before its first date, {dates[0].start}"
        for name, dates in topic.values.items()
        if dated.before_first(dates, day)
    )


def _used(notes: tuple[str, ...], names: frozenset[str]) -> tuple[str, ...]:
    return tuple(note for note in notes if note.split()[0] in names)


def _advice(rule: Rule, title: str, position: int, kinds: Kinds) -> AdviceRule:
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
        line=rule.line,
        about=tuple(name.text for name in rule.about),
        names=names,
    )
