"""Doses in mg/kg: the worked examples, each shape of a dosage, both sides of each limit."""

from datetime import date
from typing import Any

import pytest

from cds.chart.orders import OrdersRead
from tests.chart.ordering import amount, daily, dosage, dose, every, facts, on, one, order, quantity, run


def ordered(*doses: Any, kg: str | None = "62", medication: Any = None, timing: Any = None, **more: Any) -> OrdersRead:
    line = dosage(*doses, timing=timing)
    return run(order(line, medicationCodeableConcept=medication or {"text": "Privigen 10%"}, **more), kg=kg)


@pytest.mark.parametrize(
    ("written", "kg", "medication", "mg_per_kg"),
    [
        ("40 g", "80", "Privigen 10%", 500),
        ("28 g", "14", "Privigen 10%", 2000),
        ("28000 mg", "14", "Privigen 10%", 2000),
        ("300 mL", "60", "Privigen 10%", 500),
        ("300 mL", "60", "Octagam 5%", 250),
        ("300 mL", "60", "Immune globulin intravenous 16.5%", 825),
        ("300 mL", "60", "Immune globulin intravenous 20%", 1000),
        ("60 g", "62", "Privigen 10%", 967.741935),
    ],
)
def test_worked_examples(written: str, kg: str, medication: str, mg_per_kg: float) -> None:
    result = ordered(written, kg=kg, medication={"text": medication})
    assert amount(result, weight="actual") == (mg_per_kg, mg_per_kg)


def test_two_grams_per_kg_of_14_kg_is_28_g() -> None:
    assert one(ordered("2 g/kg", kg="14"), "amount", basis="dose").grams == 28


def test_the_sentence_has_value_unit_date_and_steps() -> None:
    assert one(ordered("60 g"), "amount", basis="dose").says == "60 g ÷ 62 kg (2026-11-18) = 968 mg/kg"
    volume = one(ordered("300 mL", kg="60"), "amount", basis="dose").says
    assert volume == "300 mL × 100 mg/mL = 30 g; ÷ 60 kg (2026-11-18) = 500 mg/kg"
    assert one(ordered("400 mg/kg"), "amount", basis="dose").says == "400 mg/kg as ordered"
    assert one(ordered("2 g/kg"), "amount", basis="dose").says == "2 g/kg as ordered = 2000 mg/kg"


@pytest.mark.parametrize("kg", ["62", None])
@pytest.mark.parametrize(("written", "mg_per_kg"), [("400 mg/kg", 400), ("2 g/kg", 2000)])
def test_a_dose_by_weight_needs_no_weight(written: str, mg_per_kg: float, kg: str | None) -> None:
    result = ordered(written, kg=kg)
    assert amount(result, weight="ordered") == (mg_per_kg, mg_per_kg)
    assert one(result, "ig_order").dose_state == "known"


def test_grams_without_a_weight_are_not_computed() -> None:
    result = ordered("60 g", kg=None)
    assert one(result, "ig_order").dose_state == "needs_weight"
    assert not facts(result, "amount") + facts(result, "stated_amount")


@pytest.mark.parametrize("kg", ["85", "62", None])
def test_ordered_and_calculated_are_one_dose(kg: str | None) -> None:
    """34000 mg is 400 mg/kg of 85 kg; another weight today may make it differ, which is shown, never added."""
    result = ordered(dose("400 mg/kg", "ordered"), dose("34000 mg", "calculated"), kg=kg)
    low, high = amount(result)
    assert low == 400
    assert high == (548.387097 if kg == "62" else 400)


def test_of_two_spellings_the_one_by_weight_counts_then_the_ordered_one() -> None:
    assert amount(ordered("30 g", "500 mg/kg", kg="60"), weight="ordered") == (500, 500)
    assert amount(ordered(dose("31 g", "calculated"), dose("30 g", "ordered"), kg="60")) == (500, 500)


def test_the_calculated_dose_may_follow_the_adjusted_weight() -> None:
    made = order(dosage(dose("400 mg/kg", "ordered"), dose("32800 mg", "calculated")))
    assert amount(run(made, kg="120", adjusted="82"), weight="ordered") == (400, 400)


def test_a_slip_in_the_calculated_dose_is_not_hidden_by_the_ordered_one() -> None:
    result = ordered(dose("400 mg/kg", "ordered"), dose("340 g", "calculated"), kg="85")
    stated = one(result, "stated_amount")
    assert (stated.low, stated.high) == (400, 4000)
    assert not facts(result, "amount")


