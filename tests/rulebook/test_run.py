"""What an evaluation makes of the rules: tiers, evidence, inferences, guards, probes, switches, limits."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

import pytest

from cds.facts import Drug, Fact, Unchecked
from cds.findings import Evidence
from cds.rulebook.board import MAX_PER_KIND
from tests.rulebook.support import (
    DAY,
    VALUES,
    amount,
    book,
    call,
    condition,
    lab,
    only,
    order,
    reason,
    run,
    said,
)

ORDER = "order: {is: ig_order}"
CARD = """
    tier: warning
    about: order
    card: {summary: s}
    cites: [PROJECT]"""
RISKS = f"""
{VALUES}
rules:
  - id: risk.low-egfr
    when: {{lab: {{is: lab, concept: egfr, at_most: "< values.limit"}}}}
    infer: {{is: risk, factor: egfr, says: "{{{{ lab.says }}}}"}}
  - id: risk.diabetes
    when: {{condition: {{is: condition, concept: diabetes, state: active}}}}
    infer: {{is: risk, factor: diabetes, says: "{{{{ condition.says }}}}"}}
  - id: risk.at-risk
    when:
      order: {{is: ig_order}}
      risk: {{is: risk}}{CARD}
    over: [risk.none]
  - id: risk.none
    when: {{{ORDER}}}
    unless: {{risk: {{is: risk}}}}{CARD}
"""


@pytest.mark.parametrize(
    ("value", "fires"), [(59.0, True), (59.999999, True), (60.0, False), (61.0, False), (None, False)]
)
def test_a_value_decides_below_at_and_above(tmp_path: Path, value: float | None, fires: bool) -> None:
    assert ("risk.at-risk warning 1" in said(run(book(tmp_path, RISKS), order(), lab(value)))) is fires


def test_a_finding_carries_the_evidence_of_all_ways_in_which_the_rule_held(tmp_path: Path) -> None:
    finding = only(run(book(tmp_path, RISKS), order(), lab(42.0), condition("diabetes")))
    assert finding.evidence == (
        Evidence("MedicationRequest/1", "order 1"),
        Evidence("Condition/1", "diabetes 1"),
        Evidence("Observation/1", "egfr 42.0"),
    )
    assert [view.factor for view in finding.each["risk"]] == ["diabetes", "egfr"]
    assert "order" not in finding.each


def test_equal_inferred_facts_are_one_with_the_evidence_of_all(tmp_path: Path) -> None:
    finding = only(run(book(tmp_path, RISKS), order(), lab(42.0), lab(50.0, "Observation/2")))
    (risk,) = finding.each["risk"]
    assert risk.evidence == (Evidence("Observation/1", "egfr 42.0"), Evidence("Observation/2", "egfr 50.0"))
    assert risk.says == "egfr 42.0; egfr 50.0"


def test_a_denial_counts_only_where_its_sources_were_read(tmp_path: Path) -> None:
    made = book(tmp_path, RISKS)
    assert said(run(made, order())) == ["risk.none warning 1"]
    for missing in (["labs"], ["conditions"], ["patient"], ["labs", "conditions"]):
        outcome = run(made, order(), missing=missing)
        assert said(outcome) == []
        assert {(u.rule, u.source, u.order) for u in outcome.unchecked} == {
            (rule, source, "MedicationRequest/1") for rule in ("risk.at-risk", "risk.none") for source in missing
        }


def test_a_source_read_in_part_is_not_read(tmp_path: Path) -> None:
    program = book(tmp_path, RISKS).on(DAY)
    from tests.rulebook.support import sources

    outcome = program.run((order(), *sources(["labs"], "partial")), "order-sign")
    assert outcome.findings == ()
    assert {u.says for u in outcome.unchecked} == {"laboratory results could only be read in part"}


def test_what_is_known_already_denies_without_the_missing_source(tmp_path: Path) -> None:
    outcome = run(book(tmp_path, RISKS), order(), condition("diabetes"), missing=["labs"])
    assert said(outcome) == ["risk.at-risk warning 1"]
    assert outcome.unchecked == ()
    assert only(outcome).not_checked == ("laboratory results could not be read",)


def test_a_probe_asks_only_where_the_rule_could_have_held(tmp_path: Path) -> None:
    text = f"""
    rules:
      - id: t.sucrose
        when:
          order: {{is: ig_order, sugar: sucrose}}
          condition: {{is: condition, concept: aki}}{CARD.replace(chr(10), chr(10) + "    ")}
    """
    made = book(tmp_path, text)
    assert [u.rule for u in run(made, order(), missing=["conditions"]).unchecked] == ["t.sucrose"]
    assert run(made, order(sugar="none"), missing=["conditions"]).unchecked == ()
    assert run(made, order(selected=False), missing=["conditions"]).unchecked == ()
    assert run(made, order(), missing=["labs"]).unchecked == ()
    assert run(made, order(), missing=["conditions"], hook="patient-view").unchecked == ()


TIERS = f"""
rules:
  - id: t.tier
    when: {{{ORDER}}}{CARD}
    any:
      - when: {{a: {{is: condition, concept: aki}}}}
        tier: info
        says: "kidneys: {{{{ a.says }}}}"
      - when: {{b: {{is: condition, concept: diabetes}}}}
    raise:
      - when: {{c: {{is: lab, concept: iga}}}}
        tier: critical
        says: iga
      - when: {{d: {{is: order_indication, order: "= order.ref", indication: PI}}}}
        lower: true
        tier: info
        says: replacement
