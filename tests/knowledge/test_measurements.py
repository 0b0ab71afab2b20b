"""Units: what is known is exact, what is not is never guessed."""

from __future__ import annotations

from decimal import Decimal as D

import pytest

from cds.knowledge import Knowledge
from cds.knowledge.codes import Loinc


@pytest.mark.parametrize(
    ("id", "value", "unit", "expected"),
    [
        ("iga", "7", "mg/dL", "7"),
        ("iga", "0.07", "g/L", "7.00"),
        ("iga", "70", "mg/L", "7.0"),
        ("iga", "7", "", None),
        ("iga", "7", "g/dL", None),
        ("iga", "7", "IU/mL", None),
        ("igg", "7", "g/L", "700"),
        ("serum_creatinine", "88.4", "umol/L", "1"),
        ("serum_creatinine", "88.4", "µmol/L", "1"),
        ("serum_creatinine", "88.4", "μmol/L", "1"),
        ("serum_creatinine", "1.1", "MG/DL", "1.1"),
        ("serum_creatinine", "1.1", "mmol/L", None),
        ("body_weight", "62", "kg", "62"),
        ("body_weight", "3500", "g", "3.5"),
        ("body_weight", "100", "[lb_av]", "45.359237"),
        ("body_weight", "100", "lbs", "45.359237"),
        ("body_weight", "100", "lb", "45.359237"),
        ("body_weight", "62", "", None),
        ("body_weight", "10", "st", None),
        ("body_height", "1.75", "m", "175"),
        ("body_height", "70", "[in_i]", "177.8"),
        ("egfr", "55", "mL/min/{1.73_m2}", "55"),
        ("egfr", "55", "mL/min/1.73m2", "55"),
        ("egfr", "55", "mL/min/1.73 m²", "55"),
        ("egfr", "55", "mL/min", "55"),
        ("egfr", "55", "mL/s", None),
        ("hemoglobin", "120", "g/L", "12.0"),
        ("glucose", "10", "mmol/L", "180.16"),
    ],
)
def test_a_value_comes_into_our_unit(known: Knowledge, id: str, value: str, unit: str, expected: str | None) -> None:
    found = known.measurements.convert(id, D(value), unit)
    assert found == (None if expected is None else D(expected))


def test_decimals_stay_exact_where_binary_floats_do_not(known: Knowledge) -> None:
    assert 0.07 * 100 != 7
    assert known.measurements.convert("iga", D("0.07"), "g/L") == 7


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("29463-7", "body_weight"),
        ("8302-2", "body_height"),
        ("2160-0", "serum_creatinine"),
        ("14682-9", "serum_creatinine"),
        ("98979-8", "egfr"),
        ("2458-8", "iga"),
        ("2465-3", "igg"),
        ("44583-3", "anti_iga_antibody"),
        ("718-7", "hemoglobin"),
        ("2345-7", "glucose"),
        ("104597-0", "glucose_meter"),
        ("883-9", None),
        ("33914-3", None),
    ],
)
def test_a_code_has_one_measurement(known: Knowledge, code: str, expected: str | None) -> None:
    assert known.measurements.of(Loinc(code)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Body weight", "body_weight"),
        ("eGFR", "egfr"),
        ("  creatinine ", "serum_creatinine"),
        ("Creatinine [Mass/volume] in Serum or Plasma", "serum_creatinine"),
        ("urine creatinine", None),
        ("Creatinine [Mass/volume] in Urine", None),
        ("birth weight", None),
        ("IgA", "iga"),
        ("IgA Ab", None),
        ("anti-IgA antibody", "anti_iga_antibody"),
        ("", None),
    ],
)
def test_a_name_matches_as_a_whole(known: Knowledge, text: str, expected: str | None) -> None:
    assert known.measurements.in_text(text) == expected


def test_units_and_plausible_values(known: Knowledge) -> None:
    assert known.measurements.unit("egfr") == "mL/min/1.73 m2"
    assert known.measurements.plausible("body_weight") == (D("0.3"), D(400))
    assert known.measurements.plausible("anti_iga_antibody") is None
    assert known.measurements.unit("anti_iga_antibody") == ""
    with pytest.raises(KeyError):
        known.measurements.unit("ferritin")


@pytest.mark.parametrize("code", ["98979-8", "98980-6", "62238-1", "69405-9", "77147-7", "50210-4"])
def test_an_egfr_is_one_by_whatever_formula_and_from_cystatin_c_too(known: Knowledge, code: str) -> None:
    assert known.measurements.of(Loinc(code)) == "egfr"


@pytest.mark.parametrize("code", ["2160-0", "38483-4", "14682-9", "59826-8"])
def test_creatinine_is_one_in_mass_or_moles_in_serum_or_blood(known: Knowledge, code: str) -> None:
    assert known.measurements.of(Loinc(code)) == "serum_creatinine"


@pytest.mark.parametrize(
    ("id", "code", "display"),
    [
        ("serum_creatinine", "2160-0", "Creatinine [Mass/volume] in Serum or Plasma"),
        ("urea_nitrogen", "3094-0", "Urea nitrogen [Mass/volume] in Serum or Plasma"),
        ("hemoglobin", "718-7", "Hemoglobin [Mass/volume] in Blood"),
        ("iga", "2458-8", "IgA [Mass/volume] in Serum or Plasma"),
        ("anti_iga_antibody", "44583-3", "IgA Ab [Presence] in Serum or Plasma by Hemagglutination inhibition"),
    ],
)
def test_a_test_is_ordered_by_the_first_code_of_the_table(known: Knowledge, id: str, code: str, display: str) -> None:
    assert known.measurements.ordered(id) == (Loinc(code), display)


def test_a_test_without_a_verified_code_is_ordered_by_none(known: Knowledge) -> None:
    assert known.measurements.ordered("abo_group") is None
    with pytest.raises(KeyError):
        known.measurements.ordered("ferritin")
