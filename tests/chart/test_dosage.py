"""Several dosage instructions: the same dose again, one after another, or a contradiction."""

from typing import Any

import pytest

from tests.chart.ordering import amount, daily, dosage, dose, facts, on, one, order, quantity, run


def test_two_instructions_with_one_sequence_are_one_dose() -> None:
    line = dosage("30 g", sequence=1)
    assert amount(run(order(line, line), kg="60"), "course") == (500, 500)


def test_the_same_dose_in_other_units_is_one_dose() -> None:
    lines = dosage("500 mg/kg", timing=daily(2)), dosage("30 g")
    assert amount(run(order(*lines), kg="60"), "course") == (1000, 1000)


def test_steps_of_the_rate_repeat_the_dose() -> None:
    slow = dose("30 g") | {"rateQuantity": quantity("0.5 mL/kg/h")}
    fast = dose("30 g") | {"rateQuantity": quantity("5 mL/kg/h")}
    lines = dosage(slow, sequence=1), dosage(fast, sequence=2)
    assert amount(run(order(*lines), kg="60"), "course") == (500, 500)


def test_steps_that_only_have_rates_belong_to_the_one_dose() -> None:
    lines = dosage("30 g", sequence=1), dosage({"rateQuantity": quantity("5 mL/kg/h")}, sequence=2)
    assert amount(run(order(*lines), kg="60"), "course") == (500, 500)


def test_a_later_sequence_follows_on_the_next_day() -> None:
    lines = dosage("1 g/kg", sequence=1), dosage("500 mg/kg", sequence=2, timing=daily(2))
    result = run(order(*lines))
    assert [amount(result, basis) for basis in ("dose", "day", "course")] == [(500, 1000), (500, 1000), (2000, 2000)]
    assert one(result, "ig_order").doses == 3
    assert one(result, "ig_order").dose_text == "1 g/kg; 500 mg/kg"


def test_the_same_dose_in_a_later_sequence_is_a_second_dose() -> None:
    lines = dosage("1 g/kg", sequence=1), dosage("1 g/kg", sequence=2)
    assert amount(run(order(*lines)), "course") == (2000, 2000)


@pytest.mark.parametrize(("lines", "state"), [(100, "known"), (101, "unreadable")])
def test_so_many_different_doses_are_no_order_that_can_be_read(lines: int, state: str) -> None:
    result = run(order(*(dosage("1 g/kg", sequence=place) for place in range(lines))))
    assert one(result, "ig_order").dose_state == state
    assert ("more than 100 doses" in one(result, "ig_order").says) == (state == "unreadable")


def test_sequences_count_by_their_number_not_their_place() -> None:
    lines = dosage("500 mg/kg", sequence=2, timing=daily(2)), dosage("1 g/kg", sequence=1)
    assert one(run(order(*lines)), "ig_order").dose_text == "1 g/kg; 500 mg/kg"


def test_days_of_their_own() -> None:
    lines = dosage("1 g/kg", timing=on(0)), dosage("1 g/kg", timing=on(1))
    assert amount(run(order(*lines)), "course") == (2000, 2000)


@pytest.mark.parametrize("sequence", [None, 1])
def test_two_doses_for_the_same_day_are_not_guessed(sequence: int | None) -> None:
    lines = dosage("40 g", sequence=sequence), dosage("20 g", sequence=sequence)
    result = run(order(*lines))
    assert one(result, "ig_order").dose_state == "unreadable"
    assert "two different doses" in one(result, "ig_order").says


@pytest.mark.parametrize(
    "second",
    [
        dosage({"doseQuantity": {"value": 1}}, sequence=2),
        dosage({"doseQuantity": {"value": 1}}, timing=on(1)),
        dosage(text="then 0.5 g/kg on days 2 and 3", sequence=2),
    ],
)
def test_a_second_dose_that_cannot_be_read_leaves_the_order_unread(second: dict[str, Any]) -> None:
    assert one(run(order(dosage("1 g/kg", sequence=1), second)), "ig_order").dose_state == "unreadable"


@pytest.mark.parametrize(
    "second",
    [
        dosage(text="start at 0.5 mg/kg/min, double every 30 minutes", sequence=2),
        dosage(text="hydrate before", sequence=2),
        dosage({"doseQuantity": {"value": 1}}, sequence=1),
    ],
)
def test_what_adds_no_dose_takes_none_away(second: dict[str, Any]) -> None:
    assert amount(run(order(dosage("1 g/kg", sequence=1), second)), "course") == (1000, 1000)


def test_one_spelling_that_can_be_read_is_enough() -> None:
    made = order(dosage({"doseQuantity": {"value": 1}}, "30 g"))
    assert amount(run(made, kg="60")) == (500, 500)


def test_a_maximum_changes_nothing_that_is_written() -> None:
    limit = {"numerator": quantity("2 g/kg"), "denominator": quantity("5 d")}
    made = order(dosage("2 g/kg", timing=daily(5), maxDosePerPeriod=limit), reason="ITP")
    assert one(run(made), "course_total").high == 10000


@pytest.mark.parametrize("needed", [{"asNeededBoolean": True}, {"asNeededCodeableConcept": {"text": "relapse"}}])
def test_a_dose_as_needed_counts_as_if_every_one_is_given(needed: dict[str, Any]) -> None:
    assert amount(run(order(dosage("1 g/kg", timing=daily(2), **needed))), "course") == (2000, 2000)


def test_a_course_dose_is_divided_by_its_days() -> None:
    made = order(dosage("2 g/kg/{course}", timing=daily(5)))
    assert amount(run(made), "dose") == (400, 400)
    assert amount(run(made), "course") == (2000, 2000)


def test_no_dose_at_all_says_nothing_of_amounts() -> None:
    assert not facts(run(order(dosage())), "amount")


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("1 g/kg IV daily for 5 days", False),
        ("1 g/kg IV q24h x 2", False),
        ("1 g/kg IV x2 doses", False),
        ("1 g/kg every 4 weeks", False),
        ("1 g/kg/day", False),
        ("2 g/kg over 5 days", False),
        ("1 g/kg IV once", True),
        ("1 g/kg IV over 4 hours", True),
        ("1 g/kg IV, raise the rate every 30 minutes", True),
    ],
)
@pytest.mark.parametrize("element", ["text", "patientInstruction"])
def test_without_a_timing_words_of_repetition_leave_the_number_of_doses_open(
    element: str, text: str, known: bool
) -> None:
    result = run(order(dosage("1 g/kg", **{element: text}), reason="ITP"))
    assert bool(facts(result, "course_total")) is known
    assert len(facts(result, "unchecked", rule="dose.course-exceeded")) == (not known)
    assert facts(run(order(dosage("1 g/kg", timing=daily(2), **{element: text}), reason="ITP")), "course_total")


@pytest.mark.parametrize(("calculated", "said"), [("48 g", 1), ("26 g", 0)])
def test_two_spellings_that_differ_are_said(calculated: str, said: int) -> None:
    doses = dosage(dose("400 mg/kg", "ordered"), dose(calculated, "calculated"))
    gaps = facts(run(order(doses), kg="60"), "unchecked")
    assert len(gaps) == said
    assert not said or "400 mg/kg to 48 g, 400 to 800 mg/kg" in gaps[0].says
