"""A topic file with faults tells all of them at once, each with its line, and never loads."""

from __future__ import annotations

from decimal import Decimal as D
from pathlib import Path

import pytest

from cds.knowledge.values import Need
from tests.rulebook.support import faults, rule

TWENTY = """\
topic: Faults
about: Every line of it is wrong.
values:
  limit:
    - {from: 2020-13-01, value: sixty, unit: kg, source: KDIGO, quote: q, reviewed: null}
  unused:
    - {from: 2020-01-01, value: 1, unit: kg, source: NOBODY, quote: q, reviewed: null}
  grams:
    - {from: 2020-01-01, value: 0.5, unit: g, source: KDIGO, quote: q, reviewed: null}
rules:
  - id: faults.one
    tier: loud
    about: [patient, nobody]
    at: [order-book]
    when:
      order: {is: ig_ordr}
      o: {is: ig_order, sugr: sucrose}
      a: {is: ig_order, sugar: saccharin}
      b: {is: amount, high: "> 5"}
      c: {is: amount, high: "> values.missing"}
      d: {is: amount, high: "> values.grams"}
      e: {is: amount, high: "> x.low"}
      f: {is: ig_order, sugar: "> sucrose"}
      g: {is: patient}
      h: {is: amount, order: "= h.order"}
      i: {is: ig_order, product_name: Privigen}
      j: {is: amount, order: "= d.high"}
      k: {is: ig_order, first_day: "= values.grams"}
      patient: {is: patient, sex: absent}
    over: [faults.nowhere, faults.one]
    card:
      summary: "{{ nobody.name }} {{ each.nobody }} {{ values.nothing }}"
    cites: [B55, NOWHERE]
  - id: faults.one
    when:
      p: {is: condition, started: "< q.started - values.grams"}
      q: {is: condition, started: "> p.started"}
    infer: {is: thing, who: "= nobody.ref", says: "{{ r.says }}"}
  - id: faults.three
    when: {t: {is: thing}}
    unless: {c: {is: condition, started: "< t.missing"}}
    infer: {is: thing, who: me}
"""


def test_twenty_faults_are_told_at_once_with_their_lines(tmp_path: Path) -> None:
    found = faults(tmp_path, TWENTY)
    expected = [
        "4: the value limit is not used",
        '5: "2020-13-01" is no day',
        '5: "sixty" is no number',
        "6: the value unused is not used",
        '6: the value unused: there is no source "NOBODY"',
        '12: the tier "loud" is none of',
        '13: "about" of faults.one: a card cannot stand on a patient',
        '13: "about" of faults.one: no name "nobody" is bound',
        '14: "order-book" is no hook',
        '16: there is no kind of fact "ig_ordr"; did you mean ig_order?',
        '17: ig_order has no attribute "sugr"; did you mean sugar?',
        '18: "saccharin" is no sugar of ig_order: glucose, maltose, none, sorbitol, sucrose, unknown',
        "19: the number 5 stands in a condition",
        '20: the topic has no value "missing"',
        "21: high of amount is in mg/kg, the value grams in g",
        '22: "x" is no name that can be referred to here',
        '23: "> sucrose" compares with neither',
        '24: the name "g" is reserved',
        '25: "h" refers to itself',
        "26: product_name of ig_order is for texts only",
        "27: order of amount, a text, cannot be compared with high of amount, a number",
        "28: first_day of ig_order is a day and cannot be compared with a value",
        "29: sex of patient is never absent",
        '30: "over" of faults.one names an unknown rule: faults.nowhere',
        '30: "over" of faults.one names itself: faults.one',
        '32: the card: no name "nobody" is bound',
        '32: the card: the text mentions "nobody", which is not bound here',
        '32: the card: the topic has no value "nothing"',
        '33: "cites" of faults.one: there is no source "NOWHERE"',
        "34: the id faults.one is taken already",
        "36: the shift of a day is in days, the value grams in g",
        '36: "p" and another name refer to each other',
        '37: "q" and another name refer to each other',
        '38: "nobody" is not bound in every way',
        '38: the text mentions "r", which is not bound here',
        "39: faults.three makes what it depends on: thing from thing",
        '41: thing has no attribute "missing"',
    ]
    for begins in expected:
        assert any(fault.startswith(begins) for fault in found), begins
    unexpected = [fault for fault in found if not any(fault.startswith(begins) for begins in expected)]
    assert unexpected == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("topic: T\nabout: x\nrules: [", "4: not YAML"),
        ("topic: T\nabout: x\nrule: []\n", '3: a topic file has no "rule"'),
        ("topic: T\nabout: x\nabout: y\n", "3: the key about is given twice"),
        ("topic: T\nabout: &x y\n", "2: the anchor &x is not allowed"),
        ("topic: T\n", '1: a topic file needs "about"'),
        (rule("", when="order: {is: ig_order}, id: {is: patient}"), 'the name "id" is reserved'),
        (rule("    unless: {order: {is: patient}}"), 'the name "order" is bound already'),
        (rule("    any: []"), '"any" of t.rule is empty'),
        (rule("    any: [{tier: info}]"), 'needs "when"'),
        (rule("    raise: [{when: {p: {is: patient}}}]"), 'an entry of "raise" of t.rule needs "tier" or says'),
        (rule("    raise: [{when: {p: {is: patient}}, lower: true}]"), 'an entry of "raise" of t.rule needs "tier"'),
        (rule("    at: []"), '"at" of t.rule is empty'),
        (
            rule("    at: [order-dispatch]"),
            '"order-dispatch" is no hook that a service has: order-select or order-sign or patient-view',
        ),
        (rule("    mode: loud"), '"mode" of t.rule can only be silent'),
        (rule("    mood: silent"), 'a rule has no "mood"'),
        (rule("", card="{detail: d}"), 'needs "summary"'),
        (rule("", card='{summary: "{{ order"}'), "not a Jinja2 template"),
        (rule("", card='{summary: "{{ order.sugr }}"}'), 'ig_order has no attribute "sugr"'),
        (rule("    infer: {is: patient, sex: male}"), "patient facts come from the record"),
        (rule("    infer: {is: unchecked, rule: t.x, source: orders, says: s}"), '"t.x" is no rule of unchecked'),
        (rule("    infer: {is: unchecked, rule: t.rule, source: lab, says: s}"), '"lab" is no source of unchecked'),
        (rule("    infer: {is: unchecked, source: labs, says: s}"), 'needs "rule"'),
        (rule("    infer: {is: thing, id: x}"), '"id" cannot be the name of an attribute'),
        (rule("    infer: {is: thing, iga: '= order.product_name'}"), "product_name of ig_order is for texts only"),
        (
            rule("", when="order: {is: ig_order, first_day: '= 2026-11-20'}"),
            "is a day: compare it with the day of another name",
        ),
        (rule("", when="order: {is: ig_order, repeating: maybe}"), '"maybe" is no repeating of ig_order'),
        (rule("", when="order: {is: ig_order, iga: 7}"), "iga of ig_order is a number: write a comparison"),
        (rule("", when="order: {is: ig_order}, s: {is: source, name: labz}"), '"labz" is no name of source'),
        (rule("    over: [t.silent]"), '"over" of t.rule names an unknown rule: t.silent'),
        (rule("  - id: t.idle\n    when: {p: {is: patient}}\n"), "t.idle neither speaks nor infers"),
        (rule("  - {id: T.Idle, when: {p: {is: patient}}, infer: {is: x}}\n"), 'the id "T.Idle" must be like'),
        (rule("  - {id: t.x, tier: info, when: {p: {is: patient}}, infer: {is: x}}\n"), 't.x has "tier" and no card'),
        (
            rule("    unless: {c: {is: lab, day: '< c2.started'}}", when="order: {is: ig_order}, c2: {is: condition}"),
            'c2.started may be absent: say "present" at c2 first',
        ),
        (
            rule("", when="order: {is: ig_order}, " + ", ".join(f"a{i}: {{is: amount}}" for i in range(15))),
            "16 facts in one rule are more than the engine holds (15)",
        ),
        (
            rule(
                "  - {id: t.a, when: {p: {is: patient}}, infer: {is: x, tag: a}}\n"
                "  - {id: t.b, when: {p: {is: patient}}, infer: {is: x, day: '= p.sex'}}\n"
            ),
            "x has tag where another rule infers it",
        ),
    ],
)
def test_each_fault_is_told(tmp_path: Path, text: str, fault: str) -> None:
    found = faults(tmp_path, text)
    assert any(fault in one for one in found), found


