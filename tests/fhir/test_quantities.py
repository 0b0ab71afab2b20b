"""Numbers as they come: what is read, and what would take for ever, overflow, or mean another number."""

from decimal import Decimal
from typing import Any

import pytest

from cds.fhir import quantity
from cds.fhir.quantities import number


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (5, "5"),
        (0.1, "0.1"),
        (-2, "-2"),
        ("60", "60"),
        (" 1.50 ", "1.50"),
        ("+3", "3"),
        ("1e3", "1E+3"),
        ("2.5E-3", "0.0025"),
        (10**18, "1E+18"),
        ("1e18", "1E+18"),
        ("1e-18", "1E-18"),
        ("0e99", "0"),
        ("-0", "0"),
        ("9" * 19, "9" * 19),
    ],
)
def test_numbers(written: Any, read: str) -> None:
    assert number(written) == Decimal(read)


@pytest.mark.parametrize(
    "written",
    [
        True,
        None,
        [],
        {},
        "",
        "x",
        "1_000",
        "1,000",
        "１２",
        "NaN",
        "Infinity",
        "-inf",
        "0x10",
        "1 2",
        ".",
        "e5",
        "--1",
        "1e999999999",
        "1e-999999999",
        "1e19",
        "1e-19",
        1e300,
        1e-300,
        10**19,
        "9" * 20,
        "1." + "1" * 30,
        float("nan"),
        float("inf"),
        Decimal("sNaN"),
        Decimal("1e99"),
    ],
)
def test_what_is_no_number(written: Any) -> None:
    assert number(written) is None


def test_numbers_of_great_length() -> None:
    assert number(10**5000) is None
    assert number("1" * 1_000_000) is None
    assert number("0." + "0" * 1_000_000 + "1") is None
    assert quantity("9" * 100_000 + " kg") is None


@pytest.mark.parametrize(
    ("written", "value", "unit", "comparator"),
    [("60 kg", "60", "kg", ""), ("> 60 mL/min", "60", "mL/min", ">"), ("<=7", "7", "", "<="), ("5mg", "5", "mg", "")],
)
def test_quantities_in_words(written: str, value: str, unit: str, comparator: str) -> None:
    found = quantity(written)
    assert found is not None
    assert (found.value, found.unit, found.comparator) == (Decimal(value), unit, comparator)


@pytest.mark.parametrize(
    "written", ["1_000 kg", "1,000 kg", "1.000,5", "1e5", "1e5 kg", "9" * 40, "6٣ kg", "kg", "5.5.5"]
)
def test_part_of_a_number_is_not_the_number(written: str) -> None:
    assert quantity(written) is None
    assert quantity({"value": written, "unit": "kg"}) is None or number(written) is not None
