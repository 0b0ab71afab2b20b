"""Results as facts: the newest usable one, its unit, comparator and date; what cannot be compared is said."""

from __future__ import annotations

from typing import Any

import pytest

from tests.chart.charting import (
    LOINC,
    WOMAN,
    Chart,
    ago,
    anti_iga,
    born,
    chart,
    coded,
    creatinine,
    egfr,
    fact,
    facts,
    iga,
    observation,
    quantity,
    readings,
    state,
)


def lab(found: Chart, concept: str = "iga") -> Any:
    return fact(found, "lab", concept=concept)


def bounds(*results: dict[str, Any], concept: str = "iga") -> tuple[Any, ...]:
    found = lab(chart(labs=results), concept)
    return found.at_least, found.at_most, found.open_low, found.open_high


@pytest.mark.parametrize(
    ("value", "unit", "mg_dl"),
    [(7, "mg/dL", 7.0), (0.07, "g/L", 7.0), (70, "mg/L", 7.0), (0.069, "g/L", 6.9), (69, "mg/L", 6.9)],
)
def test_iga_in_mg_dl_g_l_and_mg_l_without_a_trace_of_binary_floats(value: float, unit: str, mg_dl: float) -> None:
    assert bounds(iga(value, unit)) == (mg_dl, mg_dl, False, False)


def test_a_result_tells_value_unit_date_and_the_unit_it_was_converted_from() -> None:
    assert lab(chart(labs=[iga(5, "mg/dL", "2026-11-10")])).says == "IgA 5 mg/dL (2026-11-10)"
    assert lab(chart(labs=[iga(0.05, "g/L", "2026-11-10")])).says == "IgA 0.05 g/L = 5 mg/dL (2026-11-10)"
    assert lab(chart(labs=[iga(5, "mg/dL", "2026")])).says == "IgA 5 mg/dL (2026)"
    assert lab(chart(labs=[iga(5, "mg/dL", None)])).says == "IgA 5 mg/dL (undated)"


@pytest.mark.parametrize(
    ("comparator", "expected"),
    [
        ("<", (None, 7.0, False, True)),
        ("<=", (None, 7.0, False, False)),
        (">", (7.0, None, True, False)),
        (">=", (7.0, None, False, False)),
    ],
)
def test_comparators_leave_an_end_open(comparator: str, expected: tuple[Any, ...]) -> None:
    assert bounds(iga(quantity(7, "mg/dL", comparator))) == expected
    assert bounds(iga(f"{comparator}7 mg/dL")) == expected


def test_a_comparator_survives_the_conversion() -> None:
    assert bounds(iga(quantity(0.07, "g/L", "<"))) == (None, 7.0, False, True)


@pytest.mark.parametrize("unit", ["", "furlongs"])
def test_a_number_with_an_unknown_unit_is_not_compared_and_said(unit: str) -> None:
    found = chart(labs=[iga(5, unit, "2026-11-10")])
    assert not facts(found, "lab")
    known, why = state(found, "labs")
    assert known == "partial"
    assert why.startswith("IgA 5")
    assert why.endswith("its unit is not known" if unit else "it has no unit")


def test_a_result_in_trouble_leaves_the_laboratory_partial_whichever_source_it_came_in() -> None:
    for sources in ({"vitals": [iga(5, "")]}, {"vitals": [iga(5, "", id="l")], "labs": [iga(5, "", id="l")]}):
        found = chart(**sources)
        assert (state(found, "labs")[0], state(found, "vitals")[0]) == ("partial", "read")


def test_an_older_usable_result_is_used_and_the_newer_one_in_trouble_said() -> None:
    found = chart(labs=[iga(90, "mg/dL", ago(30)), iga(5, "", "2026-11-10")])
    assert lab(found).at_most == 90
    assert state(found, "labs") == ("partial", "IgA 5 (2026-11-10) was not used: it has no unit")


def test_a_result_in_trouble_of_the_same_day_as_a_usable_one_is_said() -> None:
    found = chart(labs=[iga(90, "mg/dL", "2026-11-10"), iga(5, "", "2026-11-10")])
    assert lab(found).at_most == 90
    assert state(found, "labs")[0] == "partial"


def test_an_older_result_in_trouble_is_passed_over() -> None:
    found = chart(labs=[iga(90, "mg/dL", ago(3)), iga(5, "", ago(30))])
    assert lab(found).at_most == 90
    assert state(found, "labs") == ("read", "")


@pytest.mark.parametrize("value", [26, 0.09])
def test_an_implausible_value_is_left_out_though_it_is_final(value: float) -> None:
    found = chart(labs=[creatinine(value, "mg/dL", ago(1)), creatinine(1, "mg/dL", ago(9))])
    assert lab(found, "serum_creatinine").at_most == 1
    assert "it is not plausible" in state(found, "labs")[1]


