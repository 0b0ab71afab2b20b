"""Layers, and the sources behind inferred facts, are worked out from what rules read and make."""

from __future__ import annotations

from pathlib import Path

from cds.case import ORDERS
from cds.rulebook.compiler import MAX_PER_KIND, MAX_RULES, shards
from cds.rulebook.units import layer_of
from tests.rulebook.support import DAY, amount, book, call, order, run, said

GOLDEN = Path(__file__).parent / "golden"


def test_a_rule_runs_in_the_first_layer_in_which_everything_it_reads_is_made(tmp_path: Path) -> None:
    program = book(tmp_path, (GOLDEN / "layers.yaml").read_text()).on(DAY)
    assert {unit.name: layer_of(unit, program.layers) for unit in program.units} == {
        "layers.first": 0,
        "layers.second": 1,
        "layers.third": 2,
    }


def test_the_sources_of_an_inferred_fact_are_those_of_all_it_stands_on(tmp_path: Path) -> None:
    program = book(tmp_path, (GOLDEN / "layers.yaml").read_text()).on(DAY)
    assert program.layers.sources["risk"] == {"labs/egfr", "patient"}
    assert program.layers.sources["risk_of_order"] == {"labs/egfr", "patient", ORDERS}
    assert program.units[2].guard == {"labs/egfr", "patient", ORDERS}


def test_raise_does_not_hold_an_inference_back(tmp_path: Path) -> None:
    text = """
    rules:
      - id: t.speaks
        tier: info
        about: order
        when: {order: {is: ig_order}}
        raise: [{when: {x: {is: seen}}, tier: critical}]
        infer: {is: first}
        card: {summary: s}
        cites: [PROJECT]
      - {id: t.seen, when: {f: {is: first}}, infer: {is: seen}}
    """
    assert said(run(book(tmp_path, text), order(), call())) == ["t.speaks critical 1"]


def test_more_rules_than_one_set_holds_are_spread_over_several(tmp_path: Path) -> None:
    rules = "".join(
        f"  - {{id: t.r{n}, tier: info, about: order, when: {{order: {{is: ig_order}}, a: {{is: ig_order}}}}, "
        f"unless: {{c: {{is: condition, concept: aki}}}}, card: {{summary: s}}, cites: [PROJECT]}}\n"
        for n in range(120)
    )
    made = book(tmp_path, "rules:\n" + rules)
    program = made.on(DAY)
    groups = list(shards(program.units))
    assert [unit for group in groups for unit in group] == list(program.units)
    assert max(len(group) for group in groups) <= MAX_RULES
    assert all(sum(p.kind == "ig_order" for u in group for p in u.when) <= MAX_PER_KIND for group in groups)
    assert len(run(made, order()).findings) == 120


def test_alternatives_never_loosen_a_join(tmp_path: Path) -> None:
    text = """
    rules:
      - id: t.dose
        tier: info
        about: order
        when:
          order: {is: ig_order}
          dose: {is: amount, basis: [dose, day], weight: [ordered, actual], order: "= order.ref"}
        card: {summary: s}
        cites: [PROJECT]
    """
    made = book(tmp_path, text)
    assert said(run(made, order(), amount("MedicationRequest/2"))) == []
    assert said(run(made, order(), amount(), amount(basis="course"))) == ["t.dose info 1"]
