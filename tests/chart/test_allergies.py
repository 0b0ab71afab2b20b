"""Allergies: which substances, how severe, and which statuses count."""

from __future__ import annotations

from typing import Any

import pytest

from tests.chart.charting import ICD, RXNORM, SCT, Chart, allergy, chart, coded, fact, facts, state

IG = coded(RXNORM, "5666", "immune globulin")
HIVES = {"manifestation": [{"text": "Hives"}]}


def read(*found: dict[str, Any]) -> Chart:
    return chart(allergies=found)


def substances(code: dict[str, Any], **more: Any) -> set[str]:
    return {one.concept for one in facts(read(allergy(code, **more)), "allergy")}


@pytest.mark.parametrize(
    "code",
    [
        coded(RXNORM, "5666"),
        coded(RXNORM, "1426680"),
        {"text": "IVIG"},
        {"text": "Immune globulin"},
        {"text": "Privigen"},
        {"text": "Hizentra"},
        {"text": "SCIG"},
        {"text": "immune globulin intramuscular"},
        coded("http://hospital.example.org", "A17", "Gamma globulin"),
    ],
)
def test_immune_globulin_by_code_text_and_brand(code: dict[str, Any]) -> None:
    assert substances(code) == {"immune_globulin"}


@pytest.mark.parametrize("code", [coded(RXNORM, "1191"), {"text": "Aspirin"}, {"text": "acetylsalicylic acid"}])
def test_aspirin_by_code_and_text(code: dict[str, Any]) -> None:
    assert substances(code) == {"aspirin"}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ({"text": "Corn"}, {"corn"}),
        ({"text": "Corn starch"}, {"corn"}),
        ({"text": "Allergy to corn"}, {"corn"}),
        (coded(SCT, "419573007"), {"corn"}),
        (coded(ICD, "Z91.018", "Corn"), {"corn"}),
        (coded(ICD, "Z91.018", display="Allergy to other foods"), set()),
        ({"text": "Corn pollen"}, set()),
        ({"text": "Peppercorn"}, set()),
        ({"text": "No corn allergy"}, set()),
    ],
)
def test_corn_by_code_and_text(code: dict[str, Any], expected: set[str]) -> None:
    assert substances(code) == expected


@pytest.mark.parametrize(
    "code",
    [
        {"text": "Hepatitis B immune globulin"},
        {"text": "WinRho SDF"},
        {"text": "Rho(D) immune globulin"},
        {"text": "antithymocyte globulin"},
        {"text": "Rabies immune globulin"},
        {"text": "HyperRAB (immune globulin)"},
        {"text": "Cytogam"},
        {"text": "No known allergies"},
        {"text": "No known allergy to immune globulin"},
        coded(SCT, "716186003", "No known allergy"),
        coded(RXNORM, "7980", "penicillin G"),
    ],
)
def test_hyperimmune_globulins_others_and_none_at_all_do_not_count(code: dict[str, Any]) -> None:
    found = read(allergy(code))
    assert not facts(found, "allergy")
    assert state(found, "allergies") == ("read", "")


def test_the_code_wins_over_the_text_beside_it() -> None:
    assert substances(coded(RXNORM, "7980", "Immune globulin")) == set()


def test_a_substance_may_be_named_by_the_reaction_only() -> None:
    reaction = [{"substance": IG, **HIVES}]
    assert substances({"text": "Drug allergy"}, reaction=reaction) == {"immune_globulin"}


@pytest.mark.parametrize(
    ("said", "severe"),
    [
        ({}, "unknown"),
        ({"reaction": [HIVES]}, "unknown"),
        ({"reaction": [{**HIVES, "severity": "severe"}]}, "yes"),
        ({"reaction": [{**HIVES, "severity": "severe "}]}, "yes"),
        ({"reaction": [{**HIVES, "severity": "moderate"}]}, "no"),
        ({"reaction": [{**HIVES, "severity": "mild"}, {**HIVES, "severity": "severe"}]}, "yes"),
        ({"criticality": "high"}, "yes"),
        ({"criticality": "high", "reaction": [{**HIVES, "severity": "mild"}]}, "yes"),
        ({"criticality": "low"}, "no"),
        ({"criticality": "unable-to-assess"}, "unknown"),
        ({"reaction": [{"manifestation": [{"text": "Anaphylaxis"}]}]}, "yes"),
        ({"reaction": [{"manifestation": [coded(SCT, "39579001")], "severity": "mild"}]}, "yes"),
        ({"reaction": [{"manifestation": [{"text": "No anaphylaxis"}], "severity": "mild"}]}, "no"),
    ],
)
def test_severity(said: dict[str, Any], severe: str) -> None:
    assert fact(read(allergy(IG, **said)), "allergy").severe == severe


def test_an_anaphylaxis_without_a_cause_is_no_allergy_to_immune_globulin() -> None:
    assert substances({"text": "Anaphylaxis"}) == set()


@pytest.mark.parametrize("clinical", ["active", "inactive", "resolved", None])
def test_active_and_past_count(clinical: str | None) -> None:
    found = fact(read(allergy(IG, clinical)), "allergy")
    assert (found.concept, found.state) == ("immune_globulin", "active" if clinical in ("active", None) else "past")


@pytest.mark.parametrize("verified", ["refuted", "entered-in-error", "entered-in-error ", "refuted "])
def test_refuted_and_entered_in_error_do_not(verified: str) -> None:
    found = read(allergy(IG, verified=verified))
    assert not facts(found, "allergy")
    assert state(found, "allergies") == ("read", "")


@pytest.mark.parametrize("verified", ["confirmed", "unconfirmed", None])
def test_confirmed_or_not_it_counts(verified: str | None) -> None:
    assert facts(read(allergy(IG, verified=verified)), "allergy")


def test_an_unknown_status_is_left_out_and_said() -> None:
    found = read(allergy(IG, verified="banana"))
    assert not facts(found, "allergy")
    assert state(found, "allergies")[0] == "partial"


def test_each_state_and_severity_of_a_substance_is_one_fact() -> None:
    found = read(allergy(IG), allergy(IG), allergy(IG, criticality="high"), allergy(IG, "resolved"))
    told = sorted((one.severe, one.state) for one in facts(found, "allergy"))
    assert told == [("unknown", "active"), ("unknown", "past"), ("yes", "active")]


def test_it_says_how_severe_and_where_it_was_read() -> None:
    coded_one = fact(read(allergy(IG, "resolved", criticality="high")), "allergy")
    assert coded_one.says == "allergy to human immune globulin (criticality high, resolved)"
    assert coded_one.ref == "AllergyIntolerance/allergies-1"
    worded = fact(read(allergy({"text": "IVIG"})), "allergy")
    assert worded.says == "allergy to human immune globulin (severity not recorded, read from text)"
