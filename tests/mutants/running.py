"""Mutants put to the written cases, in several processes: each in its own copy of the rules, one change at a time."""

from __future__ import annotations

import json
import multiprocessing
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Literal

from cds import knowledge
from cds.case import Case
from cds.errors import BookFault, CdsError, EngineFault
from cds.evaluation import Book, evaluate, load_book, read_rules
from cds.hooks import case_of_request, decode
from cds.situations import Situation, situations
from tests.mutants.mutant import Mutant, changed
from tests.support.expecting import differs
from tests.support.run import noon, rule_of

Fate = Literal["killed", "refused", "survived"]
_SERIES = 250
"""Mutants that one process is given before another takes its place: the engine keeps what it once compiled."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a mutant, and by which case or fault."""

    mutant: Mutant
    fate: Fate
    by: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A case as it is evaluated, and the rules whose cards it brings while nothing is changed."""

    situation: Situation
    case: Case
    fired: frozenset[str]


def run(mutants: Sequence[Mutant], rules: Path, cases: Path, processes: int) -> Iterator[Result]:
    """Each mutant's result, as they come. Raises CdsError where a case fails although nothing is changed."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as scratch:
        Bench(rules, cases, Path(scratch))
        context = multiprocessing.get_context("spawn")
        with context.Pool(processes, _begin, (rules, cases, Path(scratch)), maxtasksperchild=_SERIES) as pool:
            yield from pool.imap_unordered(_result, mutants)


_bench: Bench


def _begin(rules: Path, cases: Path, scratch: Path) -> None:
    global _bench
    _bench = Bench(rules, cases, scratch)


def _result(mutant: Mutant) -> Result:
    return _bench.result(mutant)


class Bench:
    """The cases, the rules as they are, and a copy of them in `scratch` in which one file at a time is changed.

    Raises CdsError where a case fails although nothing is changed.
    """

    def __init__(self, rules: Path, cases: Path, scratch: Path) -> None:
        self._rules = rules
        self._copy = Path(tempfile.mkdtemp(dir=scratch)) / "rules"
        shutil.copytree(rules, self._copy)
        self._known = knowledge.load(rules)
        self._books: dict[frozenset[str], Book] = {}
        self._written = tuple(self._evaluated(cases))

    def result(self, mutant: Mutant) -> Result:
        """Put the cases to a mutant, the likeliest first, until one notices it."""
        target = self._copy / mutant.file
        target.write_bytes(changed(self._rules, mutant))
        try:
            return self._result(mutant)
        except BookFault as fault:
            return Result(mutant, "refused", fault.faults[0].what)
        finally:
            shutil.copyfile(self._rules / mutant.file, target)

    def _result(self, mutant: Mutant) -> Result:
        books: dict[frozenset[str], Book] = {}
        for one in self._likeliest(mutant):
            on = one.situation.rules_on
            if on not in books:
                books[on] = self._mutated(mutant, on)
            try:
                difference = differs(one.situation, evaluate(one.case, noon(one.situation.as_of), books[on]).cards)
            except EngineFault as fault:
                difference = str(fault)
            if difference:
                return Result(mutant, "killed", f"{one.situation.file.parent.name}: {one.situation.sentence}")
        load_book(self._copy, UTC)
        return Result(mutant, "survived")

    def _likeliest(self, mutant: Mutant) -> list[Written]:
        def far(one: Written) -> tuple[bool, bool]:
            reads = one.situation.rule in mutant.rules or bool(one.fired & mutant.rules)
            return not reads, one.situation.file.parent.name != mutant.topic

        return sorted(self._written, key=far)

    def _mutated(self, mutant: Mutant, on: frozenset[str]) -> Book:
        """The book with the change. Only what it touches is read again: words of cards are never changed, and the
        rules need no more of the tables than which words there are. Raises BookFault."""
        plain = self._book(on)
        if "/" not in mutant.file:
            return Book(self._known, read_rules(self._copy, self._known, UTC, on=on).book, plain.writer, UTC)
        known = knowledge.load(self._copy)
        if known.terms != self._known.terms:
            return load_book(self._copy, UTC, on=on)
        return Book(known, plain.rules, plain.writer, UTC)

    def _book(self, on: frozenset[str]) -> Book:
        if on not in self._books:
            self._books[on] = load_book(self._rules, UTC, on=on)
        return self._books[on]

    def _evaluated(self, cases: Path) -> Iterator[Written]:
        for one in situations(cases):
            case = case_of_request(decode(json.dumps(one.request()).encode()))
            cards = evaluate(case, noon(one.as_of), self._book(one.rules_on)).cards
            if difference := differs(one, cards):
                raise CdsError(f"{one.sentence}: fails although nothing is changed: {difference}", str(one.file))
            yield Written(one, case, frozenset(rule_of(card) for card in cards))
