"""All codes of all products and of their look-alikes, each written in every way that orders write it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from cds.knowledge import Identified, Knowledge
from cds.knowledge.codes import Ndc, RxNorm, read

HERE = Path(__file__).parent
PRODUCTS: dict[str, dict[str, Any]] = yaml.load((HERE / "products_read.yaml").read_text("utf-8"), yaml.BaseLoader)
LOOKALIKES: dict[str, dict[str, str]] = yaml.load((HERE / "lookalikes_read.yaml").read_text("utf-8"), yaml.BaseLoader)
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
NDC = "http://hl7.org/fhir/sid/ndc"
SYSTEMS = {
    "rxnorm": RXNORM,
    "cvx": "http://hl7.org/fhir/sid/cvx",
    "hcpcs": "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
    "atc": "http://www.whocc.no/atc",
}
ERC = ("gammagard_liquid", "gammagard_liquid_erc")
SHARED = {"1809670": ERC, "1809668": ERC}
"""Codes of branded vials that RxNorm gives to two products."""


def _vials() -> Iterator[tuple[str, dict[str, str], list[str]]]:
    """Every vial: its product, its RxNorm codes by kind, its NDCs."""
    for id, facts in PRODUCTS.items():
        for vial in facts.get("vials", ()):
            words = vial.split()
            codes = {kind: words[words.index(kind) + 1] for kind in ("sbd", "scd", "bpck", "gpck") if kind in words}
            yield id, codes, words[words.index("ndc") + 1 :]


def _ndcs() -> list[tuple[str, str]]:
    found = [(id, ndc) for id, _, ndcs in _vials() for ndc in ndcs]
    return found + [(id, ndc) for id, facts in PRODUCTS.items() for ndc in facts.get("ndc", "").split(" | ")[0].split()]


def _written(eleven: str) -> Iterator[str]:
    """An NDC as it may stand in an order: eleven digits, and ten where a part begins with a zero."""
    labeler, product, package = eleven[:5], eleven[5:9], eleven[9:]
    yield from (eleven, f"{labeler}-{product}-{package}", f" {labeler}-{product}-{package} ")
    if labeler[0] == "0":
        yield from (f"{labeler[1:]}-{product}-{package}", f"{labeler[1:]}{product}{package}")
    if product[0] == "0":
        yield from (f"{labeler}-{product[1:]}-{package}", f"{labeler}{product[1:]}{package}")
    if package[0] == "0":
        yield from (f"{labeler}-{product}-{package[1:]}", f"{labeler}{product}{package[1:]}")


def _found(known: Knowledge, system: str, code: str) -> Identified:
    typed = read(system, code)
    assert typed is not None
    return known.products.identify([typed], [])


def _in_a_vein(id: str) -> bool:
    return "intravenous" in PRODUCTS[id]["routes"]


def test_there_are_codes_to_check() -> None:
    assert len(list(_vials())) == 94
    assert len(_ndcs()) == 230
    assert sum(len(entry["rxnorm"].split()) for id, entry in LOOKALIKES.items() if id != "ivig") > 100


@pytest.mark.parametrize(("id", "ndc"), _ndcs())
def test_an_ndc_names_its_product_however_it_is_written(known: Knowledge, id: str, ndc: str) -> None:
    for written in _written(ndc):
        found = _found(known, NDC, written)
        assert (found.product, found.brand, found.from_text) == (id, "known", False), written
        assert (found.verdict == "ivig") == _in_a_vein(id), written


@pytest.mark.parametrize(("id", "codes"), [(id, codes) for id, codes, _ in _vials()])
def test_a_branded_vial_names_its_product(known: Knowledge, id: str, codes: dict[str, str]) -> None:
    for kind in codes.keys() & {"sbd", "bpck"}:
        found = _found(known, RXNORM, codes[kind])
        expected = SHARED.get(codes[kind], (id,))
        assert found.candidates == expected
        assert found.product == (id if len(expected) == 1 else "unknown")
        assert (found.verdict == "ivig") == _in_a_vein(id)


@pytest.mark.parametrize(("id", "codes"), [(id, codes) for id, codes, _ in _vials() if "scd" in codes])
def test_a_generic_vial_with_its_brand_names_the_product(known: Knowledge, id: str, codes: dict[str, str]) -> None:
    """Alone it names a product only by the four-letter suffix of its substance."""
    alone = _found(known, RXNORM, codes["scd"])
    assert (alone.verdict == "ivig") == _in_a_vein(id)
    assert alone.product == (id if "substance" in PRODUCTS[id] else "unknown")
    brand = PRODUCTS[id]["brand"].split()[0]
    both = known.products.identify([RxNorm(brand), RxNorm(codes["scd"])], [])
    assert id in both.candidates
    assert set(both.candidates) <= {id, *ERC} if id in ERC else both.product == id


@pytest.mark.parametrize("id", [id for id, facts in PRODUCTS.items() if "brand" in facts])
def test_brand_and_strength_in_the_text(known: Knowledge, id: str) -> None:
    facts = PRODUCTS[id]
    brand, strength = facts["brand"].split()[0], facts["strengths"].split()[0]
    found = known.products.identify([RxNorm(brand)], [f"immune globulin {int(strength) / 10:g} %"])
    assert id in found.candidates
    assert {PRODUCTS[other]["brand"].split()[0] for other in found.candidates} == {brand}
    assert all(strength in PRODUCTS[other]["strengths"].split() for other in found.candidates)


@pytest.mark.parametrize(
    ("id", "key", "code"),
    [(id, key, code) for id, entry in LOOKALIKES.items() for key, codes in entry.items() for code in codes.split()],
)
def test_every_code_of_a_look_alike(known: Knowledge, id: str, key: str, code: str) -> None:
    found = _found(known, NDC, f"{code}99") if key == "ndc_products" else _found(known, SYSTEMS[key], code)
    assert found.verdict not in ("no", "unresolved")
    assert (found.verdict == "ivig") == (id == "ivig")


@pytest.mark.parametrize("id", ERC)
def test_liquid_and_erc_are_told_apart_by_the_ndc_alone(known: Knowledge, id: str) -> None:
    other = ERC[1 - ERC.index(id)]
    iga = {"gammagard_liquid": 37, "gammagard_liquid_erc": 2}
    for of, codes, ndcs in _vials():
        if of != id or codes["sbd"] not in SHARED:
            continue
        coded = known.products.identify([RxNorm(codes["sbd"])], [])
        assert (coded.product, coded.iga_ug_per_ml) == ("unknown", 37), "never a low IgA from RxNorm"
        for ndc in ndcs:
            both = known.products.identify([RxNorm(codes["sbd"]), Ndc(ndc)], ["Gammagard"])
            assert (both.product, both.iga_ug_per_ml) == (id, iga[id])
            against = known.products.identify([Ndc(ndc)], [PRODUCTS[other]["name"]])
            assert (against.verdict, against.product) == ("unresolved", "unknown")


@pytest.mark.parametrize("ndc", ["00944271525", "00944271599"])
def test_a_package_of_a_known_product_without_a_brand_is_generic(known: Knowledge, ndc: str) -> None:
    """NDC products that RxNorm gives to the vial alone: known packages of it agree, and so does an unknown one."""
    found = known.products.identify([Ndc(ndc)], [])
    assert (found.verdict, found.brand, found.product, found.strength_mg_per_ml) == ("ivig", "generic", "unknown", 100)


def test_a_code_that_nothing_knows_says_nothing(known: Knowledge) -> None:
    for ndc in ("00944999999", "99999999999", "00002143380"):
        assert known.products.identify([Ndc(ndc)], []).verdict == "no"
