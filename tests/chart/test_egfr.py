"""The eGFR fact: reported or computed, its window, what sex and age leave open, and what cannot be computed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.chart.charting import (
    LOINC,
    WOMAN,
    Chart,
    ago,
    born,
    chart,
    coded,
    creatinine,
    egfr,
    fact,
    facts,
    height,
    observation,
    quantity,
    readings,
    state,
)

MAN = {**WOMAN, "gender": "male", "birthDate": "1976-05-01"}
PER_AREA = "mL/min/{1.73_m2}"


def result(*labs: dict[str, Any], patient: dict[str, Any] = WOMAN, vitals: tuple[dict[str, Any], ...] = ()) -> Any:
    return fact(chart(patient, labs=labs, vitals=vitals), "lab", concept="egfr")


def bounds(*labs: dict[str, Any], patient: dict[str, Any] = WOMAN) -> tuple[Any, ...]:
    found = result(*labs, patient=patient)
    return found.at_least, found.at_most


def none(found: Chart) -> bool:
    return not facts(found, "lab", concept="egfr")


def test_an_egfr_is_computed_from_creatinine_and_says_how() -> None:
    found = result(creatinine(1.7, "mg/dL", "2026-11-10"), patient=MAN)
    assert (found.at_least, found.at_most, found.computed) == (49, 49, True)
    assert found.says == ("eGFR 49 mL/min/1.73 m² (2026-11-10, computed by CKD-EPI 2021 from creatinine 1.7 mg/dL)")
    assert found.ref == "Observation/labs-1"


@pytest.mark.parametrize(("value", "whole"), [("1.36", 56), ("1.37", 55)])
def test_a_computed_egfr_is_a_whole_number(value: str, whole: int) -> None:
    seventy = {**MAN, "birthDate": "1956-05-01"}
    assert bounds(creatinine(float(value), "mg/dL"), patient=seventy) == (whole, whole)


def test_creatinine_in_umol_l_gives_the_same() -> None:
    man = {**MAN, "birthDate": "1981-05-01"}
    assert bounds(creatinine(120, "umol/L"), patient=man) == (66, 66)


@pytest.mark.parametrize(
    ("value", "whole", "says"),
    [(59.4, 59, "59.4 mL/min/1.73 m², rounded to 59"), (59.5, 60, "rounded to 60"), (60, 60, "60 mL/min/1.73 m² (")],
)
def test_a_reported_egfr_counts_as_a_whole_number(value: float, whole: int, says: str) -> None:
    found = result(egfr(value, PER_AREA))
    assert (found.at_least, found.at_most, found.computed) == (whole, whole, False)
    assert says in found.says


@pytest.mark.parametrize("unit", [PER_AREA, "mL/min", "mL/min/1.73m2"])
def test_with_or_without_the_body_surface(unit: str) -> None:
    assert bounds(egfr(45, unit)) == (45, 45)


def test_over_60_as_text_is_over_60() -> None:
    for written in (">60", "> 60", ">60 mL/min/1.73m2", "\ufeff>60\u200b"):
        found = result(egfr(written))
        assert (found.at_least, found.at_most, found.open_low) == (60, None, True)


def test_an_egfr_needs_no_unit_but_is_not_read_in_another() -> None:
    assert bounds(egfr(45)) == (45, 45)
    over = result(egfr(quantity(60, "", ">")))
    assert (over.at_least, over.at_most, over.open_low) == (60, None, True)
    found = chart(labs=[egfr(45, "furlongs")])
    assert none(found)
    assert state(found, "labs")[0] == "partial"


@pytest.mark.parametrize("code", ["98979-8", "98980-6", "62238-1", "69405-9", "77147-7", "50210-4"])
def test_an_egfr_has_several_codes(code: str) -> None:
    assert bounds(observation(code, 45, "mL/min")) == (45, 45)


def test_an_older_code_counts_by_its_own_display_only() -> None:
    name = "Glomerular filtration rate/1.73 sq M.predicted [Volume Rate/Area] in Serum or Plasma"
    name += " by Creatinine-based formula (MDRD)"
    assert bounds(observation(coded(LOINC, "33914-3", display=name), 45, "mL/min")) == (45, 45)
    short = coded(LOINC, "33914-3", display="Estimated Glomerular Filtration Rate")
    assert bounds(observation(short, 45, "mL/min")) == (45, 45)
    assert none(chart(labs=[observation(coded(LOINC, "33914-3", "eGFR"), 45, "mL/min")]))


@pytest.mark.parametrize(("days", "used"), [(365, True), (366, False)])
def test_the_window_is_a_year(days: int, used: bool) -> None:
    assert none(chart(labs=[egfr(45, "mL/min", ago(days))])) is not used
    assert none(chart(labs=[creatinine(2, "mg/dL", ago(days))])) is not used


def test_a_date_that_may_be_within_the_window_is_and_an_undated_result_too() -> None:
    assert bounds(egfr(45, "mL/min", "2025")) == (45, 45)
    assert none(chart(labs=[egfr(45, "mL/min", "2024")]))
    assert "undated" in result(egfr(45, "mL/min", None)).says


def test_a_reported_one_goes_before_one_computed_the_same_day() -> None:
    assert bounds(creatinine(1.1, "mg/dL", ago(3)), egfr(70, "mL/min", ago(3))) == (70, 70)


def test_a_newer_creatinine_goes_before_an_older_reported_one() -> None:
    found = result(egfr(90, "mL/min", ago(200)), creatinine(2.0, "mg/dL", ago(1)), patient=MAN)
    assert (found.at_most, found.computed) == (40, True)


def test_an_older_reported_one_stands_where_the_newer_creatinine_cannot_be_used() -> None:
    found = chart(labs=[egfr(90, "mL/min", ago(200)), creatinine(2.0, "", ago(1))])
    assert fact(found, "lab", concept="egfr").at_most == 90
    assert state(found, "labs")[0] == "partial"


def test_without_a_sex_both_are_computed_and_neither_guessed() -> None:
    unknown = {**WOMAN, "gender": "unknown"}
    found = result(creatinine(1.3, "mg/dL"), patient=unknown)
    assert (found.at_least, found.at_most) == (50, 67)
    assert "CKD-EPI 2021 for either sex" in found.says
    assert "50 to 67" in found.says


def test_a_birth_year_alone_leaves_both_ages() -> None:
    found = result(creatinine(1.05, "mg/dL"), patient={**MAN, "birthDate": "1956"})
    assert (found.at_least, found.at_most) == (76, 77)


def test_a_child_needs_a_height_of_about_the_same_time() -> None:
    child = born(years=8)
    found = result(creatinine(0.6, "mg/dL", "2026-11-10"), patient=child, vitals=(height(101, "cm", "2026-11-01"),))
    assert (found.at_least, found.at_most) == (70, 70)
    assert found.says == (
        "eGFR 70 mL/min/1.73 m² (2026-11-10, computed by bedside Schwartz with height 101 cm (2026-11-01) "
        "from creatinine 0.6 mg/dL)"
    )


@pytest.mark.parametrize(("days", "computed"), [(90, True), (91, False)])
def test_a_childs_height_is_not_used_when_it_is_old(days: int, computed: bool) -> None:
    found = chart(born(years=8), labs=[creatinine(0.6, "mg/dL", ago(0))], vitals=[height(101, "cm", ago(days))])
    assert none(found) is not computed
    assert state(found, "labs")[0] == "read"


NO_HEIGHT = "eGFR from creatinine 0.6 mg/dL (2026-11-10): not computed, because no height of about that time is known"


def test_a_child_without_a_height_has_no_egfr_and_explain_says_why() -> None:
    found = chart(born(years=8), labs=[creatinine(0.6, "mg/dL", "2026-11-10")])
    assert none(found)
    assert state(found, "labs") == ("read", "")
    assert NO_HEIGHT in [reading.what for reading in readings(found, "ignored")]


def test_a_child_whose_heights_could_not_be_read_has_no_egfr_and_it_is_said() -> None:
    labs = [creatinine(0.6, "mg/dL", "2026-11-10")]
    assert state(chart(born(years=8), labs=labs, missing={"vitals": None}), "labs") == ("partial", NO_HEIGHT)
    assert state(chart(born(years=8), labs=labs, vitals=[height(101)]), "labs") == ("partial", NO_HEIGHT)


@pytest.mark.parametrize(("days", "computed"), [(364, False), (365, True)])
def test_under_one_year_there_is_none(days: int, computed: bool) -> None:
    infant = born(days=days)
    found = chart(infant, labs=[creatinine(0.4, "mg/dL", ago(0))], vitals=[height(70, "cm", ago(0))])
    assert none(found) is not computed
    assert state(found, "labs")[0] == "read"
    assert none(chart(infant, labs=[egfr(45, "mL/min", ago(0))])) is not computed


def test_who_may_be_one_year_old_keeps_a_reported_one_and_none_is_computed() -> None:
    patient = {**WOMAN, "birthDate": "2025"}
    assert not none(chart(patient, labs=[egfr(45, "mL/min", ago(0))]))
    found = chart(patient, labs=[creatinine(0.4, "mg/dL", ago(0))], vitals=[height(70, "cm", ago(0))])
    assert none(found)
    assert "may have been under 1 year old" in state(found, "labs")[1]


def test_17_years_by_schwartz_and_18_by_ckd_epi() -> None:
    tall = (height(170, "cm", ago(5)),)
    assert "Schwartz" in result(creatinine(1.5, "mg/dL", ago(0)), patient=born(years=17), vitals=tall).says
    assert "CKD-EPI" in result(creatinine(1.5, "mg/dL", ago(0)), patient=born(years=18), vitals=tall).says


def test_who_may_be_17_or_18_gets_what_lies_between_both_equations() -> None:
    patient = {**MAN, "birthDate": "2008"}
    found = result(creatinine(1.5, "mg/dL", ago(0)), patient=patient, vitals=(height(170, "cm", ago(5)),))
    assert found.at_least == 47
    assert found.at_most == 69
    assert "CKD-EPI 2021 or bedside Schwartz" in found.says


def test_without_a_birth_date_there_is_none_and_it_is_said() -> None:
    ageless = {name: value for name, value in WOMAN.items() if name != "birthDate"}
    found = chart(ageless, labs=[creatinine(1.7, "mg/dL")])
    assert none(found)
    assert "the age is not known" in state(found, "patient")[1]


def test_a_creatinine_under_a_limit_gives_an_egfr_over_one() -> None:
    found = result(creatinine(quantity(0.5, "mg/dL", "<")))
    assert (found.at_most, found.open_low) == (None, True)
    assert found.at_least == 114
    assert "over 114" in found.says
