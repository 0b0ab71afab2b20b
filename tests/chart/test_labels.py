"""Rates and ages that the label of an order's product prints, as the order is held against them."""

from __future__ import annotations

import pytest

from tests.chart.ordering import dosage, facts, one, order, run


def limits(product: str, reason: str | None) -> dict[str, tuple[float, bool]]:
    made = order(dosage("400 mg/kg"), reason=reason, medicationCodeableConcept={"text": product})
    return {fact.origin: (fact.highest, fact.below) for fact in facts(run(made), "rate_limit")}


@pytest.mark.parametrize(
    ("product", "reason", "origin", "highest"),
    [
        ("Privigen", "PI", "label", 8),
        ("Privigen", "ITP", "label", 4),
        ("Privigen", "GBS", "product", 8),
        ("Privigen", None, "product", 8),
        ("Gammagard Liquid", "PI", "label", 8.333333),
        ("Gammagard Liquid", "MMN", "label", 9),
        ("Octagam 10%", "ITP", "label", 12),
        ("Octagam 5%", "PI", "label", 3.335),
        ("Kiovig", "MG", "label", 10),
        ("Carimune NF", "PI", "label", 3),
    ],
)
def test_the_highest_rate_is_that_of_product_and_reason(
    product: str, reason: str | None, origin: str, highest: float
) -> None:
    found = limits(product, reason)
    assert found[origin] == (highest, False)
    assert len(found.keys() & {"label", "product"}) == 1


@pytest.mark.parametrize("product", ["Gammaked", "Gammagard S/D", "Yimmugo", "Alyglo", "IVIG 10%", "Octagam"])
def test_what_no_label_page_gave_is_no_limit(product: str) -> None:
    assert limits(product, "PI") == {}


def test_the_rate_at_risk_is_the_product_s_own_number() -> None:
    assert limits("Panzyga", "PI")["at_risk"] == (3.3, False)
    assert limits("Carimune NF", "PI")["at_risk"] == (2, True)
    assert "at_risk" not in limits("Privigen", "PI"), "its label has words only"


def test_the_initial_rate_is_the_one_for_the_reason() -> None:
    assert limits("Gamunex-C", "CIDP")["initial"] == (2, False)
    assert limits("Gamunex-C", "PI")["initial"] == (1, False)
    assert limits("Gamunex-C", "GBS")["initial"] == (1, False), "the lowest, where the label lacks the reason"
    assert "initial" not in limits("Octagam 5%", "PI"), "its page does not print the brand"


def test_a_limit_says_what_is_printed_and_where() -> None:
    made = order(dosage("400 mg/kg"), reason="ITP", medicationCodeableConcept={"text": "Privigen"})
    found = one(run(made), "rate_limit", origin="label")
    assert found.says.startswith("Label: 4 mg/kg/min")
    assert "immune thrombocytopenia" in found.says
    assert "2026" in found.says


@pytest.mark.parametrize(
    ("product", "reason", "ages"),
    [("Asceniv", "PI", {12}), ("Privigen", "CIDP", {18}), ("Privigen", "GBS", set()), ("Privigen", "PI", set())],
)
def test_ages_of_the_label(product: str, reason: str, ages: set[int]) -> None:
    made = order(dosage("400 mg/kg"), reason=reason, medicationCodeableConcept={"text": product})
    assert {fact.min_age for fact in facts(run(made), "label_age")} == ages
