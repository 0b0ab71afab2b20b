"""Reading a folder of topics: everything wrong in it at once, and the rules that are sound all the same."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

from cds.errors import BookFault, EngineFault, Fault
from cds.findings import AdviceRule
from cds.knowledge import Site
from cds.knowledge.values import Need
from cds.rulebook.book import Book, advice_rule
from cds.rulebook.check import Checked, check
from cds.rulebook.check_switches import check_switches
from cds.rulebook.reader import read_topic
from cds.rulebook.topic import Topic

NO_SITE = Site()
FOLDERS = frozenset({"tables", "concepts", "products"})
"""The folders that may lie beside the topics; names that begin with a dot are nobody's."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A folder as it was read: its faults, the rules that speak and have none of their own, the book if it has none."""

    faults: tuple[Fault, ...]
    rules: tuple[AdviceRule, ...]
    made: Book | None

    @property
    def book(self) -> Book:
        """The book. Raises BookFault with every fault."""
        if self.made is None:
            raise BookFault(list(self.faults))
        return self.made


def read(
    folder: Path,
    terms: Mapping[str, frozenset[str]],
    sources: Collection[str],
    *,
    day: date,
    off: frozenset[str] = frozenset(),
    on: frozenset[str] = frozenset(),
    site: Site = NO_SITE,
    needs: Mapping[str, Need] = MappingProxyType({}),
    units: Mapping[str, str] = MappingProxyType({}),
    digest: str = "",
) -> Draft:
    """Read and check every topic (`*.yaml`) of `folder`; without a fault compile it for `day` and try an evaluation.

    `terms` are the word lists of the tables and `sources` the keys that may be cited, neither checked where it is not
    there; `units` is the unit of each measurement, `needs` the values that others read, by "topic.name". `off` and `on`
    are the ids of rules that are switched, beside those that the site file switches. `digest` stands for the tables and
    the site file in the edition.
    """
    topics: list[Topic] = []
    faults: list[Fault] = []
    unread: set[str] = set()
    digests = [digest]
    paths = sorted(path for path in folder.glob("*.yaml") if not path.name.startswith("."))
    if not paths:
        faults.append(Fault(str(folder), 1, "there is no topic file (*.yaml)"))
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        known = path in paths or (path.is_dir() and path.name in FOLDERS)
        if not known and not path.name.startswith("."):
            faults.append(Fault(str(path), 1, "is no topic: a topic is a file *.yaml, and nothing else lies beside it"))
    for path in paths:
        try:
            content = path.read_bytes()
        except OSError as error:
            faults.append(Fault(str(path), 1, f"cannot be read: {error.strerror}"))
            unread.add(path.stem)
            continue
        topic, found = read_topic(content, str(path))
        if topic is None:
            unread.add(path.stem)
        else:
            topics.append(topic)
        faults += found
        digests.append(f"{path.name} {hashlib.sha256(content).hexdigest()}")
    stems = frozenset(unread)
    where = str(folder)
    checked = check(topics, terms, sources, needs=needs, units=units, unread=stems, folder=where)
    faults += checked.faults
    rules = [rule for topic in topics for rule in topic.rules]
    faults += check_switches(rules, off=off, on=on, site=site, unread=stems, folder=where)
    off |= {name.value for name in site.rules_off}
    silent = {rule.id for rule in rules if rule.silent} - on - {name.value for name in site.rules_on}
    if faults:
        return Draft(tuple(faults), tuple(_sound(topics, checked, off | silent, faults)), None)
    book = Book(topics, checked, off | silent, "\n".join(digests))
    try:
        book.on(day)
    except EngineFault as fault:
        return Draft((Fault(where, 1, fault.what),), book.rules, None)
    return Draft((), book.rules, book)


def _sound(
    topics: Sequence[Topic], checked: Checked, off: frozenset[str], faults: Iterable[Fault]
) -> Iterable[AdviceRule]:
    """The rules with a card that are on and in whose lines there is no fault."""
    wrong: dict[str, list[int]] = {}
    for fault in faults:
        wrong.setdefault(fault.file, []).append(fault.line)
    position = 0
    for topic in topics:
        starts = [rule.line for rule in topic.rules]
        hit = {bisect_right(starts, line) - 1 for line in wrong.get(topic.file, ())}
        for number, rule in enumerate(topic.rules):
            known = all(pattern.kind in checked.kinds for pattern in rule.patterns())
            if rule.card is not None and rule.id not in off and number not in hit and known:
                yield advice_rule(rule, topic.title, position, checked.kinds)
            position += 1