@pytest.mark.parametrize(("value", "used"), [(25, True), (0.1, True)])
def test_plausible_values_include_their_limits(value: float, used: bool) -> None:
    assert bool(facts(chart(labs=[creatinine(value, "mg/dL")]), "lab", concept="serum_creatinine")) is used


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Undetectable", '"Undetectable"'),
        (" see\n comment ", '"see comment"'),
        ({"text": "not detected"}, '"not detected"'),
        (
            {"coding": [{"system": "http://snomed.info/sct", "code": "260415000", "display": "Not detected"}]},
            '"Not detected"',
        ),
        ("w" * 40, f'"{"w" * 40}"'),
        ("w" * 41, f'"{"w" * 39}…"'),
        ("", "without a number"),
        ({"unit": "mg/dL"}, "without a number"),
    ],
)
def test_words_without_a_number_are_shown_and_said(written: object, shown: str) -> None:
    name = "valueString" if isinstance(written, str) else "valueQuantity"
    name = "valueCodeableConcept" if isinstance(written, dict) and "unit" not in written else name
    found = chart(labs=[iga(day="2026-11-10", **{name: written})])
    assert not facts(found, "lab")
    says = f"IgA {shown} (2026-11-10) was not used: it has no readable number"
    assert state(found, "labs") == ("partial", says)


def test_a_result_that_is_known_to_be_absent_is_nothing() -> None:
    found = chart(labs=[iga(dataAbsentReason={"text": "not done"})])
    assert not facts(found, "lab")
    assert state(found, "labs") == ("read", "")


@pytest.mark.parametrize("status", ["final", "amended", "corrected", "preliminary", "final "])
def test_results_count(status: str) -> None:
    assert facts(chart(labs=[iga(5, "mg/dL", status=status)]), "lab")


@pytest.mark.parametrize("status", ["entered-in-error", "entered-in-error ", "cancelled", "registered"])
def test_what_is_no_result_does_not_count(status: str) -> None:
    found = chart(labs=[iga(5, "mg/dL", status=status)])
    assert not facts(found, "lab")
    assert state(found, "labs") == ("read", "")


@pytest.mark.parametrize("status", ["banana", "unknown", None])
def test_a_status_that_decides_nothing_is_said(status: str | None) -> None:
    found = chart(labs=[iga(5, "mg/dL", status=status)])
    assert not facts(found, "lab")
    assert "its status is missing or not known" in state(found, "labs")[1]


def test_the_newest_counts_by_its_date_and_its_time() -> None:
    assert bounds(iga(5, "mg/dL", ago(400)), iga(90, "mg/dL", ago(3)))[0] == 90
    assert bounds(iga(90, "mg/dL", "2026-11-10T09:00:00Z"), iga(5, "mg/dL", "2026-11-10T08:00:00Z"))[0] == 90
    assert bounds(iga(5, "mg/dL", "2026-11-10T09:00:00-05:00"), iga(90, "mg/dL", "2026-11-10T13:00:00Z"))[0] == 5


def test_two_results_of_one_day_without_times_leave_what_lies_between_them() -> None:
    assert bounds(iga(5, "mg/dL", ago(3)), iga(9, "mg/dL", ago(3))) == (5, 9, False, False)
    assert bounds(iga(quantity(7, "mg/dL", "<"), day=ago(3)), iga(9, "mg/dL", ago(3))) == (None, 9, False, False)


def test_a_result_without_a_time_may_be_the_last_of_its_day() -> None:
    assert bounds(iga(5, "mg/dL", "2026-11-10"), iga(9, "mg/dL", "2026-11-10T09:00:00Z"))[:2] == (5, 9)


def test_a_result_of_the_future_does_not_count() -> None:
    assert not facts(chart(labs=[iga(5, "mg/dL", ago(-1))]), "lab")
    assert facts(chart(labs=[iga(5, "mg/dL", ago(0))]), "lab")


def test_a_date_is_the_effective_one_else_the_end_of_its_period_else_when_it_was_issued() -> None:
    period = {"start": "2026-11-10T08:00:00Z", "end": "2026-11-10T09:00:00Z"}
    issued = "2026-11-12T09:00:00Z"
    day = iga(5, "mg/dL", "2026-11-09", issued=issued)
    assert str(lab(chart(labs=[day])).day) == "2026-11-09"
    assert str(lab(chart(labs=[iga(5, "mg/dL", None, effectivePeriod=period, issued=issued)])).day) == "2026-11-10"
    assert str(lab(chart(labs=[iga(5, "mg/dL", None, issued=issued)])).day) == "2026-11-12"


def test_a_time_is_of_the_day_in_the_sites_zone() -> None:
    assert str(lab(chart(labs=[iga(5, "mg/dL", "2026-11-11T03:00:00Z")])).day) == "2026-11-10"


def test_ages_are_those_at_the_draw() -> None:
    child = born(years=5)
    assert (lab(chart(child, labs=[iga(5, "mg/dL", ago(0))])).age_min) == 5
    assert (lab(chart(child, labs=[iga(5, "mg/dL", ago(1))])).age_max) == 4