def test_a_cycle_over_two_rules_is_told_at_both(tmp_path: Path) -> None:
    text = """rules:
  - {id: t.a, when: {x: {is: a}}, infer: {is: b}}
  - {id: t.b, when: {x: {is: b}}, infer: {is: a}}
"""
    assert faults(tmp_path, text) == [
        "4: t.a makes what it depends on: b from a from b",
        "5: t.b makes what it depends on: a from b from a",
    ]


def test_switches_and_needs_that_lead_nowhere_are_faults(tmp_path: Path) -> None:
    found = faults(tmp_path, rule(""), off=frozenset({"t.rul"}), needs={"dose.limit": Need("mg/kg", D(1), D(2))})
    assert found == [
        '1: IVIG_CDS_RULES_OFF names the rule "t.rul", which does not exist; did you mean t.rule?',
        "1: the value dose.limit is needed and no topic has it",
    ]


def test_the_same_id_in_two_files_is_told_with_both_places(tmp_path: Path) -> None:
    fault, elsewhere = sorted(faults(tmp_path, rule(""), rule("")), reverse=True)
    assert elsewhere == "t1.yaml:4: t.rule belongs to another file: t.yaml"
    assert fault.startswith("t1.yaml:4: the id t.rule is taken already:")
    assert fault.endswith("/t.yaml:4")


def test_a_folder_without_topics_is_a_fault(tmp_path: Path) -> None:
    assert faults(tmp_path) == ["1: there is no topic file (*.yaml)"]


def test_a_file_that_is_no_text_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_bytes(b"topic: \xff")
    assert faults(tmp_path) == ["1: not UTF-8"]


def test_a_bad_tier_and_a_missing_kind_are_one_fault_each(tmp_path: Path) -> None:
    assert faults(tmp_path, rule("").replace("tier: info", "tier: loud")) == [
        '5: the tier "loud" is none of info, warning, critical'
    ]
    assert faults(tmp_path, rule("").replace("{summary: s}", "s")) == ['8: "card" of t.rule must be a mapping']


def test_what_only_follows_from_a_topic_that_cannot_be_read_is_not_told(tmp_path: Path) -> None:
    text = rule(
        "    over: [dose.range]\n"
        "    unless: {x: {is: made_there, why: anything}}\n"
        "    infer: {is: unchecked, rule: dose.range, source: orders, says: s}\n"
    )
    (tmp_path / "dose.yaml").write_text("topic: [")
    found = faults(tmp_path, text, off=frozenset({"dose.other"}), needs={"dose.limit": Need("kg", D(1), D(2))})
    assert found == ["2: not YAML: did not find expected node content"]
