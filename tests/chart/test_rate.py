"""Infusion rates in mg/kg/min, in every shape that orders write them, with their steps, or why there is none."""

from __future__ import annotations

import time
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from cds.chart.parts import Sizes
from cds.chart.rate import Rate, highest_rate
from tests.chart.ordering import dosage, one, order, quantity, run

TEN_PERCENT = Decimal(100)
WEIGHED = date(2026, 11, 18)


def ordered(*rates: dict[str, Any], **more: Any) -> dict[str, Any]:
    return order(*(dosage(rate, **more) for rate in rates))


def per(written: str) -> dict[str, Any]:
    return {"rateQuantity": quantity(written)}


def ratio(amount: str, time: str) -> dict[str, Any]:
    return {"rateRatio": {"numerator": quantity(amount), "denominator": quantity(time)}}


def span(low: str, high: str) -> dict[str, Any]:
    return {"rateRange": {"low": quantity(low), "high": quantity(high)}}


def rate(made: dict[str, Any], strength: Decimal | None = TEN_PERCENT, kg: int | None = 50) -> Rate:
    return highest_rate(made, strength, Sizes(Decimal(kg), WEIGHED) if kg else Sizes())


@pytest.mark.parametrize(
    ("written", "kg", "strength", "mg_per_kg_min"),
    [
        (per("4 mg/kg/min"), None, None, "4"),
        (per("5 mL/kg/h"), None, 100, "8.33"),
        (per("5.4 mL/kg/h"), None, 100, "9.00"),
        (per("240 mL/h"), 50, 100, "8.00"),
        (per("200 mL/h"), 80, 100, "4.17"),
        (per("200 mL/h"), 80, 50, "2.08"),
        (per("200 mL/h"), 80, 165, "6.875"),
        (per("200 mL/h"), 80, 200, "8.33"),
        (per("0.08 mL/kg/min"), None, 100, "8.00"),
        (per("240 mg/kg/h"), None, None, "4.00"),
        (per("24 g/h"), 50, None, "8.00"),
        (per("0.24 L/h"), 50, 100, "8.00"),
        (per("4 mL per minute"), 50, 100, "8.00"),
        (per("5 mL per kg per hour"), None, 100, "8.33"),
        (per("5 mL/h/kg"), None, 100, "8.33"),
        (per("5 mL/kg{bodyweight}/h"), None, 100, "8.33"),
        (per("1440 mL/d"), 50, 100, "2.00"),
        (ratio("300 mL", "4 h"), 50, 100, "2.50"),
        (ratio("300 mL", "240 min"), 50, 100, "2.50"),
        (ratio("1 g/kg", "4 h"), None, None, "4.17"),
        (ratio("30 g", "1 d"), 50, None, "0.42"),
        (span("60 mL/h", "240 mL/h"), 50, 100, "8.00"),
        (span("0 mL/h", "240 mL/h"), 50, 100, "8.00"),
        (span("240 mL/h", "4 mL/min"), 50, 100, "8.00"),
        (span("0.5 mg/kg/min", "240 mL/h"), 50, 100, "8.00"),
        ({"rateRange": {"high": quantity("240 mL/h")}}, 50, 100, "8.00"),
    ],
)
def test_a_rate_is_worked_out(
    written: dict[str, Any], kg: int | None, strength: int | None, mg_per_kg_min: str
) -> None:
    found = rate(ordered(written), None if strength is None else Decimal(strength), kg)
    assert (found.state, found.why) == ("known", "")
    assert found.mg_per_kg_min is not None
    assert abs(found.mg_per_kg_min - Decimal(mg_per_kg_min)) < Decimal("0.005")


