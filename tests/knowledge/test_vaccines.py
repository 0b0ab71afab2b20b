"""Which vaccines immune globulin keeps from taking, and the live ones it does not."""

from __future__ import annotations

import pytest

from cds.knowledge import Knowledge
from cds.knowledge.codes import Code, Cvx, RxNorm

_MMR = {"measles", "mumps", "rubella"}


@pytest.mark.parametrize(
    ("code", "antigens"),
    [
        (Cvx("03"), _MMR),
        (Cvx("94"), _MMR | {"varicella"}),
        (Cvx("21"), {"varicella"}),
        (Cvx("05"), {"measles"}),
        (Cvx("04"), {"measles", "rubella"}),
        (Cvx("07"), {"mumps"}),
        (Cvx("06"), {"rubella"}),
        (Cvx("38"), {"mumps", "rubella"}),
        (RxNorm("804186"), _MMR),
        (RxNorm("2603514"), _MMR),
        (RxNorm("1292443"), _MMR | {"varicella"}),
        (RxNorm("1292459"), {"varicella"}),
        (RxNorm("218128"), _MMR),
        # zoster live, zoster recombinant, yellow fever, LAIV, Ty21a, rotavirus, dengue, DTP
        (Cvx("121"), set()),
        (Cvx("187"), set()),
        (Cvx("37"), set()),
        (Cvx("111"), set()),
        (Cvx("25"), set()),
        (Cvx("116"), set()),
        (Cvx("56"), set()),
        (Cvx("01"), set()),
        (RxNorm("1292432"), set()),
        (RxNorm("220976"), set()),
    ],
)
def test_a_vaccine_by_code(known: Knowledge, code: Code, antigens: set[str]) -> None:
    found = known.vaccines.classify([code], [])
    assert found is not None
    assert (found.antigens, found.affected) == (antigens, bool(antigens))
    assert not found.from_text


def test_only_eight_cvx_codes_are_affected(known: Knowledge) -> None:
    every = [known.vaccines.classify([Cvx(f"{number:02}")], []) for number in range(1, 400)]
    assert sum(found is not None and found.affected for found in every) == 8


@pytest.mark.parametrize(
    ("text", "antigens"),
    [
        ("MMR", _MMR),
        ("M-M-R II 0.5 mL SC", _MMR),
        ("measles, mumps and rubella virus vaccine", _MMR),
        ("ProQuad", _MMR | {"varicella"}),
        ("Varivax", {"varicella"}),
        ("varicella vaccine", {"varicella"}),
        ("Shingrix", set()),
        ("varicella zoster vaccine", set()),
        ("MMR titer", None),
        ("varicella zoster immune globulin", None),
        ("no MMR", None),
        ("dMMR colorectal cancer", None),
        ("hemorrhoids", None),
    ],
)
def test_a_vaccine_by_words(known: Knowledge, text: str, antigens: set[str] | None) -> None:
    found = known.vaccines.classify([], [text])
    assert (found.antigens if found else None) == antigens


def test_immune_globulin_recorded_as_immunization(known: Knowledge) -> None:
    assert known.vaccines.is_ivig_given(Cvx("87"))
    assert known.vaccines.is_ivig_given(Cvx("86"))
    assert not known.vaccines.is_ivig_given(Cvx("14")), "unverified"
    assert not known.vaccines.is_ivig_given(Cvx("30"))
    assert not known.vaccines.is_ivig_given(RxNorm("87"))
    assert known.vaccines.classify([Cvx("87")], []) is None


def test_names_are_short_enough_for_a_card(known: Knowledge) -> None:
    for code in (RxNorm("804186"), RxNorm("1292443"), RxNorm("1292459"), Cvx("03"), Cvx("94")):
        found = known.vaccines.classify([code], [])
        assert found is not None
        assert len(found.name) <= 40, found.name
