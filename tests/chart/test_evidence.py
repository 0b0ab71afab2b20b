"""The evidence for the reasons of an order, as facts."""

from __future__ import annotations

import pytest

from tests.chart.ordering import dosage, facts, one, order, run


@pytest.mark.parametrize(
    ("product", "reason", "labeled", "accepted"),
    [
        ("Privigen", "PI", "class", False),
        ("IVIG 10%", "PI", "class", False),
        ("Gammagard Liquid", "MMN", "product", True),
        ("Privigen", "MMN", "other", True),
        ("Privigen", "GBS", "no", True),
        ("Gammagard S/D", "KAWASAKI", "product", True),
    ],
)
def test_which_labels_have_a_reason(product: str, reason: str, labeled: str, accepted: bool) -> None:
    made = run(order(dosage("400 mg/kg"), reason=reason, medicationCodeableConcept={"text": product}))
    found = one(made, "evidence")
    assert (found.labeled, found.accepted, found.beside) == (labeled, accepted, "unknown")


def test_the_line_names_its_source() -> None:
    found = one(run(order(dosage("400 mg/kg"), reason="GBS")), "evidence")
    assert found.grade == "established"
    assert found.says.startswith("Guillain-Barre syndrome: 12 trials")
    assert found.says.endswith(")")


def test_a_grade_that_needs_something_beside_it_is_a_fact_for_each() -> None:
    text = {"text": "antiphospholipid syndrome"}
    made = run(order(dosage("400 mg/kg"), reason=None, reasonCode=[text]))
    assert {fact.beside for fact in facts(made, "evidence")} == {"pregnancy", "aps_pregnancy_loss"}


def test_no_reason_has_no_evidence() -> None:
    assert facts(run(order(dosage("400 mg/kg"), reason=None)), "evidence") == []
