"""A part of a source that could not be read leaves unchecked what reads that part, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from cds.facts import CreatinineChange, Fact, SourceState
from cds.rulebook import Outcome
from cds.rulebook.board import MAX_PER_KIND
from tests.rulebook.support import book, lab, order, run, said

CARD = "tier: info, about: order, card: {summary: s}, cites: [PROJECT]"
TEXT = f"""
rules:
  - id: t.low-iga
    when: {{lab: {{is: lab, concept: iga}}}}
    infer: {{is: low_iga, says: "{{{{ lab.says }}}}"}}
  - {{id: t.kidney, {CARD}, when: {{order: {{is: ig_order}}}}, unless: {{lab: {{is: lab, concept: egfr}}}}}}
  - {{id: t.iga, {CARD}, when: {{order: {{is: ig_order}}}}, unless: {{low: {{is: low_iga}}}}}}
  - {{id: t.two, {CARD}, when: {{order: {{is: ig_order}}}}, unless: {{lab: {{is: lab, concept: [igg, egfr]}}}}}}
  - {{id: t.rise, {CARD}, when: {{order: {{is: ig_order}}}}, unless: {{rise: {{is: creatinine_change}}}}}}
  - {{id: t.any, {CARD}, when: {{order: {{is: ig_order}}}}, unless: {{lab: {{is: lab, computed: true}}}}}}
"""
ALL = ("t.kidney", "t.iga", "t.two", "t.rise", "t.any")


def unread(part: str, why: str = "") -> SourceState:
    return SourceState(name=f"labs/{part}", state="partial", says=why or f"{part} was not used: it has no unit")


def outcome(tmp_path: Path, *facts: Fact, missing: tuple[str, ...] = ()) -> Outcome:
    return run(book(tmp_path, TEXT), order(), *facts, missing=missing)


def fired(found: Outcome) -> set[str]:
    return {one.split()[0] for one in said(found)}


@pytest.mark.parametrize(
    ("parts", "silent"),
    [
        ((), set()),
        (("iga",), {"t.iga", "t.any"}),
        (("egfr",), {"t.kidney", "t.two", "t.any"}),
        (("igg",), {"t.two", "t.any"}),
        (("serum_creatinine",), {"t.rise", "t.any"}),
        (("serum_creatinine", "egfr"), {"t.kidney", "t.two", "t.rise", "t.any"}),
        (("hemoglobin",), {"t.any"}),
    ],
)
def test_only_what_reads_the_part_is_not_checked_and_says_so(
    tmp_path: Path, parts: tuple[str, ...], silent: set[str]
) -> None:
    found = outcome(tmp_path, *(unread(part) for part in parts))
    assert fired(found) == set(ALL) - silent
    assert {fact.rule for fact in found.unchecked} == silent
    assert {fact.source for fact in found.unchecked} <= {"labs"}


def test_what_is_said_is_about_the_parts_that_the_rule_reads(tmp_path: Path) -> None:
    found = outcome(tmp_path, unread("iga"), unread("igg"))
    told = {fact.rule: fact.says for fact in found.unchecked}
    assert told["t.iga"] == "iga was not used: it has no unit"
    assert told["t.two"] == "igg was not used: it has no unit"
    assert told["t.any"] == "iga was not used: it has no unit; igg was not used: it has no unit"


def test_a_result_that_leaves_two_parts_unread_is_told_once(tmp_path: Path) -> None:
    why = "creatinine 150 was not used: it has no unit"
    found = outcome(tmp_path, unread("egfr", why), unread("igg", why))
    assert [fact.says for fact in found.unchecked if fact.rule == "t.two"] == [why]


def test_without_the_whole_source_no_part_was_read(tmp_path: Path) -> None:
    found = outcome(tmp_path, missing=("labs",))
    assert fired(found) == set()
    assert {fact.rule for fact in found.unchecked} == set(ALL)
    assert len(found.unchecked) == len(ALL)
    assert {trace.lacked[-1] for trace in found.trace if trace.rule in ALL} == {"not read: labs"}


def test_the_trace_names_the_part_that_was_not_read(tmp_path: Path) -> None:
    by_rule = {one.rule: one for one in outcome(tmp_path, unread("iga")).trace}
    assert "not read: labs/iga" in by_rule["t.iga"].lacked
    assert by_rule["t.kidney"].verdict == "fired"


def test_more_results_than_are_looked_at_leave_every_part_unread(tmp_path: Path) -> None:
    many = [lab(60.0, f"Observation/{n}", "iga") for n in range(MAX_PER_KIND + 1)]
    assert fired(outcome(tmp_path, *many)) == set()


def test_a_change_that_was_read_denies_its_rule(tmp_path: Path) -> None:
    assert "t.rise" not in fired(outcome(tmp_path, CreatinineChange(rise=0.4)))