def test_of_an_undated_result_any_age_until_now_is_possible() -> None:
    found = lab(chart(born(years=7), labs=[iga(5, "mg/dL", None)]))
    assert (found.day, found.age_min, found.age_max) == (None, 0, 7)


def test_without_a_birth_date_a_result_has_no_age() -> None:
    ageless = {name: value for name, value in WOMAN.items() if name != "birthDate"}
    found = lab(chart(ageless, labs=[iga(5, "mg/dL")]))
    assert (found.age_min, found.age_max) == (None, None)


def test_a_code_decides_before_the_text_beside_it() -> None:
    urine = observation(coded(LOINC, "2161-8", "Creatinine", "Creatinine"), 1.2, "mg/dL")
    assert not facts(chart(labs=[urine]), "lab")
    named = observation(coded(LOINC, "2458-8", "Creatinine"), 5, "mg/dL")
    assert lab(chart(labs=[named]), "iga").at_most == 5


def test_a_local_code_in_umol_l_is_found_by_its_text() -> None:
    local = observation(coded("http://hospital.example.org/lab", "CREA", "Creatinine"), 150, "umol/L", "2026-11-10")
    found = lab(chart(labs=[local]), "serum_creatinine")
    assert found.at_most == 1.696833
    assert found.says == "creatinine 150 µmol/L = 1.6968 mg/dL (2026-11-10)"


@pytest.mark.parametrize("code", ["2160-0", "38483-4", "14682-9"])
def test_creatinine_has_several_codes(code: str) -> None:
    assert facts(chart(labs=[observation(code, 1.0, "mg/dL")]), "lab", concept="serum_creatinine")


def test_a_result_in_a_component_counts() -> None:
    parts = [
        {"code": coded(LOINC, "98979-8"), "valueString": ">60"},
        {"code": coded(LOINC, "2160-0"), "valueQuantity": quantity(0.8, "mg/dL")},
    ]
    found = chart(labs=[observation("51990-0", component=parts)])
    assert (lab(found, "egfr").at_least, lab(found, "egfr").open_low) == (60, True)
    assert lab(found, "serum_creatinine").at_most == 0.8


def test_what_is_no_measurement_of_ours_is_told_with_its_code_in_explain_and_makes_nothing_partial() -> None:
    found = chart(labs=[observation("4548-4", 7.1, "%")])
    assert [reading.codes for reading in readings(found, "not recognized")] == [("LOINC 4548-4",)]
    assert state(found, "labs") == ("read", "")


def flag(code: str) -> list[dict[str, Any]]:
    return [coded("http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", code)]


@pytest.mark.parametrize(
    ("said", "result"),
    [
        ({"interpretation": flag("POS")}, "positive"),
        ({"interpretation": flag("H"), "valueQuantity": quantity(40, "U/mL")}, "positive"),
        ({"interpretation": flag("A"), "valueQuantity": quantity(40, "U/mL")}, "positive"),
        ({"interpretation": flag("N"), "valueQuantity": quantity(4, "U/mL")}, "negative"),
        ({"interpretation": flag("NEG")}, "negative"),
        ({"valueCodeableConcept": {"text": "Positive"}}, "positive"),
        ({"valueCodeableConcept": coded("http://snomed.info/sct", "10828004", display="Positive")}, "positive"),
        ({"valueCodeableConcept": {"text": "Not detected"}}, "negative"),
        ({"valueString": "POSITIVE "}, "positive"),
        ({"valueString": "negative"}, "negative"),
        ({"valueBoolean": True}, "positive"),
    ],
)
def test_antibodies_to_iga_are_read_by_the_laboratorys_flag_or_words(said: dict[str, Any], result: str) -> None:
    assert lab(chart(labs=[anti_iga(**said)]), "anti_iga_antibody").result == result


@pytest.mark.parametrize(
    "said",
    [
        {"valueQuantity": quantity(40, "U/mL")},
        {"valueString": "1:64"},
        {"interpretation": flag("IND")},
        {"interpretation": flag("POS"), "valueString": "negative"},
    ],
)
def test_antibodies_to_iga_that_are_neither_are_said_and_no_limit_is_set(said: dict[str, Any]) -> None:
    found = chart(labs=[anti_iga(**said)])
    assert not facts(found, "lab")
    assert state(found, "labs")[0] == "partial"


def test_antibodies_of_one_day_that_contradict_each_other_are_neither() -> None:
    results = anti_iga("positive", day=ago(3)), anti_iga("negative", day=ago(3))
    assert lab(chart(labs=results), "anti_iga_antibody").result == "none"


def test_a_record_of_many_results_stays_one_fact_per_measurement() -> None:
    many = [iga(90 + day % 7, "mg/dL", ago(day)) for day in range(1, 300)] + [egfr(70, "mL/min", ago(3))]
    assert len(facts(chart(labs=many), "lab")) == 2