def test_dose_and_rate_are_one_dose() -> None:
    ratio = {"rateRatio": {"numerator": quantity("300 mL"), "denominator": quantity("4 h")}}
    assert amount(ordered(dose("300 mL") | ratio, kg="60")) == (500, 500)
    assert amount(ordered(dose("30 g"), ratio, kg="60")) == (500, 500)
    assert amount(ordered(dose("30 g"), dose("300 mL"), kg="60")) == (500, 500)


def test_a_range_has_two_ends() -> None:
    assert amount(ordered("400 mg/kg to 600 mg/kg")) == (400, 600)
    result = ordered("20 g to 40 g", kg="50")
    assert amount(result) == (400, 800)
    assert one(result, "amount", basis="dose").grams is None
    assert one(result, "amount", basis="dose").says == "20-40 g ÷ 50 kg (2026-11-18) = 400 to 800 mg/kg"


@pytest.mark.parametrize(
    "element",
    [
        {"doseRange": {"low": quantity("400 mg/kg")}},
        {"doseRange": {"low": quantity("40 g"), "high": quantity("600 mg/kg")}},
        {"doseRange": {"low": quantity("600 mg/kg"), "high": quantity("400 mg/kg")}},
        {"doseQuantity": {"value": 1}},
        {"rateQuantity": quantity("4 mg/kg/min")},
        {"rateQuantity": quantity("200 mL/h")},
        {"rateRatio": {"numerator": quantity("300 mL"), "denominator": quantity("4 h")}},
    ],
)
def test_no_dose_is_guessed(element: dict[str, Any]) -> None:
    result = ordered(element)
    assert one(result, "ig_order").dose_state == "unreadable"
    assert not facts(result, "amount")


def test_a_range_with_only_an_upper_end_counts_by_it() -> None:
    assert amount(ordered({"doseRange": {"high": quantity("600 mg/kg")}})) == (600, 600)


def test_words_and_maxima_are_no_dose() -> None:
    words = run(order(dosage(text="IVIG 2 g/kg over 5 days")))
    assert one(words, "ig_order").dose_state == "unreadable"
    assert one(words, "ig_order").dose_text == "IVIG 2 g/kg over …"
    limit = {"numerator": quantity("2 g/kg"), "denominator": quantity("5 d")}
    assert one(run(order(dosage(maxDosePerPeriod=limit))), "ig_order").dose_state == "unreadable"
    assert one(run(order(dosage())), "ig_order").dose_state == "absent"
    assert one(run(order()), "ig_order").dose_state == "absent"


def test_a_volume_needs_the_strength_of_its_product() -> None:
    generic = ordered("300 mL", medication={"text": "Immune globulin intravenous"})
    assert one(generic, "ig_order").dose_state == "unreadable"
    stated = ordered("300 mL", medication={"text": "Immune globulin intravenous 5%"}, kg="60")
    assert amount(stated) == (250, 250)


@pytest.mark.parametrize(
    ("written", "kg", "plausible"),
    [
        ("49 mg/kg", None, False),
        ("49.999 mg/kg", None, False),
        ("50 mg/kg", None, True),
        ("3000 mg/kg", None, True),
        ("3000.001 mg/kg", None, False),
        ("3001 mg/kg", None, False),
        ("186 g", "62", True),
        ("186.1 g", "62", False),
        ("3.1 g", "62", True),
        ("3.09 g", "62", False),
        ("400 g", "62", False),
        ("35 mg", "62", False),
        ("40 mg/kg to 400 mg/kg", None, False),
        ("400 mg/kg to 4000 mg/kg", None, False),
    ],
)
def test_an_implausible_dose_is_stated_and_nothing_more(written: str, kg: str | None, plausible: bool) -> None:
    result = ordered(written, kg=kg, reason="ITP")
    assert facts(result, "stated_amount")
    assert bool(facts(result, "amount")) == plausible
    assert bool(facts(result, "course_total")) == plausible
    assert not [row for row in facts(result, "dose_range") if row.checkable and not plausible]
    assert (result.planned[0].mg_per_kg is not None) == plausible


