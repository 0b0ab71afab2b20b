"""Reasons and their doses, restated by hand."""

from __future__ import annotations

from decimal import Decimal as D

import pytest

from cds.knowledge import Knowledge
from cds.knowledge.codes import Icd10Cm, Snomed, read


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("D80.2", set()),
        ("D80.4", set()),
        ("D80", set()),
        ("D80.8", set()),
        ("D80.0", {"PI"}),
        ("D80.1", {"PI"}),
        ("D80.3", {"PI"}),
        ("D83.9", {"PI"}),
        ("D83", set()),
        ("D69.3", {"ITP"}),
        ("D69.41", {"ITP"}),
        ("D69.0", {"HSP"}),
        ("G61.0", {"GBS"}),
        ("G61.81", {"CIDP"}),
        ("G61.82", {"MMN"}),
        ("M30.3", {"KAWASAKI"}),
        ("M35.81", {"MIS_C"}),
        ("M33.10", {"DM"}),
        ("M33.20", set()),
        ("C91.10", {"CLL"}),
        ("G70.01", {"MG"}),
        ("Z94.84", {"TRANSPLANT_INF"}),
        ("D68.61", {"ANTIPHOSPHOLIPID"}),
        ("O26.21", {"PREGNANCY_LOSS"}),
        ("N96", {"PREGNANCY_LOSS"}),
        ("J45.909", {"ASTHMA"}),
    ],
)
def test_a_reason_is_matched_by_its_listed_codes(known: Knowledge, code: str, expected: set[str]) -> None:
    typed = read("http://hl7.org/fhir/sid/icd-10-cm", code)
    assert typed is not None
    assert known.indications.of(typed) == expected


def test_selective_iga_deficiency_is_no_reason_in_any_form(known: Knowledge) -> None:
    assert known.indications.of(Icd10Cm("D80.2")) == set()
    assert known.indications.of(Snomed("190979003")) == set()
    assert known.indications.in_text("Selective IgA deficiency") == set()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CVID", {"PI"}),
        ("primary immunodeficiency (CVID)", {"PI"}),
        ("secondary hypogammaglobulinemia", set()),
        ("chronic ITP, adult", {"ITP"}),
        ("not ITP", set()),
        ("Kawasaki", {"KAWASAKI"}),
        ("MIS-C", {"MIS_C"}),
        ("Guillain-Barré syndrome", {"GBS"}),
        ("guillain barre", {"GBS"}),
        ("CIDP maintenance", {"CIDP"}),
        ("history of Kawasaki disease", set()),
        ("multiple sclerosis", {"MS"}),
        ("MS", set()),
        ("ITPA deficiency", set()),
        ("measles exposure", {"MEASLES_PEP"}),
    ],
)
def test_a_reason_in_words(known: Knowledge, text: str, expected: set[str]) -> None:
    assert known.indications.in_text(text) == expected


def _rows(known: Knowledge, id: str) -> list[tuple[int, int, str, set[str] | None, bool]]:
    return [
        (int(row.low), int(row.high), row.basis, set(row.products) if row.products else None, row.retreatment)
        for row in known.indications.rows(id)
    ]


def test_the_dose_rows(known: Knowledge) -> None:
    own = {"gammagard_sd"}
    assert _rows(known, "PI") == [(200, 800, "dose", None, False), (400, 800, "dose", None, False)]
    assert _rows(known, "ITP") == [
        (1000, 1000, "day", None, False),
        (400, 400, "day", None, False),
        (800, 1000, "dose", None, False),
        (1000, 1000, "dose", own, False),
    ]
    assert _rows(known, "CIDP") == [
        (2000, 2000, "course", None, False),
        (1000, 1000, "course", None, False),
        (1000, 2000, "course", {"panzyga"}, False),
    ]
    assert _rows(known, "KAWASAKI") == [
        (2000, 2000, "dose", None, False),
        (1600, 2000, "course", None, False),
        (2000, 2000, "dose", None, True),
        (1000, 1000, "dose", own, False),
        (400, 400, "day", own, False),
    ]
    assert _rows(known, "MIS_C") == [(2000, 2000, "dose", None, False), (1600, 2000, "course", None, False)]
    assert _rows(known, "MMN") == [(500, 2400, "month", None, False), (2000, 2000, "course", None, False)]
    assert _rows(known, "GBS") == [(400, 400, "day", None, False)]
    assert _rows(known, "DM") == [(2000, 2000, "course", None, False)]
    assert _rows(known, "CLL") == [(400, 400, "dose", None, False), (200, 400, "dose", None, False)]


@pytest.mark.parametrize("id", ["MG", "AMR", "TSS", "ORAL_ROTAVIRUS", "SLE", "ASTHMA", "PREGNANCY_LOSS", "PANDAS"])
def test_an_unverified_range_is_recognized_and_not_tabled(known: Knowledge, id: str) -> None:
    assert id in known.terms["indication"]
    assert known.indications.rows(id) == ()
    assert not known.indications.tabled(id)


@pytest.mark.parametrize(
    ("id", "product", "retreated", "expected"),
    [
        ("ITP", "privigen", False, 2000),
        ("ITP", "unknown", False, 2000),
        ("ITP", "gammagard_sd", False, 3000),
        ("KAWASAKI", "privigen", False, 2000),
        ("KAWASAKI", "privigen", True, 4000),
        # 2 g/kg is the standard of care for any product: the label's 1600 is no ceiling
        ("KAWASAKI", "gammagard_sd", False, 2000),
        ("MIS_C", "privigen", True, 2000),
        ("CIDP", "panzyga", False, 2000),
        ("MMN", "gammagard_liquid", False, 2400),
        ("PI", "privigen", False, None),
        ("MG", "privigen", False, None),
    ],
)
def test_the_course_maximum(known: Knowledge, id: str, product: str, retreated: bool, expected: int | None) -> None:
    found = known.indications.course_max(id, product, retreated=retreated)
    assert found == (None if expected is None else D(expected))


def test_every_row_has_a_source_and_its_words(known: Knowledge) -> None:
    for id in known.indications.ids:
        assert known.indications.name(id)
        for row in known.indications.rows(id):
            assert row.indication == id
            assert row.printed
            assert row.sources
            assert set(row.sources) <= known.sources.keys() - {"MEM"}


@pytest.mark.parametrize(
    ("id", "grade"),
    [("PI", "established"), ("GBS", "established"), ("HSP", "case_reports"), ("ASTHMA", "no_benefit"), ("TSS", "weak")],
)
def test_evidence_is_graded(known: Knowledge, id: str, grade: str) -> None:
    assert known.indications.get(id).evidence == grade
