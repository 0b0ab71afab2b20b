"""Findings as the rule book makes them, and the cards they become."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from cds import knowledge
from cds.advice.cards import cards, texts
from cds.advice.filters import filters
from cds.advice.suggested import Material
from cds.case import Case
from cds.facts import KINDS, Drug, IgOrder, attributes
from cds.findings import AdviceRule, CardText, Evidence, Finding, View
from cds.settings import rules_folder

TITLES = {
    "CAR": "Carimune NF label, 2013",
    "KDIGO": "KDIGO guideline, 2012",
    "SEED-B": "Article B",
    "PROJECT": "Our own choice",
}

ORDER = IgOrder(
    ref="MedicationRequest/ivig",
    says="Privigen 60 g once",
    selected=True,
    status="draft",
    product="privigen",
    product_name="Privigen",
    brand="known",
    route="intravenous",
    sugar="none",
    first_day=date(2026, 11, 20),
    last_day=date(2026, 11, 20),
    dose_state="known",
    dose_text="60 g",
    reason="table",
)

DRUG = Drug(
    ref="MedicationRequest/drug",
    says="Ketorolac, draft",
    selected=True,
    name="Ketorolac",
    state="draft",
    systemic="yes",
)


def rule(id: str = "renal.at-risk", summary: str = "{{ order.product_name }} is risky", **more: Any) -> AdviceRule:
    """A rule about the order, of the topic on kidneys."""
    detail = more.pop("detail", "It can injure the kidney.\n\n**What to do:** hydrate.")
    given = {
        "topic": "Kidney risk",
        "tier": "warning",
        "file": "rules/renal.yaml",
        "line": 7,
        "about": ("order",),
        "names": {"order": attributes(KINDS["ig_order"]), "drug": attributes(KINDS["drug"])},
        "cites": ("B55", "CAR"),
    }
    return AdviceRule(id=id, card=CardText(summary, detail), **(given | more))


def finding(of: AdviceRule | None = None, **more: Any) -> Finding:
    """A finding about the immune globulin order."""
    of = of or rule()
    given = {"about": ORDER, "tier": of.tier, "evidence": (Evidence("Observation/gfr", "eGFR 38 mL/min/1.73 m2"),)}
    return Finding(rule=of, **(given | more))


def view(fact: Any, **changed: Any) -> View:
    """A fact as templates see it."""
    fact = replace(fact, **changed)
    values = {name: getattr(fact, name) for name in attributes(type(fact))}
    return View(fact.kind, values, fact.says)


def material(values: Mapping[str, Decimal], instance: str = "h-1") -> Material:
    """A call that brings nothing that suggestions could be made of."""
    case = Case("order-sign", instance, "p")
    return Material(case, (), (), knowledge.load(rules_folder()), values, date(2026, 11, 20))


Write = Callable[..., tuple[dict[str, Any], ...]]


@pytest.fixture
def write() -> Write:
    """Words findings with their own rules' texts."""

    def written(*findings: Finding, values: Mapping[str, Decimal] | None = None) -> tuple[dict[str, Any], ...]:
        known = filters([found.rule for found in findings])
        words = {found.rule.id: texts(found.rule, TITLES, known) for found in findings}
        made = cards(findings, words, edition="e-1", reasons={}, material=material(values or {}))
        assert not made.faults
        return made.cards

    return written
