"""The driver: nothing is ever answered in part, and nothing stays behind."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from cds.errors import EngineFault
from cds.facts import Fact
from cds.rulebook import engine
from cds.rulebook.compiler import definition
from cds.rulebook.engine import MAX_FACTS, Ruleset, collisions, fact_text, hash32
from tests.rulebook.support import DAY, amount, book, condition, lab, order, run, said, sources
from tests.rulebook.test_run import RISKS

ONE = {"one": {"g": "one"}}
RULE = {"pri": 0, "dist": 0, "all": [{"g": {"kind": "~go"}}, {"a": {"$and": [{"kind": "a"}, ONE]}}]}
DATED = (
    "values:\n  limit:\n"
    + "".join(
        f"    - {{from: {2000 + n}-01-01, value: {n}, unit: mL/min/1.73 m2, source: KDIGO, quote: q, reviewed: null}}\n"
        for n in range(1, 20)
    )
    + """
rules:
  - id: t.over
    tier: info
    about: order
    when: {order: {is: ig_order}, lab: {is: lab, concept: egfr, at_most: "> values.limit"}}
    any: [{when: {c: {is: condition}}}, {when: {again: {is: ig_order}}}]
    card: {summary: s}
    cites: [PROJECT]
"""
)
"""A topic with another value every year, more of them than programs are kept."""


def test_no_fact_and_no_firing_is_an_empty_answer_with_its_proof() -> None:
    ruleset = Ruleset("t", {"r": RULE})
    assert ruleset.run([]) == []
    assert ruleset.run([fact_text(7, "a", "")]) == [("r", {"a": 7})]


@pytest.mark.parametrize(
    "fact", ['{"id":"f1","sid":"s","one":1,"kind":"a","x":1e-07}', "{", '{"id":"f0","sid":"s","one":1,"kind":"a"}']
)
def test_a_fact_that_is_refused_ends_the_evaluation_and_the_next_one_is_sound(fact: str) -> None:
    ruleset = Ruleset("t", {"r": RULE})
    for _ in range(3):
        with pytest.raises(EngineFault):
            ruleset.run([fact_text(0, "a", ""), fact])
        assert ruleset.run([fact_text(3, "a", "")]) == [("r", {"a": 3})]


def test_rules_that_the_engine_refuses_are_a_fault() -> None:
    with pytest.raises(EngineFault, match="does not accept"):
        Ruleset("t", {f"r{number}": RULE for number in range(260)})


def test_an_error_while_matching_is_a_fault() -> None:
    other = {"b": {"$and": [{"kind": "b"}, {"$gt": {"x": {"a": "x"}}}, ONE]}}
    ruleset = Ruleset("t", {"r": {**RULE, "all": [*RULE["all"], other]}})  # a list, as written above
    with pytest.raises(EngineFault):
        ruleset.run([fact_text(0, "a", ""), fact_text(1, "b", ',"x":1')])
    assert ruleset.run([fact_text(0, "a", ',"x":0'), fact_text(1, "b", ',"x":1')]) == [("r", {"a": 0, "b": 1})]


def test_fact_ids_are_all_different_for_the_engine() -> None:
    assert collisions(["go", "sid-s", *(f"f{number}" for number in range(MAX_FACTS))]) == []
    assert hash32("") == 2166136261


def test_every_compiled_pattern_begins_with_its_kind_and_no_join_stands_last(tmp_path: Path) -> None:
    program = book(tmp_path, RISKS).on(DAY)
    for unit in program.units:
        for pattern in definition(unit, program.source.kinds, program.source.values[unit.rule.file])["all"][1:]:
            ((_, body),) = pattern.items()
            assert list(body["$and"][0]) == ["kind"]
            joins = [number for number, term in enumerate(body["$and"]) if term == ONE]
            assert joins
            assert all("$or" in term for term in body["$and"][joins[0] + 1 :])


def test_a_missing_engine_is_one_clear_line() -> None:
    code = (
        "import sys; sys.modules['durable_rules_engine'] = None\n"
        "from cds.rulebook.engine import Ruleset\n"
        "from cds.errors import EngineFault\n"
        "try: Ruleset('t', {})\n"
        "except EngineFault as fault: print(fault)\n"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60).stdout
    assert shown.startswith("durable_rules cannot be loaded")
    assert shown.count("\n") == 1
    assert "PyEval_CallObject" in shown


def test_nothing_but_the_driver_imports_the_engine() -> None:
    importing = [
        path.name
        for path in Path("cds").rglob("*.py")
        if any("durable" in line and "import" in line for line in path.read_text().splitlines())
    ]
    assert importing in ([], ["engine.py"])


def test_the_driver_leaves_no_threads(tmp_path: Path) -> None:
    before = (threading.active_count(), len(os.listdir("/proc/self/task")))
    run(book(tmp_path, RISKS), order(), lab(42.0))
    assert (threading.active_count(), len(os.listdir("/proc/self/task"))) == before


def test_patients_evaluated_at_the_same_time_never_meet(tmp_path: Path) -> None:
    made = book(tmp_path, RISKS)
    patients: list[list[Fact]] = [[order(), lab(42.0)], [order(), lab(70.0)], [order(), condition("diabetes")], []]
    expected = [said(run(made, *facts)) for facts in patients]
    assert len({tuple(one) for one in expected}) == 3
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(lambda number: said(run(made, *patients[number % 4])), range(400)))
    assert got == [expected[number % 4] for number in range(400)]


def test_memory_stays_flat_over_20_000_evaluations(tmp_path: Path) -> None:
    program = book(tmp_path, RISKS).on(DAY)
    facts = [order(), lab(42.0), condition("diabetes"), amount(), *sources()]
    for _ in range(2_000):
        program.run(facts, "order-sign")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(20_000):
        program.run(facts, "order-sign")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 1024, "kilobytes"


def test_a_program_that_was_dropped_can_still_be_run_by_whoever_holds_it(tmp_path: Path) -> None:
    made = book(tmp_path, DATED)
    program = made.on(date(2001, 6, 1))
    for year in range(2002, 2020):
        made.on(date(year, 6, 1))
    assert made.on(date(2001, 6, 1)) is not program
    assert len(program.run([order(), lab(1.5), *sources()], "order-sign").findings) == 1


def test_programs_that_come_and_go_while_others_run_them_answer_the_same(tmp_path: Path) -> None:
    made = book(tmp_path, DATED)

    def answer(number: int) -> int:
        program = made.on(date(2001 + number % 19, 6, 1))
        found = program.run([order(), lab(number % 19 + 1.5), *sources(["conditions"])], "order-sign")
        assert found.trace
        return len(found.findings)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(answer, range(190))) == [1] * 190


def test_the_engine_forgets_rule_sets_that_were_dropped() -> None:
    kept = Ruleset("kept", {"r": RULE})
    dropped = [Ruleset(f"dropped-{number}", {"r": RULE}) for number in range(3)]
    assert not engine._DROPPED
    dropped.clear()
    assert len(engine._DROPPED) == 3
    assert kept.run([fact_text(7, "a", "")]) == [("r", {"a": 7})]
    assert not engine._DROPPED
