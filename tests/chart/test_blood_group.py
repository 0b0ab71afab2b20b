"""The blood group of a result in words; what is no whole group, or not the only one, is unknown."""

from __future__ import annotations

from typing import Any

import pytest

from cds.chart.blood_group import group_of
from tests.chart.charting import Chart, ago, chart, coded, fact, facts, observation, state

LOINC = "http://loinc.org"
NAMED = {"text": "Blood group"}


@pytest.mark.parametrize(
    ("words", "group"),
    [
        ("O", "O"),
        ("o", "O"),
        ("O positive", "O"),
        ("O Rh(D) negative", "O"),
        ("Group O Rh pos", "O"),
        ("Blood group O Rh(D) positive (finding)", "O"),
        ("O+", "O"),
        ("Type O -", "O"),
        ("A", "non_O"),
        ("A positive", "non_O"),
        ("A1", "non_O"),
        ("A2B Rh neg", "non_O"),
        ("AB-", "non_O"),
        ("Group B Rh pos", "non_O"),
        ("ABO/Rh group: AB, Rh positive", "non_O"),
        ("0 positive", "unknown"),
        ("positive", "unknown"),
        ("not O", "unknown"),
        ("A or O", "unknown"),
        ("anti-A", "unknown"),
        ("a weak subgroup", "unknown"),
        ("Bombay", "unknown"),
        ("", "unknown"),
    ],
)
def test_a_whole_text_tells_the_group(words: str, group: str) -> None:
    assert group_of([words]) == group


def test_texts_of_one_result_that_differ_tell_none() -> None:
    assert group_of(["O", "A positive"]) == "unknown"
    assert group_of(["A", "B"]) == "non_O"
    assert group_of(["O", "see comment"]) == "O"


def group(value: object, day: str | None = ago(2), code: Any = NAMED, **more: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        return observation(code, day=day, valueCodeableConcept=value, **more)
    return observation(code, value, day=day, **more)


def read(*results: dict[str, Any]) -> Any:
    return fact(chart(labs=results), "lab", concept="abo_group")


def test_the_group_is_a_fact_with_its_date() -> None:
    found = read(group("O positive", "2026-11-10"))
    assert (found.blood_group, found.result, found.at_least) == ("O", "none", None)
    assert found.says == 'blood group "O positive" (2026-11-10)'
    assert read(group({"text": "Group A Rh neg"})).blood_group == "non_O"
    assert read(group(coded("http://hospital.example.org", "1", display="O pos"))).blood_group == "O"


def test_a_group_that_cannot_be_read_is_unknown_and_leaves_the_other_results_whole() -> None:
    for value in ("see report", {"coding": [{"system": "http://snomed.info/sct", "code": "112144000"}]}):
        found = chart(labs=[group(value)])
        assert fact(found, "lab").blood_group == "unknown"
        assert state(found, "labs")[0] == "read"


def test_groups_that_differ_are_unknown_however_old() -> None:
    assert read(group("O", ago(4000)), group("A", ago(2))).blood_group == "unknown"
    assert read(group("O", ago(4000)), group("O positive", ago(2))).blood_group == "O"
    assert read(group("O", ago(4000)), group("see report", ago(2))).blood_group == "O"


def test_a_group_entered_in_error_or_without_a_known_status_does_not_count() -> None:
    assert not facts(chart(labs=[group("O", status="entered-in-error")]), "lab")
    assert not facts(chart(labs=[group("O", status="unknown")]), "lab")


@pytest.mark.parametrize(
    ("code", "found"),
    [
        (coded(LOINC, "883-9"), False),
        (coded(LOINC, "883-9", text="ABO group"), False),
        (coded(LOINC, "883-9", display="ABO group [Type] in Blood"), True),
        ({"text": "ABO group"}, True),
        ({"text": "Rh type"}, False),
        ({"text": "blood group antibody screen"}, False),
    ],
)
def test_it_is_found_by_its_whole_name_and_by_no_code_that_is_unverified(code: Any, found: bool) -> None:
    read: Chart = chart(labs=[group("O", code=code)])
    assert bool(facts(read, "lab", concept="abo_group")) is found
