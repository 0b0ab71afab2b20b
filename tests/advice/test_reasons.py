"""Why a card may be set aside: reasons that fit it, coded."""

from __future__ import annotations

import pytest

from cds.advice.reasons import DISPLAYS, SYSTEM, override_reasons
from cds.findings import TIERS, Tier

RULES = [
    "dose.out-of-range",
    "dose.no-weight",
    "product.brand-unknown",
    "iga-deficiency.contraindicated",
    "renal.at-risk",
    "live-vaccine.too-soon",
    "kawasaki.nsaid",
    "data.not-checked",
    "site.own-rule",
]


def codes(rule_id: str, tier: Tier) -> set[str]:
    return {reason["code"] for reason in override_reasons(rule_id, tier)}


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("rule_id", RULES)
def test_every_card_offers_reasons_with_system_code_and_display(rule_id: str, tier: Tier) -> None:
    reasons = override_reasons(rule_id, tier)
    assert len(reasons) >= 2
    assert all(
        reason == {"system": SYSTEM, "code": reason["code"], "display": DISPLAYS[reason["code"]]} for reason in reasons
    )
    assert {"data-out-of-date", "not-applicable"} <= codes(rule_id, tier)


def test_a_card_that_asks_for_nothing_has_no_risk_to_weigh() -> None:
    assert "benefit-outweighs-risk" in codes("renal.at-risk", "warning")
    assert "benefit-outweighs-risk" not in codes("renal.at-risk", "info")


def test_having_tolerated_it_before_answers_a_reaction_but_not_a_dose_nor_a_live_vaccine() -> None:
    assert "patient-tolerated-before" in codes("iga-deficiency.contraindicated", "critical")
    assert "patient-tolerated-before" in codes("renal.at-risk", "warning")
    assert "patient-tolerated-before" not in codes("dose.course-exceeded", "critical")
    assert "patient-tolerated-before" not in codes("live-vaccine.too-soon", "warning")
