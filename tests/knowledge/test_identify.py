"""Which product an order names by its codes, its texts and its route."""

from __future__ import annotations

from decimal import Decimal as D
from pathlib import Path

import pytest

from cds.knowledge import Knowledge
from cds.knowledge.codes import Atc, Code, Cvx, Hcpcs, Ndc, OtherCode, RxNorm, Snomed, read
from cds.knowledge.yaml_marks import MapNode, SeqNode, Text, compose

_LIQUID_OR_ERC = ("gammagard_liquid", "gammagard_liquid_erc")


def _texts() -> list[tuple[str, str]]:
    tree = compose(Path(__file__).with_name("order_texts.yaml"))
    assert isinstance(tree, MapNode)
    found = []
    for verdict, listed in tree.items.items():
        assert isinstance(listed, SeqNode)
        found += [(verdict, item.value) for item in listed.items if isinstance(item, Text)]
    return found


@pytest.mark.parametrize(("verdict", "text"), _texts())
def test_every_order_text_is_read_as_listed(known: Knowledge, verdict: str, text: str) -> None:
    found = known.products.identify([], [text]).verdict
    assert (
        found in {"ivig": {"ivig"}, "not": {"extravascular", "other_ig", "no"}, "unresolved": {"unresolved"}}[verdict]
    )


def test_all_the_texts_are_there() -> None:
    assert len(_texts()) == 76


@pytest.mark.parametrize(
    ("codes", "texts", "strength"),
    [
        ([], ["immune globulin 10 %"], 100),
        ([], ["immune globulin (human) 5% solution"], 50),
        ([], ["immune globulin 20 g"], None),
        ([RxNorm("5666")], [], None),
        ([RxNorm("1426680")], ["immunoglobulin G, human"], None),
        ([RxNorm("5666")], ["Immune globulin 10 %"], 100),
        ([Snomed("714569001")], ["Normal immunoglobulin human"], None),
        ([Atc("J06BA")], [], None),
    ],
)
def test_an_intravenous_route_decides_what_says_no_route(
    known: Knowledge, codes: list[Code], texts: list[str], strength: int | None
) -> None:
    assert known.products.identify(codes, texts).verdict == "unresolved"
    found = known.products.identify(codes, texts, intravenous=True)
    assert (found.verdict, found.product, found.brand) == ("ivig", "unknown", "generic")
    assert found.strength_mg_per_ml == (D(strength) if strength else None)
    assert (found.sugar, found.iga_ug_per_ml, found.name) == ("unknown", None, "Immune globulin")


@pytest.mark.parametrize(
    ("codes", "texts"),
    [
        ([], ["immune globulin 20 %"]),
        ([], ["immune globulin 16.5 %"]),
        ([], ["immune globulin 180 mg/mL"]),
        ([], ["immune globulin 10 %", "immune globulin 5 %"]),
        ([], ["IVIG level"]),
        ([], ["immune globulin 10 %", "IVIG level"]),
        ([], ["switch from Hizentra to Privigen"]),
        ([RxNorm("5666")], ["switch from Hizentra to Privigen"]),
        ([RxNorm("1809517"), RxNorm("1809499")], []),
        ([RxNorm("310965")], ["immune globulin 10 %"]),
    ],
)
def test_a_route_decides_nothing_else(known: Knowledge, codes: list[Code], texts: list[str]) -> None:
    assert known.products.identify(codes, texts, intravenous=True).verdict != "ivig"


@pytest.mark.parametrize("text", ["Hizentra", "CytoGam", "GamaSTAN", "ibuprofen 600 mg"])
def test_a_route_makes_no_ivig_of_another_drug(known: Knowledge, text: str) -> None:
    found = known.products.identify([], [text], intravenous=True)
    assert found == known.products.identify([], [text])


def test_every_code_of_a_page_names_its_product(known: Knowledge) -> None:
    checked = 0
    for id in known.products.ids - {"vaccinia_igiv"}:
        page = known.products.page(id)
        for code in page.codes:
            found = known.products.identify([code], [])
            assert id == found.product or id in found.candidates, code
            assert found.verdict == ("ivig" if "intravenous" in page.routes else "extravascular"), code
            assert found.brand == "known", code
            checked += 1
        for nine in page.ndc_products:
            assert known.products.identify([Ndc(f"{nine}99")], []).product == id
    assert checked > 200


