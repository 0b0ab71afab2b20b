"""Values, units, sources and files of topics that are wrong: each is told at its own line."""

from __future__ import annotations

from decimal import Decimal as D
from pathlib import Path

import pytest

from cds.findings import Suggest
from cds.knowledge.values import Need
from tests.rulebook.support import VALUES, book, faults, rule

NEEDED = """
values:
  limit:
    - {from: 2010-01-01, value: 7, unit: days, source: KDIGO, quote: q, reviewed: null}
    - {from: 2020-01-01, value: %s, unit: %s, source: KDIGO, quote: q, reviewed: null}
"""


@pytest.mark.parametrize(
    ("value", "unit", "what"),
    [
        ("1", "days", ""),
        ("30", "days", ""),
        ("0", "days", "must lie between 1 and 30"),
        ("-7", "days", "must lie between 1 and 30"),
        ("31", "days", "must lie between 1 and 30"),
        ("7.5", "days", "must be a whole number"),
    ],
)
def test_a_value_that_others_read_is_what_they_need(tmp_path: Path, value: str, unit: str, what: str) -> None:
    need = {"t.limit": Need("days", D(1), D(30), whole=True)}
    found = faults(tmp_path, NEEDED % (value, unit) + rule(""), needs=need)
    assert found == ([f"7: the value limit {what}"] if what else [])


def test_a_value_that_others_read_is_in_their_unit(tmp_path: Path) -> None:
    need = {"t.limit": Need("hours", D(1), D(30), whole=True)}
    assert faults(tmp_path, NEEDED % ("7", "days") + rule(""), needs=need) == [
        "6: the value limit must be in hours, not days",
        "7: the value limit must be in hours, not days",
    ]


def measured(concept: str) -> str:
    return VALUES + rule("", when=f'order: {{is: ig_order}}, lab: {{is: lab, {concept}at_most: "< values.limit"}}')


@pytest.mark.parametrize(
    ("concept", "what"),
    [
        ("concept: egfr, ", []),
        ("concept: iga, ", ["11: at_most of lab (iga) is in mg/dL, the value limit in mL/min/1.73 m2"]),
        ("concept: [egfr, iga], ", ["11: at_most of lab (iga) is in mg/dL, the value limit in mL/min/1.73 m2"]),
        ("", ["11: at_most of lab depends on what was measured: say which concept is meant"]),
    ],
)
def test_the_number_of_a_measurement_is_compared_in_its_unit(tmp_path: Path, concept: str, what: list[str]) -> None:
    assert faults(tmp_path, measured(concept)) == what


def test_a_card_names_its_sources(tmp_path: Path) -> None:
    assert faults(tmp_path, rule("").replace("    cites: [PROJECT]\n", "")) == [
        '4: t.rule has a card and needs "cites"'
    ]
    assert faults(tmp_path, rule("").replace("[PROJECT]", "[B55, B67]")) == [
        '9: "cites" of t.rule: there is no source "B67"'
    ]


@pytest.mark.parametrize(
    "suggest",
    [
        "[[weigh]]",
        "[{order_test: [hemoglobin]}]",
        "[{}]",
        "[{unless: order}]",
        "[{order_test: hemoglobin, weigh: now}]",
    ],
)
def test_a_suggestion_is_a_word_or_a_word_with_what_of(tmp_path: Path, suggest: str) -> None:
    (fault,) = faults(tmp_path, rule("", card=f"{{summary: s, suggest: {suggest}}}"))
    assert fault == '8: "suggest" of t.rule must hold words, or words with what of: order_test: hemoglobin'


@pytest.mark.parametrize(("unless", "names"), [("order", ("order",)), ("[order, dose]", ("order", "dose"))])
def test_a_suggestion_names_what_makes_it_needless(tmp_path: Path, unless: str, names: tuple[str, ...]) -> None:
    card = f"{{summary: s, suggest: [weigh, {{order_test: iga, unless: {unless}}}]}}"
    (found,) = book(tmp_path, rule("", card=card)).rules
    assert found.card.suggest == (Suggest("weigh"), Suggest("order_test", "iga", unless=names))


def test_what_makes_a_suggestion_needless_is_a_list_of_names(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, rule("", card="{summary: s, suggest: [{order_test: iga, unless: {order: yes}}]}"))
    assert fault == '8: "unless" of "suggest" of t.rule must be a list'


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("2020-01-01", "20200101", '"20200101" is no day'),
        ("2020-01-01", "2020-W01-1", '"2020-W01-1" is no day'),
        ("2020-01-01", "2020-02-30", '"2020-02-30" is no day'),
        ("value: 60", "value: 6e1", '"6e1" is no number'),
        ("value: 60", "value: 6_0", '"6_0" is no number'),
        ("value: 60", "value: \u0666\u0660", '"\u0666\u0660" is no number'),
        ("value: 60", "value: .6", '".6" is no number'),
        (', quote: "under 60"', "", 'the value limit needs "quote"'),
        ('quote: "under 60"', 'quote: ""', '"quote" of the value limit must be text'),
    ],
)
def test_numbers_and_days_are_written_in_one_way(tmp_path: Path, old: str, new: str, what: str) -> None:
    text = measured("concept: egfr, ")
    assert faults(tmp_path, text) == []
    (fault,) = faults(tmp_path, text.replace(old, new))
    assert fault.startswith(f"6: {what}")


def test_what_is_inferred_is_read(tmp_path: Path) -> None:
    assert faults(tmp_path, rule("    infer: {is: seen}")) == ["10: t.rule infers seen, and no rule reads it"]


@pytest.mark.parametrize("name", ["t.yml", "notes.txt", "more/t.yaml"])
def test_nothing_else_lies_beside_the_topics(tmp_path: Path, name: str) -> None:
    (tmp_path / "tables").mkdir()
    (tmp_path / ".hidden.yaml").write_text("[")
    assert faults(tmp_path, rule("")) == []
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(rule(""))
    (fault,) = faults(tmp_path, rule(""))
    assert fault.startswith("1: is no topic")
