"""Numbers as people read them, of any size that arithmetic can come to."""

import time
from decimal import Decimal

import pytest

from cds.chart.printed import about, fact_number, tenths


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("0", "0"),
        ("1.69683", "1.6968"),
        ("967.7419", "967.74"),
        ("123456.7", "123457"),
        ("0.000123456", "0.00012346"),
        ("9" * 29, "9" * 29),
        ("1E+36", "1" + "0" * 36),
        ("1E+999", "1.0000e+999"),
        ("1E-999", "1.0000e-999"),
    ],
)
def test_five_figures(value: str, shown: str) -> None:
    assert about(Decimal(value)) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [("0", "0"), ("62.45", "62.5"), ("9" * 29, "9" * 29), ("1E+999", "1.0000e+999"), ("1E-999", "0")],
)
def test_one_decimal(value: str, shown: str) -> None:
    assert tenths(Decimal(value)) == shown


@pytest.mark.parametrize("value", ["0", "1.2345678", "9" * 29, "1E+999999", "-1E+30", "1E-999999"])
def test_a_number_of_a_fact_is_never_an_error(value: str) -> None:
    started = time.process_time()
    found = fact_number(Decimal(value))
    assert found == pytest.approx(float(value), abs=1e-6)
    assert time.process_time() - started < 0.1
