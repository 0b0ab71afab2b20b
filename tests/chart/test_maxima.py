"""Maxima beside a dose: never a dose themselves, and said where the order is over its own."""

from __future__ import annotations

from typing import Any

import pytest

from tests.chart.ordering import amount, daily, dosage, every, facts, on, one, order, quantity, run


def per_period(most: str, period: str) -> dict[str, Any]:
    return {"maxDosePerPeriod": {"numerator": quantity(most), "denominator": quantity(period)}}


def said(dose: str, timing: Any = None, kg: str | None = "50", **maximum: Any) -> list[str]:
    """What is said of the maximum of an order for myasthenia gravis, which has no course limit of its own."""
    result = run(order(dosage(dose, timing=timing, **maximum), reason="MG"), kg=kg)
    return [fact.says for fact in facts(result, "unchecked", rule="dose.out-of-range")]


def test_a_course_over_its_own_maximum_is_said_with_both_numbers() -> None:
    assert said("2 g/kg", daily(5), **per_period("2 g/kg", "5 d")) == [
        "The order's own maximum is 2 g/kg in 5 days, and it comes to 10000 mg/kg: one is not meant."
    ]


@pytest.mark.parametrize(
    ("dose", "timing", "period", "over"),
    [
        ("400 mg/kg", daily(5), "5 d", False),
        ("440 mg/kg", daily(5), "5 d", False),
        ("440.2 mg/kg", daily(5), "5 d", True),
        ("2 g/kg", daily(5), "1 d", False),
        ("2201 mg/kg", None, "1 d", True),
        ("1 g/kg", on(0, 4, 5), "5 d", False),
        ("1 g/kg", on(0, 3, 4), "5 d", True),
        ("1 g/kg", on(0, 6, 7), "1 wk", False),
        ("1 g/kg", on(0, 5, 6), "1 wk", True),
        ("2 g/kg", every(4, "wk"), "28 d", False),
        ("2 g/kg", every(3, "wk"), "28 d", True),
        ("125 g", None, "5 d", True),
    ],
)
def test_the_fullest_days_are_compared_beyond_vial_rounding(dose: str, timing: Any, period: str, over: bool) -> None:
    assert bool(said(dose, timing, **per_period("2 g/kg", period))) is over


@pytest.mark.parametrize(("most", "over"), [("50 g", False), ("45.5 g", False), ("45.4 g", True), ("909 mg/kg", True)])
def test_one_administration_over_its_own_maximum(most: str, over: bool) -> None:
    found = said("1 g/kg", maxDosePerAdministration=quantity(most))
    assert found == (
        [f"The order's own maximum is {most} in one administration, and it comes to 1000 mg/kg: one is not meant."]
        * over
    )


@pytest.mark.parametrize(
    "maximum",
    [
        {"maxDosePerLifetime": quantity("1 g")},
        per_period("1 vial", "5 d"),
        per_period("100 mg/kg", "1 mo"),
        per_period("100 mg/kg", "0 d"),
        {"maxDosePerPeriod": {"numerator": quantity("100 mg/kg")}},
        {
            "maxDosePerPeriod": {
                "numerator": {**quantity("100 mg/kg"), "comparator": "<"},
                "denominator": quantity("5 d"),
            }
        },
    ],
)
def test_a_lifetime_and_what_cannot_be_read_say_nothing(maximum: dict[str, Any]) -> None:
    assert said("1 g/kg", **maximum) == []


def test_without_a_weight_grams_are_not_compared_with_a_maximum_by_weight() -> None:
    assert said("125 g", kg=None, **per_period("2 g/kg", "5 d")) == []
    assert said("1 g/kg", kg=None, maxDosePerAdministration=quantity("10 g")) == []


def test_an_implausible_dose_is_compared_with_nothing() -> None:
    assert said("4 g/kg", **per_period("2 g/kg", "5 d")) == []


@pytest.mark.parametrize(
    "maximum",
    [
        per_period("2 g/kg", "5 d"),
        {"maxDosePerAdministration": quantity("30 g")},
        {"maxDosePerLifetime": quantity("30 g")},
    ],
)
def test_a_maximum_is_no_dose_and_changes_none(maximum: dict[str, Any]) -> None:
    alone = one(run(order(dosage(**maximum))), "ig_order")
    assert (alone.dose_state, "only a maximum is written, no dose" in alone.says) == ("unreadable", True)
    assert amount(run(order(dosage("400 mg/kg", **maximum)))) == (400, 400)
