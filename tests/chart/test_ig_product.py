"""What is known of the product of an order for immune globulin, and whether its route fits it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from cds.chart.identify import drug
from cds.chart.ig_product import ig_product
from cds.chart.references import References
from cds.facts import IgProduct
from cds.knowledge import load
from tests.chart.ordering import IV, RULES, SC, dosage, one, order, run

RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
IM, ORAL = {"text": "Intramuscular"}, {"text": "Oral"}
GAMMAGARD = {"coding": [{"system": RXNORM, "code": "42697"}]}
OCTAGAM = {"coding": [{"system": RXNORM, "code": "226026"}]}


def product(medicine: str | dict[str, Any], route: dict[str, Any] | None = IV, **more: Any) -> IgProduct:
    concept = {"text": medicine} if isinstance(medicine, str) else medicine
    text = more.pop("text", None)
    made = order(dosage("10 g", route=route, text=text), medicationCodeableConcept=concept, **more)
    found: IgProduct = one(run(made), "ig_product")
    return found


@pytest.mark.parametrize(
    ("medicine", "intravenous", "subcutaneous", "intramuscular", "label"),
    [
        ("Privigen", "yes", "no", "no", "intravenous"),
        ("Hizentra", "no", "yes", "no", "subcutaneous"),
        ("HyQvia", "no", "yes", "no", "subcutaneous"),
        ("GamaSTAN", "no", "no", "yes", "intramuscular"),
        ("Gamunex-C", "yes", "yes", "no", "intravenous or subcutaneous"),
        ("IVIG", "unknown", "unknown", "unknown", None),
        ("SCIG", "no", "unknown", "unknown", "subcutaneous or intramuscular"),
        (GAMMAGARD, "yes", "unknown", "no", "intravenous or subcutaneous"),
    ],
)
def test_whether_the_label_allows_the_route(
    medicine: str, intravenous: str, subcutaneous: str, intramuscular: str, label: str | None
) -> None:
    for route, expected in ((IV, intravenous), (SC, subcutaneous), (IM, intramuscular)):
        found = product(medicine, route)
        assert found.route_on_label == expected, route
        assert label is None or found.label_routes == label


@pytest.mark.parametrize("route", [{"text": "intrathecal"}, {"text": "per protocol"}, ORAL])
def test_of_another_route_no_label_is_asked(route: dict[str, Any]) -> None:
    assert product("Privigen", route).route_on_label == "not_asked"


@pytest.mark.parametrize("concept", [{"text": "Privigen"}, {"coding": [{"system": RXNORM, "code": "1809517"}]}])
def test_a_page_whose_routes_were_not_read_leaves_it_open(concept: dict[str, Any], tmp_path: Path) -> None:
    page = shutil.copytree(RULES, tmp_path / "rules") / "products/privigen.yaml"
    read, unread = "[intravenous], status: label_seen", "[intravenous], status: unverified"
    assert read in page.read_text()
    page.write_text(page.read_text().replace(read, unread, 1))
    known = load(tmp_path / "rules")
    for route in (IV, SC):
        made = order(dosage("10 g", route=route), medicationCodeableConcept=concept)
        found = ig_product("o", drug(made, References([]), known), (), known, status="draft", selected=True)
        assert (found.product, found.route_on_label) == ("privigen", "unknown")


def test_the_words_of_a_dosage_are_told_from_a_route() -> None:
    worded = product("Hizentra", None, text="10 g IV weekly")
    assert (worded.route, worded.route_in_words, worded.route_on_label) == ("intravenous", True, "no")
    assert worded.says.startswith("Hizentra 20%, ordered intravenously (read from the words of the dosage)")
    assert not product("Hizentra", IV, text="10 g IV weekly").route_in_words


def test_what_it_contains() -> None:
    assert [product(name).proline for name in ("Privigen", "Octagam 10%", "Gammagard Liquid ERC")] == [
        *("yes", "no", "unknown")
    ]
    assert [product(name).sugar for name in ("Cutaquig", "Flebogamma 5%", "Hizentra")] == [
        "maltose",
        "sorbitol",
        "none",
    ]
    assert [product(name).corn for name in ("Octagam 5%", "Octagam 10%", "Cutaquig")] == [True, True, False]


def test_a_code_of_several_products() -> None:
    both = product(OCTAGAM)
    assert (both.product, both.brand, both.sugar, both.proline, both.corn) == (
        "unknown",
        "known",
        "maltose",
        "no",
        True,
    )
    assert product(GAMMAGARD).proline == "unknown"
    assert (product("IVIG").proline, product("IVIG").brand) == ("unknown", "generic")


def test_never_under_the_skin_for_this_reason() -> None:
    assert product("Gamunex-C", SC, reason="ITP").never_subcutaneous
    assert not product("Gamunex-C", SC, reason="PI").never_subcutaneous
    assert not product("Gammaked", SC, reason="ITP").never_subcutaneous, "unverified"


def test_the_sentence_tells_a_route_only_where_it_matters() -> None:
    assert product("Privigen", None).says == "Privigen 10%, draft, product read from text"
    assert product("Privigen", SC).says == "Privigen 10%, ordered subcutaneously, draft, product read from text"
    assert product("Privigen", ORAL).says == "Privigen 10%, ordered by mouth, draft, product read from text"


@pytest.mark.parametrize("fault", [{"subject": None}, {"status": "banana"}])
def test_an_order_for_under_the_skin_that_cannot_be_read_is_said(fault: dict[str, Any]) -> None:
    made = {**order(dosage("10 g", route=SC), medicationCodeableConcept={"text": "Hizentra"}), **fault}
    result = run({name: value for name, value in made.items() if value is not None})
    assert one(result, "unchecked").order == "MedicationRequest/o1"
    assert result.unread == ("MedicationRequest/o1",)


def test_a_fault_beside_what_is_read_is_said() -> None:
    made = order(dosage("10 g", route=SC), medicationCodeableConcept={"text": "Hizentra"}, unheard="x")
    result = run(made)
    assert one(result, "ig_product").product == "hizentra"
    assert "unheard" in one(result, "unchecked").says


@pytest.mark.parametrize("status", ["stopped", "completed", "cancelled"])
def test_an_order_that_is_over_is_left_in_peace(status: str) -> None:
    assert run(order(dosage("10 g"), medicationCodeableConcept={"text": "Hizentra"}, status=status)).facts == ()
