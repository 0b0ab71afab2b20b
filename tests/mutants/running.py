"""Mutants put to the written cases, in several processes: each in its own copy of the rules, one change at a time."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Literal

from cds import knowledge
from cds.advice import Writer
from cds.errors import BookFault, EngineFault
from cds.evaluation import Advice, Book, advise, evaluate, load_book, read_rules
from tests.mutants.mutant import Mutant, changed
from tests.mutants.written import Written, read_shapes, written
from tests.support.expecting import differs

Fate = Literal["killed", "refused", "survived"]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a mutant, and by which case or fault."""

    mutant: Mutant
    fate: Fate
    by: str = ""


def run(mutants: Sequence[Mutant], rules: Path, cases: Path, processes: int) -> Iterator[Result]:
    """The result of each mutant, in their order. Raises CdsError where a case fails although nothing is changed."""
    known = tuple(written(rules, cases))
    with tempfile.TemporaryDirectory(prefix="mutants-") as scratch:
        context = multiprocessing.get_context("spawn")
        started = (rules, known, Path(scratch))
        with ProcessPoolExecutor(processes, context, initializer=_begin, initargs=started) as pool:
            yield from pool.map(_result, mutants, chunksize=4)


_bench: Bench


def _begin(rules: Path, known: Sequence[Written], scratch: Path) -> None:
    global _bench
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _bench = Bench(rules, known, scratch)


def _end_with_parent() -> None:
    """A check that is stopped from outside leaves no process at work."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)


def _result(mutant: Mutant) -> Result:
    return _bench.result(mutant)


class Bench:
    """The cases, the rules as they are, and a copy of them in `scratch` in which one file at a time is changed."""

    def __init__(self, rules: Path, known: Sequence[Written], scratch: Path) -> None:
        self._rules, self._written = rules, known
        self._copy = Path(tempfile.mkdtemp(dir=scratch)) / "rules"
        shutil.copytree(rules, self._copy)
        self._known = knowledge.load(rules)
        self._shapes = read_shapes(rules)
        self._books: dict[frozenset[str], Book] = {}

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
        books = {frozenset[str](): self._mutated(mutant, frozenset())}
        for one in self._likeliest(mutant):
            on = one.situation.rules_on
            if on not in books:
                books[on] = self._mutated(mutant, on)
            try:
                difference = differs(
                    one.situation, self._advice(one, mutant, books[on].stocked(one.situation.formulary)).cards
                )
            except EngineFault as fault:
                difference = str(fault)
            if difference:
                return Result(mutant, "killed", f"{one.situation.file.parent.name}: {one.situation.sentence}")
        if isinstance(mutant.place[-1], int):  # an entry is gone: a card may name what only that entry brought along
            load_book(self._copy, UTC)
        return Result(mutant, "survived")

    def _advice(self, one: Written, mutant: Mutant, book: Book) -> Advice:
        if mutant.own and one.chart is not None:
            return advise(one.chart, one.case, one.now, book)
        return evaluate(one.case, one.now, book)

    def _likeliest(self, mutant: Mutant) -> list[Written]:
        def far(one: Written) -> tuple[bool, bool]:
            reads = one.situation.rule in mutant.rules or bool(one.fired & mutant.rules)
            return not reads, one.situation.file.parent.name != mutant.topic

        return sorted((one for one in self._written if one.may_notice(mutant, self._shapes)), key=far)

    def _mutated(self, mutant: Mutant, on: frozenset[str]) -> Book:
        """The book with the change. Only what it touches is read again: words of cards are never changed, and the
        rules need no more of the tables than which words there are. Raises BookFault."""
        plain = self._book(on)
        if "/" not in mutant.file:
            rules = read_rules(self._copy, self._known, UTC, on=on).book
            worded = {rule.id for rule in plain.rules.rules} >= {rule.id for rule in rules.rules}
            return Book(self._known, rules, plain.writer if worded else Writer(rules.rules, self._known), UTC)
        known = knowledge.load(self._copy)
        if known.terms != self._known.terms:
            return load_book(self._copy, UTC, on=on)
        return Book(known, plain.rules, plain.writer, UTC)

    def _book(self, on: frozenset[str]) -> Book:
        if on not in self._books:
            self._books[on] = load_book(self._rules, UTC, on=on)
        return self._books[on]