def test_five_days() -> None:
    result = ordered("400 mg/kg", timing=daily(5))
    assert [amount(result, basis) for basis in ("dose", "day", "course", "month")] == [
        (400, 400),
        (400, 400),
        (2000, 2000),
        (2000, 2000),
    ]
    found = one(result, "ig_order")
    assert (found.first_day, found.last_day, found.doses) == (date(2026, 11, 20), date(2026, 11, 24), 5)


def test_a_course_meant_for_five_days_but_ordered_for_each_stands_as_written() -> None:
    result = ordered("2 g/kg", timing=daily(5), reason="ITP")
    assert amount(result, "dose") == (2000, 2000)
    assert amount(result, "course") == (10000, 10000)
    assert one(result, "course_total").high == 10000


def test_twice_a_day() -> None:
    timing = {"repeat": {"count": 2, "frequency": 2, "period": 1, "periodUnit": "d"}}
    result = ordered("400 mg/kg", timing=timing)
    assert (amount(result, "dose"), amount(result, "day")) == ((400, 400), (800, 800))
    per_day = ordered("800 mg/kg/d", timing=timing)
    assert (amount(per_day, "dose"), amount(per_day, "day")) == ((400, 400), (800, 800))


def test_a_dose_for_a_day_needs_to_know_how_many_there_are() -> None:
    result = ordered("400 mg/kg/d", timing={"code": {"text": "per protocol"}})
    assert one(result, "ig_order").dose_state == "unreadable"


def test_bounds_of_a_year() -> None:
    result = ordered("400 mg/kg", timing=every(4, "wk", boundsDuration={"value": 52, "code": "wk"}))
    found = one(result, "ig_order")
    assert (found.doses, found.repeating, found.last_day) == (13, True, date(2027, 10, 22))


def test_a_course_is_seven_days_and_a_month_28() -> None:
    result = ordered("200 mg/kg", timing=on(0, 6, 7, 27, 28))
    assert amount(result, "course") == (400, 400)
    assert amount(result, "month") == (800, 800)


def test_every_four_weeks() -> None:
    result = ordered("400 mg/kg", timing=every(4, "wk"))
    assert amount(result, "course") == amount(result, "month") == (400, 400)
    found = one(result, "ig_order")
    assert (found.repeating, found.interval_days, found.doses) == (True, 28, None)
    assert found.last_day == found.first_day


def test_without_an_end_there_is_a_dose_and_a_day_but_no_course() -> None:
    result = ordered("400 mg/kg", timing=every(1, "d"), reason="GBS")
    assert {fact.basis for fact in facts(result, "amount")} == {"dose", "day"}
    assert not one(result, "ig_order").repeating
    assert one(result, "ig_order").doses is None
    unknown = ordered("400 mg/kg", timing={"code": {"text": "every 4 weeks"}})
    assert {fact.basis for fact in facts(unknown, "amount")} == {"dose"}


@pytest.mark.parametrize("written", ["1.1 g/kg", "1100 mg/kg", "44 g"])
def test_floats_at_a_boundary(written: str) -> None:
    """1.1 × 400 in binary is 440.00000000000006."""
    assert amount(ordered(written, kg="40")) == (1100, 1100)


def test_rounded_to_six_digits() -> None:
    assert amount(ordered("20 g", kg="60"), weight="actual") == (333.333333, 333.333333)


def test_by_adjusted_weight() -> None:
    result = run(order(dosage("100 g")), kg="100", adjusted="82.28")
    assert amount(result, weight="actual") == (1000, 1000)
    assert amount(result, weight="adjusted") == (1215.362178, 1215.362178)
    saved = one(result, "adjusted_dose")
    assert (saved.actual_kg, saved.adjusted_kg, saved.saved_g) == (100, 82.28, 17.72)
    assert saved.says == "1000 mg/kg is 100 g by 100 kg, 82.3 g by the adjusted weight of 82.3 kg"


def test_an_order_by_weight_saves_the_same_by_adjusted_weight() -> None:
    result = run(order(dosage("1 g/kg")), kg="100", adjusted="82.28")
    assert one(result, "adjusted_dose").saved_g == 17.72
    assert {fact.weight for fact in facts(result, "amount")} == {"ordered"}


def test_no_adjusted_dose_without_an_adjusted_weight() -> None:
    assert not facts(run(order(dosage("100 g")), kg="70", adjusted="70"), "adjusted_dose")
    assert not facts(run(order(dosage("100 g")), kg="100"), "adjusted_dose")