@pytest.mark.parametrize(
    ("code", "product", "sugar", "iga"),
    [
        (RxNorm("1809517"), "privigen", "none", 25),
        (RxNorm("1809643"), "octagam_5", "maltose", 200),
        (RxNorm("1809499"), "octagam_10", "maltose", 106),
        (Ndc("44206043605"), "privigen", "none", 25),
        (Ndc("00944270004"), "gammagard_liquid", "none", 37),
        (Ndc("00944270505"), "gammagard_liquid_erc", "unknown", 2),
        (Ndc("00944265804"), "gammagard_sd", "glucose", 1),
        (RxNorm("2102435"), "panzyga", "unknown", 100),
        (Hcpcs("J1459"), "privigen", "none", 25),
        # labelers and packages that openFDA lists and RxNorm does not
        (Ndc("70573060501"), "yimmugo", "unknown", 500),
        (Ndc("13533080520"), "gamunex_c", "none", 46),
        (Ndc("76179001009"), "qivigy", "none", 50),
    ],
)
def test_a_code_names_one_product(known: Knowledge, code: Code, product: str, sugar: str, iga: int) -> None:
    found = known.products.identify([code], [])
    assert (found.verdict, found.product, found.brand, found.from_text) == ("ivig", product, "known", False)
    assert (found.sugar, found.iga_ug_per_ml) == (sugar, D(iga))


@pytest.mark.parametrize(
    ("code", "candidates", "sugar", "iga", "basis"),
    [
        # the RxNorm code is shared: never low IgA from it, and the sugar of ERC was not read
        (RxNorm("1809668"), _LIQUID_OR_ERC, "unknown", 37, "mean"),
        (RxNorm("226026"), ("octagam_10", "octagam_5"), "maltose", 200, "max"),
        (RxNorm("541555"), ("flebogamma_10", "flebogamma_5"), "sorbitol", 100, "max"),
        (RxNorm("991216"), ("gammaplex_10", "gammaplex_5"), "unknown", 20, "max"),
        (RxNorm("42697"), (*_LIQUID_OR_ERC, "gammagard_sd"), "unknown", 37, "mean"),
    ],
)
def test_a_code_of_several_products_says_what_holds_for_all(
    known: Knowledge, code: Code, candidates: tuple[str, ...], sugar: str, iga: int, basis: str
) -> None:
    found = known.products.identify([code], [])
    assert (found.verdict, found.product, found.brand) == ("ivig", "unknown", "known")
    assert found.candidates == candidates
    assert (found.sugar, found.iga_ug_per_ml, found.iga_basis) == (sugar, D(iga), basis)


@pytest.mark.parametrize(
    ("codes", "texts", "product", "strength"),
    [
        ([RxNorm("226026")], ["Octagam 10% 20 g"], "octagam_10", 100),
        ([RxNorm("1809421")], ["Privigen"], "privigen", 100),
        ([RxNorm("1809421")], ["Octagam"], "octagam_10", 100),
        ([RxNorm("5666")], ["Privigen 10%"], "privigen", 100),
        ([Snomed("116805008")], ["Gammagard Liquid"], "gammagard_liquid", 100),
        ([OtherCode("http://hospital.example", "1")], ["Octagam 5 %"], "octagam_5", 50),
        ([], ["Carimune NF 12%"], "carimune_nf", 120),
        ([], ["gammagard s / d 10 g"], "gammagard_sd", None),
        ([], ["Gammagard Liquid ERC"], "gammagard_liquid_erc", 100),
        ([], ["immune globulin (human) IV 10%", "Privigen"], "privigen", 100),
        ([], ["Privigen® 10%"], "privigen", 100),
    ],
)
def test_a_text_adds_what_the_code_leaves_open(
    known: Knowledge, codes: list[Code], texts: list[str], product: str, strength: int | None
) -> None:
    found = known.products.identify(codes, texts)
    assert (found.verdict, found.product, found.from_text) == ("ivig", product, True)
    assert found.strength_mg_per_ml == (D(strength) if strength else None)


