"""The one function that the service, the replay and the tests all call: a case in, advice out.

Pure: no clock, no network, no disk, no global. Reading the rules from disk is `load_book`, once, at start.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from pathlib import Path
from typing import Any

from cds import advice, chart, knowledge, rulebook
from cds.case import Case, Resource
from cds.chart import Chart
from cds.errors import BookFault
from cds.fhir import resource_ref
from cds.findings import Finding
from cds.knowledge import Knowledge
from cds.rulebook import Outcome

_MOST_TRIES = 8
"""Changes of orders that are tried in one call, before one of them is suggested."""
_TRIED_AT_MOST = 800
"""Facts that all tries of one call may look at together: in a very large call nothing is tried."""
_LIGHT = 10
"""Readings that weigh as much as one fact: many results of a long history cost little."""


@dataclass(frozen=True, slots=True)
class Book:
    """Everything that is read once: tables and concepts, the rules, the words, and the site's time zone."""

    knowledge: Knowledge
    rules: rulebook.Book
    writer: advice.Writer
    zone: tzinfo

    def delivered(self, on: frozenset[str] = frozenset()) -> Book:
        """The same book with nothing that a site switched; of the silent rules those among `on` speak."""
        rules = self.rules.delivered(on)
        return Book(self.knowledge, rules, advice.Writer(rules.rules, self.knowledge), UTC)

    def stocked(self, products: Iterable[str]) -> Book:
        """The same book for a site whose formulary holds these products."""
        return replace(self, knowledge=self.knowledge.stocked(products))


@dataclass(frozen=True, slots=True)
class Advice:
    """What came of a case: the cards as CDS Hooks has them, the edition of the rules, and how it came about.

    `chart` and `outcome` are None where nothing in the call was of our concern. `faults` are those of ours that cost
    cards their suggestions and nothing else.
    """

    cards: tuple[dict[str, Any], ...]
    edition: str
    chart: Chart | None = None
    outcome: Outcome | None = None
    faults: tuple[Exception, ...] = ()

    def sound(self) -> Advice:
        """This advice. Raises the first fault where there is one, as all may but a call, which is answered."""
        for fault in self.faults:
            raise fault
        return self


def load_book(
    folder: Path,
    zone: tzinfo,
    *,
    off: Iterable[str] = (),
    on: Iterable[str] = (),
    site: Path | None = None,
    standard_reasons: bool = False,
) -> Book:
    """Read and check every rule, table, concept and text under `folder`, and the site file.

    `off` and `on` switch rules beside those that the site file switches; with `standard_reasons` cards offer the
    standard's example of override reasons as well. Raises BookFault with all faults at once.
    """
    known, faults = knowledge.read(folder, site)
    draft = read_rules(folder, known, zone, off=off, on=on)
    faults += draft.faults
    writer = None
    try:
        writer = advice.Writer(draft.rules, known, standard_reasons=standard_reasons)
    except BookFault as fault:
        faults += fault.faults
    if faults or writer is None:
        raise BookFault(faults)
    return Book(known, draft.book, writer, zone)


def read_rules(
    folder: Path, known: Knowledge, zone: tzinfo, *, off: Iterable[str] = (), on: Iterable[str] = ()
) -> rulebook.Draft:
    """The rules under `folder`, checked against tables that were read already; their faults are told in the draft."""
    return rulebook.read(
        folder,
        known.terms,
        {*known.sources, *known.claims},
        day=datetime.now(zone).date(),
        off=frozenset(off),
        on=frozenset(on),
        site=known.site,
        needs=chart.NEEDS,
        units={id: known.measurements.unit(id) for id in known.terms.get("measurement", ())},
        digest=known.digest,
    )


def evaluate(case: Case, now: datetime, book: Book) -> Advice:
    """The advice on one case as of `now`, an aware time.

    Raises EngineFault where the evaluation did not come to its end, and TooMuch for a case that holds more than one
    call may: neither is ever an empty answer.
    """
    if not chart.concerns(case, book.knowledge):
        return Advice((), book.rules.edition(now.astimezone(book.zone).date()))
    return consider(case, now, book)


def consider(case: Case, now: datetime, book: Book) -> Advice:
    """The advice on a case that is of our concern. Raises as `evaluate` does."""
    read = chart.read(case, now, book.knowledge, values_at(now, book), book.zone)
    return advise(read, case, now, book)


def values_at(now: datetime, book: Book) -> Mapping[str, Decimal]:
    """The values in force, by `topic.name`."""
    return book.rules.values(now.astimezone(book.zone).date())


def advise(read: Chart, case: Case, now: datetime, book: Book) -> Advice:
    """The advice on a case whose chart was read already, with the same book or one whose rules differ alone."""
    today = now.astimezone(book.zone).date()
    edition, values = book.rules.edition(today), book.rules.values(today)
    outcome = book.rules.on(today).run(read.facts, case.hook)
    concerned = {found.about.ref for found in outcome.findings if found.rule.card.suggest}
    again = _Again(read, case, now, book, concerned)
    material = advice.Material(
        case, read.history.orders, read.facts, book.knowledge, values, today, outcome.findings, again
    )
    written = book.writer.write(outcome.findings, material, edition)
    return Advice(written.cards, edition, read, outcome, written.faults)


class _Again:
    """Evaluates the case with one order of it changed, for as often as the size of the call allows.

    Each of the orders that are `concerned` can be tried once before any is tried twice. None for an order that as
    changed would not be valid in all its parts.
    """

    def __init__(self, read: Chart, case: Case, now: datetime, book: Book, concerned: Iterable[str]) -> None:
        self._case, self._now, self._book = case, now, book
        self._left = min(_MOST_TRIES, _TRIED_AT_MOST // (1 + len(read.facts) + len(read.readings) // _LIGHT))
        self._untried = {resource_ref(one.resource) for one in case.orders} & set(concerned)

    def __call__(self, order: Resource, changed: Resource) -> tuple[Finding, ...] | None:
        others = self._untried - {resource_ref(order)}
        kept = len(others) if others == self._untried else 0
        if self._left <= kept or not chart.whole(changed):
            return None
        self._left, self._untried = self._left - 1, others
        orders = tuple(replace(one, resource=changed) if one.resource is order else one for one in self._case.orders)
        case, book, today = replace(self._case, orders=orders), self._book, self._now.astimezone(self._book.zone).date()
        read = chart.read(case, self._now, book.knowledge, book.rules.values(today), book.zone)
        return book.rules.on(today).run(read.facts, case.hook).findings
