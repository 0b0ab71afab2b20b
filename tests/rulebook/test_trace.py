"""What became of every rule in an evaluation, for `explain`."""

from __future__ import annotations

from pathlib import Path

from tests.rulebook.support import book, condition, lab, order, run
from tests.rulebook.test_run import RISKS, TIERS


def test_the_trace_tells_what_became_of_every_rule(tmp_path: Path) -> None:
    made = book(tmp_path, RISKS, TIERS, off=frozenset({"t.tier"}))
    outcome = run(made, order(), lab(61.0), condition("diabetes"), missing=["allergies"])
    assert [(t.rule, t.verdict, t.lacked) for t in outcome.trace] == [
        ("risk.low-egfr", "did not hold", ("no lab (lab)",)),
        ("risk.diabetes", "inferred", ()),
        ("risk.at-risk", "fired", ()),
        ("risk.none", "did not hold", ("denied by risk (risk)",)),
        ("t.tier", "off", ()),
    ]


def test_the_trace_says_which_sources_and_selections_lacked(tmp_path: Path) -> None:
    made = book(tmp_path, RISKS)
    by_rule = {t.rule: t for t in run(made, order(), missing=["labs"]).trace}
    assert by_rule["risk.none"].verdict == "not checked"
    assert "not read: labs" in by_rule["risk.none"].lacked
    by_rule = {t.rule: t for t in run(made, order(selected=False)).trace}
    assert by_rule["risk.none"].lacked == ("order is not selected",)