@pytest.mark.parametrize(
    ("written", "says"),
    [
        (per("240 mL/h"), "240 mL/h ÷ 50 kg (2026-11-18) × 100 mg/mL ÷ 60 = 8 mg/kg/min"),
        (per("5 mL/kg/h"), "5 mL/kg/h × 100 mg/mL ÷ 60 = 8.3333 mg/kg/min"),
        (per("24 g/h"), "24 g/h × 1000 ÷ 50 kg (2026-11-18) ÷ 60 = 8 mg/kg/min"),
        (per("4 mg/kg/min"), "4 mg/kg/min as ordered"),
        (per("240 mg/kg/h"), "240 mg/kg/h ÷ 60 = 4 mg/kg/min"),
        (ratio("300 mL", "4 h"), "300 mL in 4 h ÷ 50 kg (2026-11-18) × 100 mg/mL ÷ 240 = 2.5 mg/kg/min"),
        (span("60 mL/h", "240 mL/h"), "240 mL/h ÷ 50 kg (2026-11-18) × 100 mg/mL ÷ 60 = 8 mg/kg/min"),
    ],
)
def test_the_steps_are_kept(written: dict[str, Any], says: str) -> None:
    assert rate(ordered(written)).says == says


def test_of_several_steps_the_highest_counts_and_is_called_so() -> None:
    steps = [per("30 mL/h"), per("240 mL/h"), per("120 mL/h")]
    found = rate(ordered(*steps))
    assert found.mg_per_kg_min == 8
    assert found.says.startswith("highest of 3 rates: 240 mL/h ÷ 50 kg")


def test_one_rate_in_every_instruction_is_one_rate() -> None:
    assert rate(ordered(per("240 mL/h"), per("240 mL/h"))).says.startswith("240 mL/h")


@pytest.mark.parametrize(
    ("written", "why"),
    [
        (per("240 mL"), "per which time"),
        (per("240 drops/min"), "the unit of the rate is missing or not known"),
        ({"rateQuantity": {"value": 240}}, "the unit of the rate is missing or not known"),
        (per("240 mL/h/h"), "the unit of the rate is missing or not known"),
        (per("240 mL/h/"), "the unit of the rate is missing or not known"),
        ({"rateQuantity": {**quantity("240 mL/h"), "unit": "mg/h"}}, "in two ways that differ"),
        (per("-1 mg/kg/min"), "not one definite amount"),
        (per("0 mL/h"), "not one definite amount"),
        (ratio("0 mL", "4 h"), "not one definite amount"),
        (span("240 mL/h", "30 mL/h"), "the two ends of the range of the rate do not fit together"),
        (span("241 mL/h", "4 mL/min"), "the two ends of the range of the rate do not fit together"),
        ({"rateQuantity": {"unit": "mL/h"}}, "no number"),
        ({"rateQuantity": None}, "no number"),
        ({"rateQuantity": {**quantity("4 mg/kg/min"), "comparator": "<"}}, "not one definite amount"),
        (ratio("300 mL", "0 h"), "over which time"),
        (ratio("300 mL", "4 bags"), "over which time"),
        (ratio("300 mL/h", "4 h"), "over which time"),
        ({"rateRatio": {"numerator": quantity("300 mL")}}, "over which time"),
        ({"rateRange": {"low": quantity("60 mL/h")}}, "no upper end"),
    ],
)
def test_what_cannot_be_computed_says_why(written: dict[str, Any], why: str) -> None:
    found = rate(ordered(written))
    assert (found.state, found.mg_per_kg_min, found.says) == ("unreadable", None, "")
    assert why in found.why


@pytest.mark.parametrize("place", [0, 1])
def test_beside_a_step_that_cannot_be_read_the_highest_of_the_others_stands_and_may_not_be_the_highest(
    place: int,
) -> None:
    steps = [per("240 mL/h"), per("30 mL/h")]
    steps.insert(place, per("300 drops/min"))
    found = rate(ordered(*steps))
    assert (found.state, found.mg_per_kg_min) == ("unreadable", 8)
    assert found.why == "the unit of the rate is missing or not known"


