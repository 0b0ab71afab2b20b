"""The weight to dose by: newest plausible, by its date; units; stale; what is wrong with one that cannot be used."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.chart.charting import (
    WOMAN,
    ago,
    born,
    chart,
    coded,
    fact,
    facts,
    observation,
    quantity,
    readings,
    state,
    weight,
)

ADULT = WOMAN


def kg(*weights: dict[str, Any], patient: dict[str, Any] = ADULT) -> float | None:
    """The weight used, if any; where none is, a problem says so."""
    found = chart(patient, vitals=weights)
    if not facts(found, "weight"):
        assert facts(found, "weight_problem")
        return None
    return float(fact(found, "weight").kg)


def problem(*weights: dict[str, Any], patient: dict[str, Any] = ADULT) -> tuple[str, str]:
    found = fact(chart(patient, vitals=weights), "weight_problem")
    return found.problem, found.says


def test_a_weight_tells_its_value_unit_and_date() -> None:
    found = fact(chart(vitals=[weight(62, "kg", "2026-11-18")]), "weight")
    assert (found.says, found.ref, found.stale) == ("weight 62 kg (2026-11-18)", "Observation/vitals-1", False)


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [(62, "kg", 62), (62000, "g", 62), (137, "[lb_av]", 62.142155), (137, "lbs", 62.142155), (137, "lb", 62.142155)],
)
def test_weights_in_kilograms_grams_and_pounds(value: int, unit: str, expected: float) -> None:
    assert kg(weight(value, unit)) == expected


def test_a_converted_weight_shows_both_numbers() -> None:
    found = fact(chart(vitals=[weight(137, "[lb_av]", "2026-11-18")]), "weight")
    assert found.says == "weight 137 lb = 62.142 kg (2026-11-18)"


def test_a_weight_in_words_in_a_component_or_with_the_number_in_a_string() -> None:
    assert kg(weight("62 kg")) == 62
    part = {"code": coded("http://loinc.org", "29463-7"), "valueQuantity": quantity(62, "kg")}
    panel = observation("85353-1", component=[part])
    assert kg(panel) == 62
    assert kg(weight(quantity("62", "kg"))) == 62


def test_a_weight_without_code_is_found_by_its_whole_text_only() -> None:
    assert kg(observation({"text": "Body weight"}, 62, "kg")) == 62
    assert kg(observation(coded("http://hospital.example.org", "W1", "Weight"), 62, "kg")) == 62
    assert kg(observation({"text": "Ideal body weight"}, 62, "kg")) is None
    assert kg(observation(coded("http://loinc.org", "8340-2", "Body weight"), 62, "kg")) is None


def test_the_newest_counts_by_its_date_not_by_its_place_in_the_list() -> None:
    assert kg(weight(62, "kg", ago(2)), weight(58, "kg", ago(60))) == 62
    assert kg(weight(58, "kg", ago(60)), weight(62, "kg", ago(2))) == 62


def test_the_newest_of_a_day_counts_by_its_time() -> None:
    morning, evening = weight(62, "kg", "2026-11-18T07:00:00Z"), weight(61, "kg", "2026-11-18T19:00:00Z")
    assert kg(evening, morning) == 61


def test_a_weight_of_the_future_does_not_count() -> None:
    assert kg(weight(62, "kg", ago(2)), weight(70, "kg", ago(-1))) == 62


@pytest.mark.parametrize(
    ("patient", "value", "used"),
    [
        (ADULT, 29.99, False),
        (ADULT, 30, True),
        (ADULT, 300, True),
        (ADULT, 300.01, False),
        (born(years=17), 29.99, True),
        (born(years=17), 300.01, True),
        (born(years=17), 400, True),
        (born(years=17), 400.01, False),
        (born(days=5), 0.3, True),
        (born(days=5), 0.29, False),
    ],
)
def test_plausible_weights(patient: dict[str, Any], value: float, used: bool) -> None:
    assert (kg(weight(value, "kg"), patient=patient) is not None) is used


def test_an_implausible_weight_is_a_problem_that_names_it() -> None:
    assert problem(weight(620, "kg", "2026-11-18")) == (
        "implausible",
        "Body weight 620 kg (2026-11-18) was not used: it is not plausible.",
    )


def test_the_newest_plausible_weight_is_used_and_the_newer_one_named() -> None:
    found = chart(vitals=[weight(62, "kg", "2026-11-10"), weight(620, "kg", "2026-11-18")])
    assert fact(found, "weight").says == (
        "weight 62 kg (2026-11-10); body weight 620 kg (2026-11-18) was not used: it is not plausible"
    )
    assert not facts(found, "weight_problem")
    assert state(found, "vitals")[0] == "read"
    said = fact(found, "unchecked")
    assert (said.rule, said.source, said.order, said.speaks) == ("dose.no-weight", "vitals", "", False)
    assert said.says == (
        "Body weight 620 kg (2026-11-18) was not used: it is not plausible; 62 kg (2026-11-10) was used."
    )


def test_an_implausible_weight_that_is_older_is_not_spoken_of() -> None:
    found = chart(vitals=[weight(62, "kg", "2026-11-10"), weight(620, "kg", "2026-11-09")])
    assert fact(found, "weight").says == "weight 62 kg (2026-11-10)"
    assert not facts(found, "unchecked")


def test_the_newer_weight_that_was_not_used_stands_beside_the_stale_one_that_was() -> None:
    found = chart(vitals=[weight(62, "kg", "2026-08-01"), weight(620, "kg", "2026-11-18")])
    assert fact(found, "weight_problem").says == (
        "The weight 62 kg (2026-08-01) is 111 days old; "
        "body weight 620 kg (2026-11-18) was not used: it is not plausible."
    )
    assert not facts(found, "unchecked")


@pytest.mark.parametrize(
    ("newer", "older", "days", "used"),
    [
        (62, 31, 20, True),
        (62.1, 31, 20, False),
        (62.1, 31, 90, False),
        (62.1, 31, 91, True),
        (60, 120, 20, True),
        (60, 120.1, 20, False),
        (60, 120.1, 91, True),
    ],
)
def test_a_weight_that_jumps_is_not_believed(newer: float, older: float, days: int, used: bool) -> None:
    found = kg(weight(newer, "kg", ago(0)), weight(older, "kg", ago(days)))
    assert found == (newer if used else None)


@pytest.mark.parametrize(
    ("newer", "older", "confused"),
    [
        ("136.7", 62, True),
        ("31", "68.3", True),
        ("129.9", 62, True),
        ("129.8", 62, False),
        ("143.5", 62, True),
        ("143.6", 62, False),
        ("62", "136.7", True),
        ("105", "45.359237", True),
        ("105.0001", "45.359237", False),
        ("200", 62, False),
    ],
)
def test_pounds_entered_as_kilograms_are_called_so(newer: str, older: str, confused: bool) -> None:
    found, says = problem(weight(quantity(newer, "kg"), day=ago(2)), weight(quantity(older, "kg"), day=ago(20)))
    assert found == "implausible"
    assert "it does not go with body weight" in says
    words = "one is about 2.2 times the other, as when pounds are entered as kilograms"
    assert (words in says) is confused


def test_weights_2_2_to_1_more_than_90_days_apart_are_both_believed() -> None:
    sizes = weight(quantity("136.7", "kg"), day=ago(2)), weight(62, "kg", ago(93))
    assert kg(*sizes) == 136.7


def test_of_two_weights_that_contradict_each_other_neither_is_used_but_an_older_third_is() -> None:
    sizes = weight(62, "kg", ago(2)), weight(136, "kg", ago(20)), weight(63, "kg", ago(150))
    assert kg(*sizes) == 63


@pytest.mark.parametrize(("patient", "used"), [(born(years=1, days=300), True), (born(years=2, days=100), False)])
def test_infants_may_double_their_weight_before_the_age_of_two(patient: dict[str, Any], used: bool) -> None:
    assert (kg(weight(9, "kg", ago(2)), weight(4, "kg", ago(80)), patient=patient) is not None) is used


def test_who_may_have_been_two_already_is_not_believed_to_double_the_weight() -> None:
    patient = {**WOMAN, "birthDate": "2024"}
    assert kg(weight(9, "kg", ago(2)), weight(4, "kg", ago(80)), patient=patient) is None


def test_a_weight_that_is_not_plausible_by_itself_casts_no_doubt_on_others() -> None:
    assert kg(weight(62, "kg", ago(2)), weight(301, "kg", ago(1))) == 62
    assert kg(weight(62, "kg", ago(2)), weight(29, "kg", ago(1))) == 62


@pytest.mark.parametrize(
    ("patient", "days", "stale"),
    [
        (ADULT, 90, False),
        (ADULT, 91, True),
        (born(years=8), 30, False),
        (born(years=8), 31, True),
        (born(days=27), 7, False),
        (born(days=27), 8, True),
        (born(days=28), 8, False),
        ({**WOMAN, "birthDate": "2008"}, 31, True),
        ({**WOMAN, "birthDate": "2007"}, 31, False),
    ],
)
def test_stale_weights_are_used_and_said(patient: dict[str, Any], days: int, stale: bool) -> None:
    found = chart(patient, vitals=[weight(3.2 if "2026" in patient["birthDate"] else 40, "kg", ago(days))])
    assert fact(found, "weight").stale is stale
    assert [one.problem for one in facts(found, "weight_problem")] == (["stale"] if stale else [])


def test_without_an_age_a_weight_is_stale_by_an_adults_limit() -> None:
    ageless = {name: value for name, value in WOMAN.items() if name != "birthDate"}
    assert not facts(chart(ageless, vitals=[weight(62, "kg", ago(90))]), "weight_problem")
    assert facts(chart(ageless, vitals=[weight(62, "kg", ago(91))]), "weight_problem")


def test_a_weight_dated_by_its_month_is_as_old_as_it_may_be() -> None:
    assert problem(weight(62, "kg", "2026-08")) == ("stale", "The weight 62 kg (2026-08) is 111 days old.")


def test_an_undated_weight_is_used_where_there_is_no_other_and_said_to_be_of_an_unknown_day() -> None:
    assert problem(weight(62, "kg", None)) == ("stale", "The weight 62 kg (undated) is of an unknown day.")
    assert kg(weight(62, "kg", None), weight(58, "kg", ago(80))) == 58


def test_a_weight_without_a_unit_is_never_compared() -> None:
    assert problem(weight(62, "", "2026-11-18")) == (
        "missing",
        "Body weight 62 (2026-11-18) was not used: it has no unit.",
    )


def test_a_weight_in_an_unknown_unit_is_never_compared_and_named_where_an_older_one_is_used() -> None:
    found = chart(vitals=[weight(62, "kg", "2026-11-01"), weight(9, "stone", "2026-11-18")])
    assert fact(found, "weight").kg == 62
    unused = "body weight 9 stone (2026-11-18) was not used: its unit is not known"
    assert fact(found, "weight").says == f"weight 62 kg (2026-11-01); {unused}"
    assert [reading.what for reading in readings(found, "ignored")] == [unused]
    assert fact(found, "unchecked").says == f"{unused[0].upper()}{unused[1:]}; 62 kg (2026-11-01) was used."
    assert state(found, "vitals") == ("read", "")


def test_a_weight_with_a_comparator_is_no_weight() -> None:
    assert problem(weight(quantity(100, "kg", ">")))[0] == "missing"


@pytest.mark.parametrize("status", ["entered-in-error", "entered-in-error ", "cancelled", "registered"])
def test_weights_that_are_no_results_do_not_count(status: str) -> None:
    assert kg(weight(62, "kg", status=status)) is None


@pytest.mark.parametrize("status", ["final", "amended", "corrected", "preliminary", "final "])
def test_weights_that_are_results_count(status: str) -> None:
    assert kg(weight(62, "kg", status=status)) == 62


def test_no_weight_and_a_source_that_failed_are_told_apart() -> None:
    assert problem() == ("missing", "No body weight: none is on record.")
    found = chart(missing={"vitals": "the search failed"})
    assert fact(found, "weight_problem").says == "No body weight: the search failed."
    assert state(found, "vitals") == ("missing", "weight and height could not be read (the search failed)")


def test_a_weight_among_the_laboratory_results_counts() -> None:
    assert fact(chart(labs=[weight(62, "kg")]), "weight").kg == 62


def test_one_observation_in_both_sources_counts_once() -> None:
    one = weight(62, "kg", id="w")
    assert len([r for r in chart(vitals=[one], labs=[one]).readings if r.ref == "Observation/w"]) == 1


@pytest.mark.parametrize("jump", [1, 3])
def test_weights_without_number_take_no_time(jump: int) -> None:
    listed = [weight(60 * (jump if n % 2 else 1), "kg", day=ago(n // 30), id=f"w{n}") for n in range(3000)]
    started = time.process_time()
    found = chart(vitals=listed)
    assert time.process_time() - started < 2
    assert any("2800 weights are older" in one.what for one in readings(found, "ignored"))
    assert bool(facts(found, "weight")) == (jump == 1)
