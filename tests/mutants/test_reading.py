"""Which mutants a file has, what they are called, and what the file is with one of them."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from tests.mutants.concepts import of_concepts
from tests.mutants.conditions import of_rule
from tests.mutants.mutant import Mutant, changed, read
from tests.mutants.numbers import of_dose_rows, of_values
from tests.mutants.reading import mutants
from tests.support.run import RULES

TINY = """\
topic: Tiny
values:
  ratio:
    - {from: 2013-01-01, value: 1.50, unit: "1"}
rules:
  - id: tiny.rule
    tier: warning
    over: [tiny.other]
    at: [order-sign]
    when:
      order: {is: ig_order, route: [intravenous, unknown], selected: true, product: "!= unknown"}
      lab: {is: lab, at_most: ">= 0 and < values.ratio", at_least: absent}
    unless:
      risk: {is: risk, order: "= order.ref"}
    raise:
      - lower: true
        when:
          drug: {is: drug, aspirin: false}
        tier: info
"""
NAMES = [
    "tiny.rule order.route dropped",
    "tiny.rule order.route without intravenous",
    "tiny.rule order.route without unknown",
    "tiny.rule order.selected dropped",
    "tiny.rule order.selected true to false",
    "tiny.rule order.product dropped",
    "tiny.rule order.product != to =",
    "tiny.rule lab.at_most dropped",
    "tiny.rule lab.at_most[0] >= to >",
    "tiny.rule lab.at_most[0] dropped",
    "tiny.rule lab.at_most[1] < to <=",
    "tiny.rule lab.at_most[1] dropped",
    "tiny.rule lab.at_least dropped",
    "tiny.rule lab.at_least absent to present",
    "tiny.rule/unless/risk dropped",
    "tiny.rule risk.order dropped",
    "tiny.rule risk.order = to !=",
    "tiny.rule tier warning to info",
    "tiny.rule tier warning to critical",
    "tiny.rule/raise/0 dropped",
    "tiny.rule/raise/0 drug.aspirin dropped",
    "tiny.rule/raise/0 drug.aspirin false to true",
    "tiny.rule/raise/0 tier info to warning",
    "tiny.rule/raise/0 lower true to false",
    "tiny.rule over tiny.other dropped",
    "tiny.rule at dropped",
]


def tiny(folder: Path, text: str = TINY) -> list[Mutant]:
    (folder / "tiny.yaml").write_text(text, "utf-8")
    [rule] = read(folder, "tiny.yaml")["rules"].each()
    return list(of_rule(rule))


def with_change(folder: Path, name: str) -> dict:
    [mutant] = [one for one in tiny(folder) if one.name == name]
    return json.loads(changed(folder, mutant))["rules"][0]


def test_everything_that_can_be_changed_is(tmp_path: Path) -> None:
    assert [one.name for one in tiny(tmp_path)] == NAMES


def test_a_mutant_knows_its_line_and_its_name_does_not(tmp_path: Path) -> None:
    lines = {one.name: one.line for one in tiny(tmp_path)}
    below = {one.name: one.line for one in tiny(tmp_path, f"# A line more.\n{TINY}")}
    assert lines["tiny.rule risk.order dropped"] == 14
    assert below == {name: line + 1 for name, line in lines.items()}


def test_one_thing_is_changed_and_the_rest_stays(tmp_path: Path) -> None:
    plain = with_change(tmp_path, "tiny.rule tier warning to critical")
    assert plain["tier"] == "critical"
    assert plain["when"]["order"]["route"] == ["intravenous", "unknown"]
    assert with_change(tmp_path, "tiny.rule order.route without unknown")["when"]["order"]["route"] == ["intravenous"]
    assert with_change(tmp_path, "tiny.rule lab.at_most[1] < to <=")["when"]["lab"]["at_most"] == (
        ">= 0 and <= values.ratio"
    )
    assert with_change(tmp_path, "tiny.rule lab.at_most[0] dropped")["when"]["lab"]["at_most"] == "< values.ratio"
    assert with_change(tmp_path, "tiny.rule/unless/risk dropped")["unless"] == {}
    assert "over" not in with_change(tmp_path, "tiny.rule over tiny.other dropped")


def test_a_value_goes_a_unit_of_its_last_place_up_and_down(tmp_path: Path) -> None:
    tiny(tmp_path)
    found = list(of_values(read(tmp_path, "tiny.yaml"), "tiny"))
    assert [name for name, _ in found] == ["ratio", "ratio"]
    assert [one.name for _, one in found] == ["tiny values.ratio 1.50 to 1.51", "tiny values.ratio 1.50 to 1.49"]


def test_the_end_of_a_dose_row_goes_beyond_the_tolerance(tmp_path: Path) -> None:
    row = "{phase: usual, low: 200, high: 800, per: dose, status: verified}"
    open_row = "{phase: unread, low: 1, high: 2, per: dose, status: unverified}"
    (tmp_path / "doses.yaml").write_text(f"indications: {{PI: {{doses: [{row}, {open_row}]}}}}", "utf-8")
    names = [one.name for one in of_dose_rows(read(tmp_path, "doses.yaml"), Decimal(10))]
    assert names == [
        "indications PI/usual low 200 to 223",
        "indications PI/usual low 200 to 179",
        "indications PI/usual high 800 to 889",
        "indications PI/usual high 800 to 719",
    ]


def test_a_concept_that_no_rule_names_is_idle(tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text("concepts: {one: {codes: [{code: A}], words: []}, two: {words: [b]}}", "utf-8")
    found = list(of_concepts(read(tmp_path, "c.yaml"), {"two": frozenset({"tiny.rule"})}))
    assert [(one.name, one.idle) for one in found] == [
        ("concept one without codes", True),
        ("concept two without words", False),
    ]


def test_the_rules_of_the_house_have_mutants_of_every_sort() -> None:
    found = mutants(RULES)
    assert len(found) > 1000
    for file in ("renal.yaml", "tables/indications.yaml", "tables/vaccine_intervals.yaml", "concepts/kidney.yaml"):
        assert any(one.file == file for one in found), file
    low = next(one for one in found if one.name == "renal values.egfr_at_risk 60 to 61")
    assert {"renal.low-egfr", "renal.at-risk", "renal.sucrose-at-risk"} <= low.rules


def test_two_mutants_of_one_name_are_refused(tmp_path: Path) -> None:
    for name in ("tables/vaccine_intervals.yaml",):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes((RULES / name).read_bytes())
    rule = "  - {id: tiny.rule, tier: info, when: {}}\n"
    (tmp_path / "tiny.yaml").write_text(f"topic: Tiny\nrules:\n{rule}{rule}", "utf-8")
    with pytest.raises(ValueError, match=r"tiny\.rule tier info to warning"):
        mutants(tmp_path)
