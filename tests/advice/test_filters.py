"""Numbers, names and days as the words of a card use them."""

from __future__ import annotations

from datetime import date

import pytest

from cds.advice.filters import (
    against,
    amount,
    factors,
    filters,
    latest,
    listed,
    mg_per_kg,
    names,
    ranges,
    totals,
    wants,
)
from cds.advice.layout import sentence
from cds.facts import Amount, Clearance, DoseRange, Unchecked
from cds.findings import View
from tests.advice.conftest import DRUG, ORDER, rule, view


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (967.741935, "968"),
        (100.5, "101"),
        (100.0, "100"),
        (99.95, "100"),
        (99.94, "99.9"),
        (10.0, "10"),
        (9.995, "10"),
        (9.994, "9.99"),
        (0.005, "0.01"),
        (0.0, "0"),
        (-12.25, "-12.3"),
        (3, "3"),
    ],
)
def test_amounts(number: float, said: str) -> None:
    assert amount(number) == said


def test_doses() -> None:
    dose = Amount(order="o", basis="dose", weight="actual", low=400.0, high=967.74)
    assert mg_per_kg(dose) == "400-968 mg/kg"
    assert mg_per_kg(view(dose, low=967.9)) == "968 mg/kg"


def test_lists_name_each_thing_once() -> None:
    assert [listed("abcd"[:size]) for size in range(5)] == ["", "a", "a and b", "a, b and c", "a, b, c and d"]
    assert listed(["a", "", "a", "b"], "or") == "a or b"


def test_lists_name_as_many_as_there_is_room_for_and_count_the_rest() -> None:
    exactly, over = ["x" * 20, "y" * 23], ["x" * 20, "y" * 24]
    assert listed(exactly) == " and ".join(exactly)
    assert listed(over) == f"{over[0]} and 1 more"
    assert listed(["z" * 60, "a", "b"]) == f"{'z' * 60} and 2 more"


def test_names_are_those_of_drugs_vaccines_and_products() -> None:
    assert names(()) == ""
    assert names((view(DRUG), view(ORDER), view(DRUG))) == "Ketorolac and Privigen"


def test_ranges_are_the_amounts_their_sources_print() -> None:
    row = DoseRange(order="o", indication="PI", origin="label", basis="dose", low=180, high=880, checkable=True)
    printed = ("200-800 mg/kg every 3-4 weeks (21-28 days)", "200-800 mg/kg", "1 g/kg, up to 3 doses on alternate days")
    assert ranges(view(row, printed=words) for words in printed) == "200-800 mg/kg or 1 g/kg"


def test_the_latest_day_wins() -> None:
    clear = Clearance(
        origin="given",
        first_day=date(2026, 1, 1),
        last_day=date(2026, 1, 1),
        months=8,
        early_day=date(2026, 9, 1),
        clear_day=date(2026, 9, 1),
        dose_known=True,
    )
    assert latest((view(clear), view(clear, clear_day=date(2026, 12, 1))), "clear_day") == date(2026, 12, 1)


def test_checks_are_named_by_their_topics() -> None:
    checks = filters([rule(), rule("dose.no-weight", topic="Dose")])["checks"]
    gaps = [Unchecked(rule=id, source="labs") for id in ("renal.at-risk", "dose.no-weight", "renal.at-risk", "x.y")]
    assert checks(gaps) == "Kidney risk, Dose and x.y"


def _row(
    low: float,
    high: float,
    printed: str,
    basis: str = "dose",
    reason: str = "primary immunodeficiency",
    origin: str = "indication",
) -> View:
    values = {"low": low, "high": high, "printed": printed, "basis": basis, "indication_name": reason, "origin": origin}
    return View(kind="dose_range", values=values)


def _order(doses: int | None = 5, days: int = 5) -> View:
    first = date(2026, 11, 20)
    values = {"doses": doses, "first_day": first, "last_day": date(2026, 11, 19 + days)}
    return View(kind="ig_order", values=values)


def _dose(low: float, high: float | None = None) -> View:
    return View(kind="amount", values={"low": low, "high": high or low})


@pytest.mark.parametrize(("dose", "where"), [(_dose(881), "over"), (_dose(179), "under"), (_dose(100, 900), "outside")])
def test_a_dose_is_held_against_one_range(dose: View, where: str) -> None:
    rows = [_row(180, 880, "200-800 mg/kg every 3-4 weeks"), _row(360, 880, "400-800 mg/kg once, then less")]
    assert against(dose, rows, _order()) == f"{where} the 200-800 mg/kg range for primary immunodeficiency"


def test_a_dose_is_held_against_several_rows() -> None:
    rows = [_row(1800, 2200, "2 g/kg", "course", "CIDP"), _row(900, 1100, "1 g/kg every 3 weeks", "course", "CIDP")]
    assert against(_dose(1500), rows, _order()) == "outside 2 g/kg or 1 g/kg for CIDP"


def test_rows_of_several_indications_name_none() -> None:
    rows = [_row(180, 880, "200-800 mg/kg"), _row(900, 1100, "1 g/kg", "day", "immune thrombocytopenia")]
    assert against(_dose(1500), rows, _order()) == "outside 200-800 mg/kg or 1 g/kg"


@pytest.mark.parametrize(
    ("order", "where"), [(_order(), "under the"), (_order(10, 5), "outside"), (_order(None), "outside")]
)
def test_a_row_per_day_is_held_against_one_dose_a_day(order: View, where: str) -> None:
    said = against(_dose(359), [_row(360, 440, "0.4 g/kg/day on 5 days", "day", "GBS")], order)
    assert said.startswith(f"{where} 0.4 g/kg/day")


def _gap(rule_id: str, says: str) -> Unchecked:
    return Unchecked(rule=rule_id, source="labs", says=says)


def test_what_was_wanting_is_said_once_with_all_that_stayed_unchecked() -> None:
    topics = {
        "renal.at-risk": "Kidney risk",
        "renal.sucrose": "Kidney risk",
        "iga-deficiency.caution": "IgA deficiency",
    }
    gaps = [_gap(id, "Laboratory results: not sent") for id in topics] + [_gap("other", "The dose is in words.")]
    assert wants(gaps, topics) == [
        "Laboratory results: not sent. Not checked: Kidney risk (at risk, sucrose); IgA deficiency (caution).",
        "The dose is in words. Not checked: other.",
    ]


def test_the_rows_of_a_label_are_those_of_the_brand() -> None:
    rows = [_row(270, 660, "300-600 mg/kg every 3-4 weeks", origin="label")]
    assert against(_dose(800), rows, _order()) == "over the 300-600 mg/kg range on this brand's label"


def test_totals_are_said_where_a_row_is_about_them() -> None:
    amounts = [View("amount", {"basis": basis, "low": 800, "high": 800}) for basis in ("dose", "course", "month")]
    assert totals(amounts) == "(800 mg/kg in the course, 800 mg/kg in the month)"
    assert totals(amounts[:1]) == ""


def test_factors_are_words() -> None:
    risks = [View("risk", {"factor": factor}) for factor in ("low_egfr", "diabetes", "low_egfr")]
    assert factors(risks) == "diabetes and low eGFR"


@pytest.mark.parametrize(
    ("text", "said"), [("ibuprofen in", "Ibuprofen in"), ("eGFR 42", "eGFR 42"), ("Privigen", "Privigen"), ("", "")]
)
def test_a_sentence_begins_with_a_capital(text: str, said: str) -> None:
    assert sentence(text) == said
