"""The mutation check itself: what a case notices, what none does, and a kept list that cannot go stale."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from cds.errors import CdsError
from tests.mutants.__main__ import app
from tests.mutants.kept import KEPT, read_kept, stale
from tests.mutants.reading import mutants
from tests.mutants.running import Bench, Result
from tests.mutants.written import written
from tests.support.run import RULES

SAYS = "- case: an order that names no brand\n  order: {product: generic}\n"
CARD = "  expect: [{rule: product.brand-unknown, tier: info}]\n"
ENTERING = (
    "- case: while it is being entered no brand is asked for\n  hook: order-select\n  order: {product: generic}\n"
)


def folder(at: Path, cases: str) -> Path:
    """A folder of cases, made at `at`, that holds these about product.brand-unknown."""
    (at / "product").mkdir(parents=True)
    (at / "product" / "brand_unknown.yaml").write_text(f"rule: product.brand-unknown\ncases:\n{cases}", "utf-8")
    return at


def result(cases: Path, name: str) -> Result:
    [mutant] = [one for one in mutants(RULES) if one.name == name]
    return Bench(RULES, tuple(written(RULES, cases)), cases.parent).result(mutant)


def test_a_mutant_that_changes_what_a_case_says_is_noticed_by_that_case(tmp_path: Path) -> None:
    found = result(folder(tmp_path / "cases", SAYS + CARD), "product.brand-unknown tier info to warning")
    assert (found.fate, found.by) == ("killed", "product: an order that names no brand")


def test_a_mutant_that_no_case_is_about_survives_until_there_is_one(tmp_path: Path) -> None:
    assert result(folder(tmp_path / "few", SAYS + CARD), "product.brand-unknown at dropped").fate == "survived"
    more = folder(tmp_path / "more", SAYS + CARD + ENTERING)
    assert result(more, "product.brand-unknown at dropped").fate == "killed"


def test_a_mutant_that_the_book_refuses_is_noticed(tmp_path: Path) -> None:
    found = result(folder(tmp_path / "cases", SAYS + CARD), "dose.out-of-range/any/0 range.origin dropped")
    assert found.fate == "survived"
    found = result(tmp_path, "indications ITP/high dose low 1000 to 1112")
    assert (found.fate, found.by) == ("refused", "a row has low and high in mg/kg, low not over high")


@pytest.mark.parametrize(
    "name",
    [
        "dose values.implausible_over 3000 to 2999",
        "concept ckd_3 without codes",
        "vaccine_intervals by_dose/400 months 8 to 9",
    ],
)
def test_a_value_that_the_chart_reads_a_concept_and_a_table_reach_the_evaluation(tmp_path: Path, name: str) -> None:
    (tmp_path / "dose").mkdir()
    (tmp_path / "dose" / "case.yaml").write_text(
        """\
rule: dose.implausible
cases:
- case: 3000 mg/kg is believed
  order: {dose: 3000 mg/kg}
  expect: [{rule: dose.out-of-range, tier: warning}]
  also_allowed: [hemolysis.high-dose]
- case: kidneys at risk
  conditions: [{is: N18.3}]
  expect: [{rule: renal.at-risk, tier: warning}]
- case: a child
  patient: {age: 6 years}
  order: {product: gamunex_c, reason: ITP}
  expect: [{rule: live-vaccine.next-date, tier: info, summary: 2027-07-20}]
""",
        "utf-8",
    )
    assert result(tmp_path, name).fate == "killed"


def test_after_a_mutant_the_rules_are_whole_again(tmp_path: Path) -> None:
    bench = Bench(RULES, tuple(written(RULES, folder(tmp_path / "cases", SAYS + CARD))), tmp_path)
    every = {one.name: one for one in mutants(RULES)}
    assert bench.result(every["product.brand-unknown/any/0 dropped"]).fate == "killed"
    assert bench.result(every["product.brand-unknown at dropped"]).fate == "survived"


def test_cases_that_fail_by_themselves_are_told(tmp_path: Path) -> None:
    with pytest.raises(CdsError, match="fails although nothing is changed"):
        list(written(RULES, folder(tmp_path / "cases", SAYS)))


def test_a_kept_entry_that_holds_no_longer_is_told() -> None:
    kept = {"gone": "why", "killed now": "why", "not run": "why", "kept": "why"}
    fates = {"killed now": "killed", "kept": "survived", "other": "killed"}
    assert stale(kept, fates, [*fates, "not run"]) == {
        "gone": "there is no such mutant",
        "killed now": "it is killed now",
    }


def test_a_kept_entry_needs_a_reason(tmp_path: Path) -> None:
    path = tmp_path / "kept.yaml"
    path.write_text("- {why: '', mutants: [a]}", "utf-8")
    with pytest.raises(CdsError, match='"why" and "mutants"'):
        read_kept(path)
    path.write_text("- {why: x, mutants: [a]}\n- {why: y, mutants: [a]}", "utf-8")
    with pytest.raises(CdsError, match="listed twice"):
        read_kept(path)


def test_every_entry_of_the_kept_list_is_a_mutant() -> None:
    assert set(read_kept(KEPT)) <= {one.name for one in mutants(RULES)}


def test_the_command_fails_for_an_unnoticed_mutant_and_for_a_stale_entry(tmp_path: Path) -> None:
    cases, kept = tmp_path / "cases", tmp_path / "kept.yaml"
    folder(cases, SAYS + CARD)
    options = ["--only", "product.brand-unknown at dropped", "--processes", "1", "--cases", str(cases)]

    def said(text: str) -> tuple[int, str]:
        kept.write_text(text, "utf-8")
        ran = CliRunner().invoke(app, [*options, "--kept", str(kept)])
        return ran.exit_code, ran.stdout

    assert said("[]")[0] == 1
    assert "product.brand-unknown at dropped: no case notices" in said("[]")[1]
    held = "- {why: a reason, mutants: [product.brand-unknown at dropped]}\n"
    assert said(held)[0] == 0
    code, text = said(held + "- {why: old, mutants: [a rule that is gone]}\n")
    assert code == 1
    assert "a rule that is gone: there is no such mutant" in text
