"""Why a card may be set aside: reasons that fit it, coded."""

from __future__ import annotations

import pytest

from cds.advice.reasons import DISPLAYS, SYSTEM, override_reasons
from cds.findings import TIERS, Tier
from cds.knowledge.site import GroupReasons

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


def own(code: str, *, replace: bool = False, system: str = "urn:site") -> GroupReasons:
    return GroupReasons(({"system": system, "code": code, "display": f"{code}!"},), replace, 1)


@pytest.mark.parametrize("tier", TIERS)
def test_a_sites_reasons_stand_behind_the_built_in_ones_of_every_tier(tier: Tier) -> None:
    offered = override_reasons("renal.at-risk", tier, {"all": own("A"), "renal": own("B"), "dose": own("C")})
    assert offered[:-2] == override_reasons("renal.at-risk", tier)
    assert offered[-2:] == [{"system": "urn:site", "code": code, "display": f"{code}!"} for code in "AB"]


def test_a_site_may_replace_the_reasons_of_a_group_or_of_all() -> None:
    renal = {"all": own("A"), "renal": own("B", replace=True)}
    assert [one["code"] for one in override_reasons("renal.at-risk", "warning", renal)] == ["B"]
    assert [one["code"] for one in override_reasons("dose.no-weight", "warning", renal)][-1] == "A"
    every = {"all": own("A", replace=True), "renal": own("B")}
    assert [one["code"] for one in override_reasons("renal.at-risk", "warning", every)] == ["A", "B"]
    assert [one["code"] for one in override_reasons("dose.no-weight", "warning", every)] == ["A"]


def test_a_reason_is_offered_once_and_in_the_words_of_the_site() -> None:
    offered = override_reasons("renal.at-risk", "warning", {"all": own("not-applicable", system=SYSTEM)})
    assert [one["display"] for one in offered if one["code"] == "not-applicable"] == ["not-applicable!"]
