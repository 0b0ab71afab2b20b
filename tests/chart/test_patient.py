"""Age in completed years and days, two ends of a partial birth date, sex, and a Patient that cannot be read."""

from __future__ import annotations

from typing import Any

import pytest

from tests.chart.charting import WOMAN, Chart, chart, fact, state


def read(**more: Any) -> Chart:
    patient = {name: value for name, value in (WOMAN | more).items() if value is not None}
    return chart(patient)


def ages(**more: Any) -> tuple[Any, ...]:
    found = fact(read(**more), "patient")
    return found.age_min, found.age_max, found.age_days_min, found.age_days_max


@pytest.mark.parametrize(
    ("birth", "years"),
    [("1960-11-21", 65), ("1960-11-20", 66), ("1960-11-19", 66), ("2008-11-21", 17), ("2008-11-20", 18)],
)
def test_ages_are_completed_years(birth: str, years: int) -> None:
    assert ages(birthDate=birth)[:2] == (years, years)


def test_a_newborn_counts_in_days() -> None:
    assert ages(birthDate="2026-11-20") == (0, 0, 0, 0)
    assert ages(birthDate="2026-10-23") == (0, 0, 28, 28)


def test_a_birth_year_alone_leaves_two_ages() -> None:
    assert ages(birthDate="1960")[:2] == (65, 66)


def test_a_birth_month_alone_leaves_two_ages_only_in_that_month() -> None:
    assert ages(birthDate="1960-11")[:2] == (65, 66)
    assert ages(birthDate="1960-10")[:2] == (66, 66)


def test_somebody_born_this_year_is_not_younger_than_nothing() -> None:
    assert ages(birthDate="2026") == (0, 0, 0, 323)


def test_a_leap_day_is_a_birthday_on_the_first_of_march() -> None:
    assert ages(birthDate="2008-02-29")[:2] == (18, 18)


def test_without_a_birth_date_there_is_no_age_and_it_is_said() -> None:
    assert ages(birthDate=None) == (None, None, None, None)
    assert state(read(birthDate=None), "patient") == ("partial", "no birth date: the age is not known")


def test_a_birth_date_in_2133_is_no_age_and_it_is_said() -> None:
    assert ages(birthDate="2133-01-01") == (None, None, None, None)
    assert state(read(birthDate="2133-01-01"), "patient")[0] == "partial"


@pytest.mark.parametrize(
    ("gender", "sex"),
    [("female", "female"), ("male", "male"), ("other", "unknown"), ("unknown", "unknown"), (None, "unknown")],
)
def test_sex(gender: str | None, sex: str) -> None:
    assert fact(read(gender=gender), "patient").sex == sex


def test_whether_the_patient_is_deceased_makes_no_difference() -> None:
    assert ages(deceasedBoolean=True)[:2] == (50, 50)


def test_a_patient_that_is_not_valid_has_no_age_and_the_fault_is_named_without_its_value() -> None:
    found = read(birthDate="1976-13-45")
    assert fact(found, "patient").age_min is None
    assert state(found, "patient") == ("partial", "the Patient cannot be read (birthDate)")


@pytest.mark.parametrize(
    "more",
    [
        {"contact": [{"relation": 1}]},
        {"contained": [{"resourceType": "Spaceship"}]},
        {"modifierExtension": [{"url": "http://example.org/not-a-person", "valueBoolean": True}]},
        {"implicitRules": "http://example.org/rules"},
        {"name": [None]},
    ],
)
def test_any_fault_of_the_patient_is_survived_and_said(more: dict[str, Any]) -> None:
    found = read(**more)
    assert fact(found, "patient").age_min is None
    assert state(found, "patient")[0] == "partial"


def test_a_patient_nested_400_levels_deep_is_survived() -> None:
    extension: dict[str, Any] = {"url": "http://example.org", "valueString": "x"}
    for _ in range(400):
        extension = {"url": "http://example.org", "extension": [extension]}
    assert state(read(extension=[extension]), "patient")[0] in ("partial", "read")


@pytest.mark.parametrize("id_", ["p" * 70, "p 1"])
def test_ids_longer_and_freer_than_fhirs_are_accepted(id_: str) -> None:
    from dataclasses import replace

    from cds.chart import read as read_chart
    from tests.chart.charting import NOW, ZONE, case, knowledge, values

    one = replace(case({**WOMAN, "id": id_}), patient_id=f"Patient/{id_}")
    found = read_chart(one, NOW, knowledge(), values(), ZONE)
    assert fact(found, "patient").age_min == 50


def test_no_patient_at_all_is_said() -> None:
    assert state(chart(None), "patient") == ("partial", "no Patient: age and sex are not known")
    assert fact(chart(None), "patient").sex == "unknown"


def test_a_patient_that_was_not_sent_is_missing() -> None:
    assert state(chart(missing={"patient": None}), "patient")[0] == "missing"
