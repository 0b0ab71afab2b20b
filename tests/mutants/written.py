"""The written cases as they are while nothing is changed, and which of them a mutant can touch at all."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from cds.case import Case
from cds.chart import Chart
from cds.errors import CdsError
from cds.evaluation import Book, evaluate, load_book
from cds.facts import Fact, SourceState
from cds.hooks import case_of_request, decode
from cds.knowledge.words import whole
from cds.situations import Situation, situations
from tests.mutants.mutant import Mutant, read
from tests.mutants.reach import Reach, Shape, reach, shape
from tests.support.expecting import differs
from tests.support.run import noon, rule_of


@dataclass(frozen=True, slots=True)
class Written:
    """A case, its chart, the rules whose cards come, and all that its request says, as `whole` writes it.

    `reach` is None where a source was not read: then rules are told of that do not hold.
    """

    situation: Situation
    case: Case
    chart: Chart | None
    fired: frozenset[str]
    text: str
    reach: Reach | None

    @property
    def now(self) -> datetime:
        return noon(self.situation.as_of)

    @property
    def facts(self) -> Collection[Fact]:
        return self.chart.facts if self.chart is not None else ()

    def may_notice(self, mutant: Mutant, shapes: Mapping[str, Shape]) -> bool:
        """False where the chart is the same with the mutant, and the rules that it changes cannot hold either way."""
        if mutant.own:
            asked = self.reach is None or any(self.reach.holds(shapes[rule], mutant.place) for rule in mutant.own)
            return self.chart is not None and asked
        if mutant.words and not any(word in self.text for word in mutant.words):
            return False
        return not mutant.fact or any(getattr(fact, mutant.fact[0], "") == mutant.fact[1] for fact in self.facts)


def read_shapes(rules: Path) -> dict[str, Shape]:
    """The shape of every rule by its id."""
    tops = [read(rules, path.name) for path in sorted(rules.glob("*.yaml"))]
    return {rule["id"].text: shape(rule) for top in tops for rule in top["rules"].each()}


def written(rules: Path, cases: Path) -> Iterator[Written]:
    """Every case. Raises CdsError where one fails although nothing is changed."""
    shapes = read_shapes(rules).values()

    @cache
    def book(on: frozenset[str]) -> Book:
        return load_book(rules, UTC, on=on)

    for one in situations(cases):
        request = one.request()
        case = case_of_request(decode(json.dumps(request).encode()))
        advice = evaluate(case, noon(one.as_of), book(one.rules_on).stocked(one.formulary))
        if difference := differs(one, advice.cards):
            raise CdsError(f"{one.sentence}: fails although nothing is changed: {difference}", str(one.file))
        facts = advice.chart.facts if advice.chart else ()
        complete = all(fact.state == "read" for fact in facts if isinstance(fact, SourceState))
        yield Written(
            situation=one,
            case=case,
            chart=advice.chart,
            fired=frozenset(map(rule_of, advice.cards)),
            text=whole(json.dumps(request, ensure_ascii=False)),
            reach=reach(facts, shapes) if complete else None,
        )
