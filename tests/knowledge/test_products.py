"""Product pages as a pharmacist would check them, restated by hand from the labels' facts."""

from __future__ import annotations

from decimal import Decimal as D

import pytest

from cds.knowledge import DoseRow, Knowledge


@pytest.mark.parametrize(
    ("id", "sugar", "iga", "basis", "strengths", "routes"),
    [
        ("privigen", "none", 25, "max", [100], {"intravenous"}),
        ("octagam_5", "maltose", 200, "max", [50], {"intravenous"}),
        ("octagam_10", "maltose", 106, "mean", [100], {"intravenous"}),
        ("gammaplex_5", "sorbitol", 10, "max", [50], {"intravenous"}),
        ("flebogamma_5", "sorbitol", 50, "max", [50], {"intravenous"}),
        ("flebogamma_10", "sorbitol", 100, "max", [100], {"intravenous"}),
        ("carimune_nf", "sucrose", 2000, "range", [], {"intravenous"}),
        ("sandoglobulin", "sucrose", None, "unknown", [], {"intravenous"}),
        ("gammar_p", "sucrose", None, "unknown", [], {"intravenous"}),
        ("tegeline", "sucrose", 850, "max", [50], {"intravenous"}),
        ("gammagard_sd", "glucose", 1, "max", [50, 100], {"intravenous"}),
        ("gammagard_liquid", "none", 37, "mean", [100], {"intravenous", "subcutaneous"}),
        ("gamunex_c", "none", 46, "mean", [100], {"intravenous", "subcutaneous"}),
        ("kiovig", "none", 140, "max", [], {"intravenous"}),
        ("hizentra", "none", 50, "max", [200], {"subcutaneous"}),
        ("gamastan", "unknown", None, "unknown", [180], {"intramuscular"}),
    ],
)
def test_a_page_says_what_the_label_says(
    known: Knowledge, id: str, sugar: str, iga: int | None, basis: str, strengths: list[int], routes: set[str]
) -> None:
    page = known.products.page(id)
    assert (page.sugar, page.iga_ug_per_ml, page.iga_basis) == (sugar, iga if iga is None else D(iga), basis)
    assert page.strengths_mg_per_ml == tuple(map(D, strengths))
    assert page.routes == routes


@pytest.mark.parametrize("id", ["gammagard_liquid_erc", "gammaked", "gammaplex_10", "asceniv", "panzyga", "yimmugo"])
def test_a_sugar_from_memory_is_unknown(known: Knowledge, id: str) -> None:
    assert known.products.page(id).sugar == "unknown"


def test_free_of_sucrose_is_said_apart_from_the_sugar(known: Knowledge) -> None:
    assert known.products.page("panzyga").sucrose_free is True
    assert known.products.page("carimune_nf").sucrose_free is None
    assert known.products.page("yimmugo").sucrose_free is None


def _doses(rows: tuple[DoseRow, ...]) -> set[tuple[str, int, int, str, int | None]]:
    return {(r.indication, int(r.low), int(r.high), r.basis, r.course_max and int(r.course_max)) for r in rows}


def test_labels_are_the_product_s_own(known: Knowledge) -> None:
    assert _doses(known.products.page("privigen").label) == {
        ("PI", 200, 800, "dose", None),
        ("ITP", 1000, 1000, "day", 2000),
        ("CIDP", 2000, 2000, "course", None),
        ("CIDP", 1000, 1000, "course", None),
    }
    assert _doses(known.products.page("gammagard_sd").label) == {
        ("PI", 200, 400, "dose", None),
        ("CLL", 400, 400, "dose", None),
        ("ITP", 1000, 1000, "dose", 3000),
        ("KAWASAKI", 1000, 1000, "dose", None),
        ("KAWASAKI", 400, 400, "day", 1600),
    }
    assert _doses(known.products.page("octagam_10").label) == {
        ("ITP", 1000, 1000, "day", 2000),
        ("DM", 2000, 2000, "course", 2000),
    }
    assert _doses(known.products.page("carimune_nf").label) == {
        ("PI", 400, 800, "dose", None),
        ("ITP", 400, 400, "day", None),
    }
    assert ("MMN", 500, 2400, "month", None) in _doses(known.products.page("gammagard_liquid").label)
    assert ("CIDP", 1000, 2000, "course", None) in _doses(known.products.page("panzyga").label)


@pytest.mark.parametrize("id", ["gammagard_liquid_erc", "gammaked", "yimmugo", "alyglo", "hizentra", "hyqvia"])
def test_a_label_from_memory_or_under_the_skin_is_not_used(known: Knowledge, id: str) -> None:
    assert known.products.page(id).label == ()


def test_contraindications_that_were_read(known: Knowledge) -> None:
    assert known.products.page("privigen").contraindicated_in == {"hyperprolinemia"}
    assert known.products.page("flebogamma_5").contraindicated_in == {"hereditary_fructose_intolerance"}
    assert known.products.page("gammaplex_5").contraindicated_in == set(), "its label sentence was not read"
    assert known.products.page("octagam_5").avoid_in == {"corn_allergy"}


def test_there_is_a_page_for_all_31_products(known: Knowledge) -> None:
    assert len(known.products.ids) == 31
    assert known.terms["product"] == known.products.ids
    with pytest.raises(KeyError):
        known.products.page("unknown")


def test_every_page_has_sources_and_every_key_is_explained(known: Knowledge) -> None:
    for id in known.products.ids:
        page = known.products.page(id)
        assert page.sources, id
        assert set(page.sources) <= known.sources.keys(), id
        for row in page.label:
            assert row.sources, id
            assert row.printed, id
            assert "MEM" not in row.sources, id
