"""The book: values on a day, editions, signatures, and what is kept compiled."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.rulebook.support import DAY, book, lab, order, run, said

TEXT = """
values:
  limit:
    - {from: 2030-01-01, value: 30, unit: mL/min/1.73 m2, source: KDIGO, quote: q,
       reviewed: {by: A. Pharmacist, on: 2026-11-01}}
    - {from: 2020-01-01, value: 60, unit: mL/min/1.73 m2, source: KDIGO, quote: q, reviewed: null}
rules:
  - id: t.low
    tier: info
    about: order
    when: {order: {is: ig_order}, lab: {is: lab, concept: egfr, at_most: "< values.limit"}}
    card: {summary: "under {{ values.limit }}"}
    cites: [PROJECT]
"""


def test_a_value_counts_from_its_day_on(tmp_path: Path) -> None:
    made = book(tmp_path, TEXT)
    facts = [order(), lab(42.0)]
    assert said(run(made, *facts)) == ["t.low info 1"]
    assert made.on(date(2029, 12, 31)).run(facts, "order-sign").findings != ()
    assert made.on(date(2030, 1, 1)).run(facts, "order-sign").findings == ()
    assert made.values(date(2030, 1, 1)) == {"t.limit": 30}


def test_before_its_first_day_a_value_counts_too_and_the_trace_says_so(tmp_path: Path) -> None:
    made = book(tmp_path, TEXT)
    (trace,) = made.on(date(2019, 12, 31)).run([order(), lab(42.0)], "order-sign").trace
    assert trace.notes == ("limit counts before its first date, 2020-01-01",)
    (trace,) = made.on(date(2020, 1, 1)).run([order(), lab(42.0)], "order-sign").trace
    assert trace.notes == ()


def test_a_book_is_compiled_once_for_a_set_of_values(tmp_path: Path) -> None:
    made = book(tmp_path, TEXT)
    assert made.on(DAY) is made.on(date(2020, 1, 1)) is made.on(date(2029, 12, 31))
    assert made.on(DAY) is not made.on(date(2030, 1, 1))


def test_the_edition_is_of_topics_tables_switches_and_values(tmp_path: Path) -> None:
    made = book(tmp_path, TEXT)
    editions = {
        made.edition(DAY),
        made.edition(date(2030, 1, 1)),
        book(tmp_path, TEXT, digest="tables").edition(DAY),
        book(tmp_path, TEXT, off=frozenset({"t.low"})).edition(DAY),
        book(tmp_path, TEXT.replace("info", "warning")).edition(DAY),
    }
    assert len(editions) == 5
    assert book(tmp_path, TEXT).edition(DAY) == made.edition(date(2029, 12, 31))


def test_unsigned_values_are_counted(tmp_path: Path) -> None:
    made = book(tmp_path, TEXT)
    assert made.unsigned == 1
    assert made.topics[0].values["limit"][1].reviewed == "A. Pharmacist, 2026-11-01"


def test_a_rule_tells_the_advice_where_it_stands_and_what_it_binds(tmp_path: Path) -> None:
    (rule,) = book(tmp_path, TEXT).rules
    assert (rule.topic, rule.about, Path(rule.file).name, rule.line) == ("Test", ("order",), "t.yaml", 14)
    assert rule.names["lab"]["at_most"]["type"] == "number"
    assert rule.names["order"]["says"]["type"] == "hidden"
