"""What products come in, as doses are rounded to it, and which of them can be bought."""

from __future__ import annotations

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cds.knowledge import Knowledge
from cds.knowledge.product_page import product_page
from cds.knowledge.sheet import Notes, Sheet
from cds.knowledge.vials import marketed, vial_mg, whole_vials
from cds.knowledge.yaml_marks import MapNode, parse

FILE = "products/x.yaml"


def sheet(text: str, notes: Notes) -> Sheet:
    node, faults = parse(text.encode(), FILE)
    assert isinstance(node, MapNode)
    assert not faults
    return Sheet(node, FILE, notes)


@pytest.mark.parametrize(
    ("written", "mg"),
    [
        ("100 mL of 100 mg/mL", "10000"),
        ("12 mL of 165 mg/mL", "1980"),
        ("5 mL of 200 mg/mL syringe", "1000"),
        ("10 g powder", "10000"),
        ("2.5 g pack", "2500"),
    ],
)
def test_a_vial_holds(written: str, mg: str) -> None:
    notes = Notes()
    assert vial_mg(sheet(f"vial: {written}", notes)) == D(mg)
    assert not notes.faults


@pytest.mark.parametrize("written", ["10 g", "100 mL", "0 mL of 100 mg/mL", "100 mL of 100 mg/mL and more", "ten g"])
def test_what_is_no_vial_is_a_fault_with_its_line(written: str) -> None:
    notes = Notes()
    assert vial_mg(sheet(f"sbd: 1\nvial: {written}", notes)) is None
    (fault,) = notes.faults
    assert fault.file == FILE
    assert fault.what.startswith(f'the vial "{written}" is none of')


@pytest.mark.parametrize(
    ("id", "grams"),
    [
        ("privigen", [5, 10, 20, 40]),
        ("octagam_10", [2, 5, 10, 20, 30]),
        ("octagam_5", [1, 2.5, 5, 10, 25]),
        ("gammagard_sd", [5, 10]),
        ("gammagard_liquid_erc", [5, 10]),
        ("qivigy", []),
        ("carimune_nf", []),
    ],
)
def test_vials_of_a_product(known: Knowledge, id: str, grams: list[float]) -> None:
    assert [float(mg) / 1000 for mg in known.products.page(id).vial_mg] == grams


def test_vials_that_no_source_shows_are_not_used() -> None:
    notes = Notes(sources={"MEM": "memory"})
    page = product_page(
        "x",
        sheet(
            "name: X\nmarket: US\navailability: marketed\n"
            "rxnorm: {status: unverified, sources: [MEM], brand: {code: 1, display: X}, vials: [{vial: 10 g powder}]}",
            notes,
        ),
    )
    assert (page.vial_mg, page.brand, page.codes) == ((), None, frozenset())


@pytest.mark.parametrize(
    ("id", "sold"),
    [
        ("privigen", True),
        ("gammagard_liquid_erc", True),
        ("gammagard_sd", True),
        ("tegeline", True),
        ("carimune_nf", False),
        ("sandoglobulin", False),
        ("intragam_p", False),
        ("vaccinia_igiv", False),
    ],
)
def test_which_products_can_be_bought(known: Knowledge, id: str, sold: bool) -> None:
    assert known.products.page(id).marketed is sold


def test_an_availability_that_says_neither_is_a_fault() -> None:
    notes = Notes()
    assert not marketed(sheet("name: X\navailability: hard to get", notes))
    (fault,) = notes.faults
    assert (fault.line, fault.what[:27]) == (2, "availability begins with on")


def test_a_brand_has_its_code_and_name(known: Knowledge) -> None:
    brand = known.products.page("privigen").brand
    assert brand is not None
    assert (str(brand.code), brand.display) == ("RxNorm 758996", "Privigen")


@given(
    st.sets(st.sampled_from([500, 1000, 2000, 2500, 3300, 5000, 10000, 20000, 30000]), min_size=1),
    st.integers(0, 60000),
    st.integers(0, 60000),
)
def test_whole_vials_are_every_sum_of_vials_between_two_amounts(sizes: set[int], low: int, high: int) -> None:
    sums = {0}
    for size in sizes:
        sums |= {one + size * count for one in sums for count in range(high // size + 1) if one + size * count <= high}
    expected = sorted(one for one in sums if one and low <= one <= high)
    assert whole_vials([D(size) for size in sizes], D(low), D(high)) == tuple(map(D, expected))


@pytest.mark.parametrize(
    ("low", "high", "grams"),
    [("12.4", "49.6", [15, 20, 25, 30, 35, 40, 45]), ("45", "45", [45]), ("45.0001", "49.9999", []), ("9", "4", [])],
)
def test_whole_vials_of_privigen(known: Knowledge, low: str, high: str, grams: list[int]) -> None:
    vials = known.products.page("privigen").vial_mg
    assert [int(mg) // 1000 for mg in whole_vials(vials, D(low) * 1000, D(high) * 1000)] == grams


def test_without_vials_there_are_no_whole_ones() -> None:
    assert whole_vials([], D(0), D(100_000)) == ()