def test_a_volume_needs_the_strength_and_a_flow_needs_the_weight() -> None:
    assert rate(ordered(per("240 mL/h")), strength=None).why.endswith("the strength of the solution is not known")
    assert rate(ordered(per("240 mL/h")), kg=None).why.endswith("there is no weight to use")
    assert rate(ordered(per("24 g/h")), None, None).why.endswith("there is no weight to use")
    assert rate(ordered(per("5 mL/kg/h")), strength=None, kg=None).state == "unreadable"


def test_an_order_without_a_rate_states_none() -> None:
    assert rate(ordered({"doseQuantity": quantity("30 g")})) == Rate("none")
    assert rate(order()) == Rate("none")


@pytest.mark.parametrize("element", ["text", "patientInstruction"])
@pytest.mark.parametrize(
    "words",
    [
        "30 g IV at 0.5 mL/kg/hr, double every 30 minutes up to 5 mL/kg/hr",
        "start 0.5 mg/kg/min",
        "run at 100 mL per hour",
        "max 8 mg per kg per minute",
        "6 g/h",
    ],
)
def test_a_rate_in_words_is_not_parsed_and_that_is_said(element: str, words: str) -> None:
    found = rate(ordered({"doseQuantity": quantity("30 g")}, **{element: words}))
    assert found == Rate("unreadable", why="a rate is written in words only")


@pytest.mark.parametrize(
    "words",
    ["30 g IV once", "400 mg/kg over 4 h", "1 g/kg/day for 2 days", "50 mL/kg/day", "hold if eGFR < 30 mL/min/1.73 m2"],
)
def test_words_that_name_no_rate_are_none(words: str) -> None:
    assert rate(ordered({"doseQuantity": quantity("30 g")}, text=words)) == Rate("none")


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("infuse at 240 mL/h", "known"),
        ("infuse at 240.0 mL/hr (8 mg/kg/min)", "known"),
        ("begin at 30 mL/h, then 240 mL/h", "known"),
        ("begin at 30 mL/h, then 300 mL/h", "unreadable"),
        ("begin at 15 mL/h, up to 240 mL/h", "known"),
        ("begin at 15 mL/h, never over 60 mL/h", "unreadable"),
        ("0.5 mg/kg/min, up to 240 mL/h", "unreadable"),
    ],
)
def test_words_that_repeat_the_rates_of_the_order_add_none_and_others_are_said(words: str, state: str) -> None:
    found = rate(order(dosage(per("240 mL/h"), text=words), dosage(per("30 mL/h"))))
    assert (found.state, found.mg_per_kg_min) == (state, 8)


def test_the_order_tells_its_rate() -> None:
    made = order(dosage("30 g", per("240 mL/h")), medicationCodeableConcept={"text": "Privigen 10%"})
    found = one(run(made, kg="50"), "ig_order")
    assert (found.rate, found.rate_state) == (8, "known")
    assert found.rate_says == "240 mL/h ÷ 50 kg (2026-11-18) × 100 mg/mL ÷ 60 = 8 mg/kg/min"


def test_the_order_tells_why_its_rate_could_not_be_computed() -> None:
    made = order(dosage("30 g", per("240 mL/h"), per("4 mg/kg/min")))
    found = one(run(made, kg=None), "ig_order")
    assert (found.rate, found.rate_state) == (4, "unreadable")
    assert found.rate_says == "4 mg/kg/min as ordered; the rate is not by weight, and there is no weight to use"
    without = one(run(order(dosage("30 g"))), "ig_order")
    assert (without.rate, without.rate_state, without.rate_says) == (None, "none", "")


def test_a_dosage_that_is_no_valid_fhir_has_a_rate_that_could_not_be_computed() -> None:
    broken = order(dosage("30 g", per("240 mL/h"), timing={"repeat": {"frequency": "daily"}}))
    assert one(run(broken), "ig_order").rate_state == "unreadable"
    assert one(run(broken), "ig_order").rate_says == "its dosage is not valid FHIR"


def test_a_long_number_in_the_words_is_read_once() -> None:
    started = time.process_time()
    assert rate(order(dosage(text="1" * 100_000))) == Rate("none")
    assert time.process_time() - started < 2
