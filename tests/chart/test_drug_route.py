"""Local routes of drugs whose local forms are made for the whole body: the form decides, not the route."""

from __future__ import annotations

import pytest

from cds.chart.drug_route import systemic
from cds.knowledge.codes import RxNorm
from tests.chart.records import Resource, concept, context, request


def reached(rxnorm: str, route: str) -> str:
    """How the drug of a code works by its route."""
    order: Resource = request(concept(rxnorm=rxnorm), dosageInstruction=[{"route": {"text": route}}])
    drugs = context().knowledge.drugs
    match = drugs.classify((RxNorm(rxnorm),), ())
    assert match is not None
    return systemic(match, order, (), drugs)


@pytest.mark.parametrize(
    ("rxnorm", "route", "expected"),
    [
        ("848331", "Vaginal", "yes"),
        ("1367436", "Vaginal route", "yes"),
        ("848328", "Vaginal", "no"),
        ("310169", "Vaginal", "no"),
        ("2619677", "Topical", "yes"),
        ("238003", "Transdermal", "yes"),
        ("688507", "Cutaneous", "yes"),
        ("4083", "Topical", "unknown"),
        ("4083", "Vaginal", "no"),
        ("4083", "Oral", "yes"),
    ],
)
def test_an_estrogen_by_a_local_route_counts_by_its_form(rxnorm: str, route: str, expected: str) -> None:
    assert reached(rxnorm, route) == expected


@pytest.mark.parametrize(
    ("rxnorm", "route", "expected"),
    [("855633", "Topical", "no"), ("855626", "Transdermal", "no"), ("10627", "Vaginal", "no")],
)
def test_a_local_route_of_any_other_drug_is_local(rxnorm: str, route: str, expected: str) -> None:
    assert reached(rxnorm, route) == expected