"""


@pytest.mark.parametrize(
    ("facts", "expected", "lines"),
    [
        ([], None, ()),
        ([condition("aki")], "info", ("kidneys: aki 1",)),
        ([condition("diabetes")], "warning", ()),
        ([condition("aki"), condition("diabetes", "Condition/2")], "warning", ("kidneys: aki 1",)),
        ([condition("diabetes"), reason("PI")], "info", ("replacement",)),
        ([condition("diabetes"), reason("PI"), lab(1.0, concept="iga")], "critical", ("iga", "replacement")),
        ([reason("PI"), lab(1.0, concept="iga")], None, ()),
    ],
)
def test_the_tier_that_results(tmp_path: Path, facts: list[Fact], expected: str | None, lines: tuple[str, ...]) -> None:
    found = run(book(tmp_path, TIERS), order(), *facts).findings
    assert [finding.tier for finding in found] == ([expected] if expected else [])
    assert [finding.lines for finding in found] == ([lines] if expected else [])


def test_a_raise_belongs_to_the_order_whose_facts_it_shares(tmp_path: Path) -> None:
    facts = [order(), order("MedicationRequest/2"), condition("diabetes"), reason("PI", "MedicationRequest/2")]
    assert said(run(book(tmp_path, TIERS), *facts)) == ["t.tier warning 1", "t.tier info 2"]


ABOUT = """
rules:
  - id: t.drug
    when:
      drug: {is: drug, nsaid: true}
      order: {is: ig_order}
    tier: warning
    about: [drug, order]
    card: {summary: s}
    cites: [PROJECT]
    infer: {is: named, drug: "= drug.ref"}
  - id: t.other
    when:
      order: {is: ig_order}
      drug: {is: drug}
    unless: {named: {is: named, drug: "= drug.ref"}}
    tier: info
    about: order
    card: {summary: s}
    cites: [PROJECT]
