"""Dose quantities: every unit that doses are written in, and everything that must not be guessed."""

from decimal import Decimal
from typing import Any

import pytest

from cds.chart.quantities import dose, mg_per_kg, per_administration, strength_of
from cds.errors import Unreadable
from tests.chart.ordering import quantity

TEN_PERCENT = Decimal(100)


@pytest.mark.parametrize(
    ("written", "mg", "per_kg"),
    [
        ("28 g", "28000", False),
        ("28000 mg", "28000", False),
        ("2 g/kg", "2000", True),
        ("400 mg/kg", "400", True),
        ("300 mL", "30000", False),
        ("0.3 L", "30000", False),
        ("4 mL/kg", "400", True),
        ("400 mg/kg/{dose}", "400", True),
        ("400 mg/kg{bodyweight}", "400", True),
    ],
)
def test_units(written: str, mg: str, per_kg: bool) -> None:
    read = dose(quantity(written), TEN_PERCENT)
    assert (read.mg, read.per_kg, read.per) == (Decimal(mg), per_kg, "dose")


@pytest.mark.parametrize(
    ("text", "mg"),
    [("grams", 60000), ("gm", 60000), ("G", 60000), ("MG", 60), ("ML", 6000), ("grams per kg", 60000), ("mg / kg", 60)],
)
def test_units_as_people_write_them(text: str, mg: int) -> None:
    assert dose({"value": 60, "unit": text}, TEN_PERCENT).mg == mg


@pytest.mark.parametrize(
    ("written", "per"),
    [("400 mg/kg/d", "day"), ("30 g/{course}", "course"), ("30 g/day", "day"), ("0.4 g/d/kg", "day")],
)
def test_a_dose_may_be_for_a_day_or_a_course(written: str, per: str) -> None:
    assert dose(quantity(written), None).per == per


@pytest.mark.parametrize(
    ("element", "strength"),
    [
        ({"value": 1}, TEN_PERCENT),
        ({"value": 1, "unit": "vial"}, TEN_PERCENT),
        ({"value": 60, "unit": "[lb_av]"}, TEN_PERCENT),
        ({"value": 60, "unit": "g/m2"}, TEN_PERCENT),
        ({"value": 60, "unit": "g/h"}, TEN_PERCENT),
        ({"value": 60, "unit": "g/kg/kg"}, TEN_PERCENT),
        ({"value": 60, "unit": "g/"}, TEN_PERCENT),
        ({"value": 60, "unit": "g/kg/"}, TEN_PERCENT),
        ({"value": 60, "unit": "g/d/d"}, TEN_PERCENT),
        ({"value": 60, "code": "g", "unit": "mg", "system": "http://unitsofmeasure.org"}, TEN_PERCENT),
        ({"value": 60, "unit": "g", "comparator": "<"}, TEN_PERCENT),
        ({"value": -60, "unit": "g"}, TEN_PERCENT),
        ({"value": 1e300, "unit": "g"}, TEN_PERCENT),
        ({"value": 1e-300, "unit": "g"}, TEN_PERCENT),
        ({"unit": "g"}, TEN_PERCENT),
        ({"value": 300, "unit": "mL"}, None),
        ("60", TEN_PERCENT),
        (None, TEN_PERCENT),
    ],
)
def test_what_cannot_be_told_is_unreadable(element: Any, strength: Decimal | None) -> None:
    with pytest.raises(Unreadable):
        dose(element, strength)


def test_numbers_inside_strings_and_floats_at_their_written_value() -> None:
    assert dose({"value": "60", "unit": "g"}, None).mg == 60000
    assert dose({"value": 0.07, "unit": "g"}, None).mg == 70
    assert dose({"value": 1.1, "unit": "g/kg"}, None).mg == 1100


def test_the_steps_of_a_volume_are_kept() -> None:
    assert dose(quantity("300 mL"), Decimal(50)).steps == "300 mL × 50 mg/mL = 15 g"
    assert dose(quantity("300 mL"), Decimal(165)).mg == 49500
    assert dose(quantity("4 mL/kg"), Decimal(100)).steps == "4 mL/kg × 100 mg/mL = 400 mg/kg"


def test_one_administration_of_a_day_or_a_course() -> None:
    a_day = dose(quantity("800 mg/kg/d"), None)
    assert per_administration(a_day, Decimal(2), None).mg == 400
    a_course = dose(quantity("2 g/kg/{course}"), None)
    assert per_administration(a_course, Decimal(1), 5).mg == 400
    with pytest.raises(Unreadable):
        per_administration(a_course, Decimal(1), None)


def test_people_read_whole_mg_per_kg_over_ten() -> None:
    shown = [mg_per_kg(Decimal(value)) for value in ("967.7419", "10", "9.96", "0.4")]
    assert shown == ["968 mg/kg", "10 mg/kg", "9.96 mg/kg", "0.4 mg/kg"]


def test_an_ingredient_may_state_the_strength() -> None:
    ratio = {"numerator": {"value": 5, "unit": "g"}, "denominator": {"value": 50, "unit": "mL"}}
    assert strength_of({"strength": ratio}) == 100
    assert strength_of({"strength": {**ratio, "denominator": {"value": 1, "unit": "{tbl}"}}}) is None
    assert strength_of({}) is None


def test_absurd_amounts_are_read_so_that_they_can_be_called_implausible() -> None:
    assert dose(quantity("1e12 g"), None).mg == 10**15
    assert dose(quantity("1e18 kg"), None).mg == 10**24
    assert dose(quantity("1e-9 g"), None).mg == Decimal("1e-6")
