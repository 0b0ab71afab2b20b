"""The published kidney equations against published values, and against values computed independently of the code."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cds.chart.egfr import whole
from cds.chart.renal import bedside_schwartz, ckd_epi_2021


@pytest.mark.parametrize(
    ("creatinine", "age", "sex", "published"),
    [("1.2", 55, "male", 71), ("1.5", 90, "male", 44), ("1.5", 90, "female", 33)],
)
def test_ckd_epi_2021_gives_the_whole_numbers_published(creatinine: str, age: int, sex: str, published: int) -> None:
    assert whole(ckd_epi_2021(Decimal(creatinine), age, sex)) == published


@pytest.mark.parametrize(
    ("creatinine", "age", "sex", "published"),
    [("1.0", 50, "female", "68.63"), ("1.5", 60, "male", "52.96")],
)
def test_ckd_epi_2021_comes_within_a_tenth_of_the_values_published(
    creatinine: str, age: int, sex: str, published: str
) -> None:
    assert abs(ckd_epi_2021(Decimal(creatinine), age, sex) - Decimal(published)) <= Decimal("0.1")


@pytest.mark.parametrize(
    ("creatinine", "age", "sex", "expected"),
    [
        ("0.9", 30, "male", "117.83"),
        ("0.7", 30, "female", "119.24"),
        ("0.8", 40, "male", "114.74"),
        ("2.0", 70, "female", "26.38"),
        ("2.2", 72, "male", "31.05"),
        ("1.1", 66, "female", "55.42"),
        ("1.36", 70, "male", "55.98"),
        ("1.37", 70, "male", "55.49"),
    ],
)
def test_ckd_epi_2021_on_both_sides_of_kappa_and_of_a_whole_number(
    creatinine: str, age: int, sex: str, expected: str
) -> None:
    assert round(ckd_epi_2021(Decimal(creatinine), age, sex), 2) == Decimal(expected)


def test_it_is_not_the_equation_of_2009() -> None:
    found = ckd_epi_2021(Decimal(120) / Decimal("88.4"), Decimal("45.2"), "male")
    assert round(found, 1) == Decimal("65.5")
    assert round(found, 1) != Decimal("62.5")


def test_ckd_epi_2021_is_not_for_17_years() -> None:
    with pytest.raises(ValueError, match="adults"):
        ckd_epi_2021(Decimal("1.5"), 17, "male")


@pytest.mark.parametrize(
    ("creatinine", "height", "published", "within"), [("0.6", 101, "69.5", "0.05"), ("0.5", 120, "99.12", "0.01")]
)
def test_bedside_schwartz_gives_the_values_published(creatinine: str, height: int, published: str, within: str) -> None:
    assert abs(bedside_schwartz(Decimal(creatinine), Decimal(height)) - Decimal(published)) <= Decimal(within)


@pytest.mark.parametrize(("value", "rounded"), [("59.49", 59), ("59.5", 60), ("60.5", 61)])
def test_an_egfr_is_a_whole_number_with_halves_up(value: str, rounded: int) -> None:
    assert whole(Decimal(value)) == rounded