@pytest.mark.parametrize(
    ("codes", "texts"),
    [
        ([RxNorm("1809517")], ["Octagam 10%"]),
        ([RxNorm("1809517")], ["Hizentra"]),
        ([RxNorm("1809517"), RxNorm("1809499")], []),
        ([RxNorm("1809517"), RxNorm("902750")], []),
        ([RxNorm("1809421")], ["Octagam 5%"]),
        ([RxNorm("209029")], ["IVIG"]),
        ([RxNorm("209029")], ["Hizentra"]),
        ([RxNorm("310965")], ["IVIG 40 g"]),
        ([RxNorm("310965"), RxNorm("1809517")], []),
        ([RxNorm("1809517")], ["HyperHEP B", "Privigen"]),
        ([RxNorm("1809517")], ["Privigen and Hizentra"]),
        ([RxNorm("1809517")], ["Gamunex-C 10%"]),
        ([RxNorm("1809517")], ["Gamunex-C 10%", "Privigen"]),
        ([RxNorm("1809421")], ["Gamunex-C 10%", "Privigen"]),
        ([RxNorm("1809499")], ["Octagam 5%"]),
        ([RxNorm("1809499")], ["Octagam 5%", "Octagam 10%"]),
        ([RxNorm("1809499")], ["immune globulin 5%"]),
        ([Ndc("44206043605")], ["Privigen 50 mg/mL"]),
        ([], ["Hizentra", "Privigen"]),
        ([], ["Privigen and Hizentra", "Privigen"]),
        ([RxNorm("5666")], []),
        ([Snomed("714569001")], []),
    ],
)
def test_two_products_or_none_are_unresolved(known: Knowledge, codes: list[Code], texts: list[str]) -> None:
    found = known.products.identify(codes, texts)
    assert (found.verdict, found.product) == ("unresolved", "unknown")


@pytest.mark.parametrize(
    ("code", "texts"),
    [
        (RxNorm("1809499"), ["Octagam 10%", "Octagam"]),
        (RxNorm("1809499"), ["Octagam 100 mg/mL, 5% dextrose flush"]),
        (RxNorm("1809499"), ["IVIG trough before the next dose"]),
        (Ndc("68982085001"), ["immunoglobulin G, human 100 MG/ML Injectable Solution"]),
    ],
)
def test_a_text_that_goes_with_the_code_leaves_it_as_it_is(known: Knowledge, code: Code, texts: list[str]) -> None:
    found = known.products.identify([code], texts)
    assert (found.verdict, found.product, found.from_text) == ("ivig", "octagam_10", False)


@pytest.mark.parametrize(
    ("code", "strength"), [(RxNorm("1809421"), 100), (RxNorm("1809456"), 50), (Atc("J06BA02"), None), (Cvx("87"), None)]
)
def test_a_generic_code_names_no_brand(known: Knowledge, code: Code, strength: int | None) -> None:
    found = known.products.identify([code], [])
    assert (found.verdict, found.product, found.brand) == ("ivig", "unknown", "generic")
    assert found.strength_mg_per_ml == (D(strength) if strength else None)
    assert (found.sugar, found.iga_ug_per_ml, found.routes) == ("unknown", None, frozenset())


def test_a_brand_without_a_page_is_unlisted(known: Knowledge) -> None:
    found = known.products.identify([], ["Polygam 10 g IV"])
    assert (found.verdict, found.product, found.brand, found.sugar) == ("ivig", "unknown", "unlisted", "unknown")


def test_ten_digits_are_tried_in_all_three_forms(known: Knowledge) -> None:
    for written in ("0944270505", "4420643605"):
        code = read("http://hl7.org/fhir/sid/ndc", written)
        assert code is not None
        expected = "gammagard_liquid_erc" if written.startswith("0944") else "privigen"
        assert known.products.identify([code], []).product == expected


def test_codes_from_memory_are_not_matched(known: Knowledge) -> None:
    for code in (Cvx("14"), Hcpcs("J1554"), Hcpcs("J1576"), Ndc("44206041603")):
        assert known.products.identify([code], []).verdict == "no", code