"""


def drug(selected: bool) -> Drug:
    return Drug(ref="MedicationRequest/9", selected=selected, state="draft", systemic="yes", nsaid=True)


def test_a_card_stands_on_the_first_name_that_is_selected(tmp_path: Path) -> None:
    made = book(tmp_path, ABOUT)
    assert said(run(made, order(), drug(True))) == ["t.drug warning 9"]
    assert said(run(made, order(), drug(False))) == ["t.drug warning 1"]
    assert [f.each.keys() for f in run(made, order(), drug(False)).findings] == [{"drug"}]


def test_what_is_about_nothing_selected_neither_speaks_nor_infers(tmp_path: Path) -> None:
    assert run(book(tmp_path, ABOUT), order(selected=False), drug(False)).findings == ()


def test_a_rule_that_is_off_hides_nothing_and_infers_nothing(tmp_path: Path) -> None:
    made = book(tmp_path, ABOUT, off=frozenset({"t.drug"}))
    assert said(run(made, order(), drug(True))) == ["t.other info 1"]
    assert made.off == ("t.drug",)
    assert [rule.id for rule in made.rules] == ["t.other"]
    assert made.edition(DAY) != book(tmp_path, ABOUT).edition(DAY)


def test_a_silent_rule_waits_for_the_site(tmp_path: Path) -> None:
    text = f"rules:\n  - id: t.silent\n    mode: silent\n    when: {{{ORDER}}}{CARD}\n"
    assert said(run(book(tmp_path, text), order())) == []
    assert said(run(book(tmp_path, text, on=frozenset({"t.silent"})), order())) == ["t.silent warning 1"]


def test_a_rule_holds_at_its_hooks_only(tmp_path: Path) -> None:
    text = f"rules:\n  - id: t.sign\n    at: [order-sign]\n    when: {{{ORDER}}}{CARD}\n"
    made = book(tmp_path, text)
    assert said(run(made, order(), hook="order-sign")) == ["t.sign warning 1"]
    assert said(run(made, order(), hook="order-select")) == []


LATE = f"""
rules:
  - id: t.dose
    when: {{{ORDER}, amount: {{is: amount, order: "= order.ref"}}}}{CARD}
  - id: t.unreadable
    when: {{order: {{is: ig_order, dose_state: unreadable}}}}
    infer: {{is: unchecked, rule: t.dose, source: orders, order: "= order.ref", says: "Dose: unreadable."}}
  - id: t.not-checked
    at: [order-sign]
    when: {{call: {{is: call}}, gap: {{is: unchecked, speaks: true}}}}
    tier: info
    about: call
    card: {{summary: s}}
    cites: [PROJECT]
"""


def test_rules_about_what_was_not_checked_run_last_and_see_all_of_it(tmp_path: Path) -> None:
    outcome = run(book(tmp_path, LATE), call(), order(dose_state="unreadable"))
    assert outcome.unchecked == (
        Unchecked(rule="t.dose", source="orders", order="MedicationRequest/1", says="Dose: unreadable."),
    )
    assert [(f.rule.id, f.evidence) for f in outcome.findings] == [
        ("t.not-checked", (Evidence("", "Dose: unreadable."),))
    ]


def test_what_a_rule_that_is_off_could_not_check_is_not_said(tmp_path: Path) -> None:
    made = book(tmp_path, LATE, off=frozenset({"t.dose"}))
    assert run(made, call(), order(dose_state="unreadable")).unchecked == ()


def test_more_facts_of_a_kind_than_can_be_checked_are_said_and_never_deny(tmp_path: Path) -> None:
    text = f"""
    rules:
      - id: t.none
        when: {{{ORDER}}}
        unless: {{condition: {{is: condition, concept: aki}}}}{CARD.replace(chr(10), chr(10) + "    ")}
    """
    many = [condition("sepsis", f"Condition/{number}") for number in range(MAX_PER_KIND)]
    made = book(tmp_path, text)
    assert said(run(made, order(), *many)) == ["t.none warning 1"]
    outcome = run(made, order(), *many, condition("sepsis", "Condition/x"))
    assert said(outcome) == []
    assert [u.says for u in outcome.unchecked] == ["conditions: more entries than can be checked, over 64 of a kind"]


def test_shuffled_facts_give_the_same_outcome(tmp_path: Path) -> None:
    made = book(tmp_path, RISKS, TIERS)
    facts = [order(), order("MedicationRequest/2"), lab(42.0), lab(50.0, "Observation/2"), condition("diabetes")]
    facts += [
        condition("aki", "Condition/2", started=DAY - timedelta(days=3)),
        reason("PI"),
        amount(),
        amount(high=5.0),
    ]
    first = run(made, *facts)
    for seed in range(50):
        random.Random(seed).shuffle(facts)
        again = run(made, *facts)
        assert (again.findings, again.unchecked, again.trace) == (first.findings, first.unchecked, first.trace)
