"""Which product comes first, and which is recommended: labeled for the reason and the age, and named by a code."""

from __future__ import annotations

from typing import Any

import pytest

from tests.advice.suggesting import offered, signed
from tests.chart.ordering import daily, dosage, dose, order, quantity

KIDNEYS, SUCROSE = "chronic kidney disease stage 3", "renal.sucrose-at-risk"
GRAMS = {"PI": "25 g", "ITP": "60 g", "CIDP": "60 g", "MMN": "60 g", "KAWASAKI": "120 g"}


def offers(reason: str | None, *stocked: str, grams: str = "", **more: Any) -> list[dict[str, Any]]:
    line = dosage(grams or GRAMS[reason or "PI"], timing=daily(1))
    sent = order(line, reason=reason, medicationCodeableConcept={"text": "Carimune NF"})
    return offered(signed(sent, stocked=stocked, conditions=[KIDNEYS], **more), SUCROSE)


def of_product(one: dict[str, Any]) -> tuple[str, bool]:
    return one["label"].removeprefix("Change to "), one.get("isRecommended", False)


def said(one: dict[str, Any]) -> str:
    return str(one["actions"][0]["description"])


@pytest.mark.parametrize(
    ("reason", "first"),
    [("PI", "Asceniv 10%"), ("ITP", "Gamunex-C 10%"), ("CIDP", "Gamunex-C 10%"), ("MMN", "Gammagard Liquid 10%")],
)
def test_what_is_labeled_for_the_reason_comes_first(reason: str, first: str) -> None:
    found = offers(reason, "asceniv", "bivigam", "gamunex_c", "gammagard_liquid", "kiovig")
    assert of_product(found[0])[0] == first
    assert "labeled" not in said(found[0])


def test_what_is_not_labeled_for_the_reason_says_so_and_is_never_recommended() -> None:
    (found,) = offers("ITP", "bivigam")
    assert of_product(found) == ("Bivigam 10%", False)
    assert said(found).endswith("It is not known to be labeled for immune thrombocytopenia.")
    assert [of_product(one) for one in offers("ITP", "bivigam", "privigen")] == [
        ("Privigen 10%", True),
        ("Bivigam 10%", False),
    ]


def test_without_a_recognized_reason_none_is_recommended() -> None:
    (found,) = offers(None, "privigen")
    assert of_product(found) == ("Privigen 10%", False)
    assert "the order gives no reason that is recognized" in said(found)


def test_of_two_that_are_labeled_the_one_of_the_market_at_home_comes_first() -> None:
    sent = order(dosage("25 g", timing=daily(1)), medicationCodeableConcept={"text": "Privigen 10%"})
    advice = signed(sent, stocked=["tegeline", "bivigam"], conditions=["hyperprolinemia type I"])
    assert [of_product(one) for one in offered(advice, "excipient.proline")] == [
        ("Bivigam 10%", True),
        ("Tegeline 5%", False),
    ]


def test_without_a_code_it_is_to_be_chosen_in_the_formulary() -> None:
    (found,) = offers("ITP", "octagam_10")
    assert of_product(found) == ("Octagam 10%", False)
    assert said(found).endswith("It has no code here: choose the item in your formulary.")


@pytest.mark.parametrize(
    ("reason", "stocked", "born", "offered_"),
    [
        (None, "asceniv", "2008-11-21", True),
        (None, "asceniv", "2014-11-20", True),
        (None, "asceniv", "2014-11-21", False),
        (None, "panzyga", "2008-11-20", True),
        (None, "panzyga", "2008-11-21", False),
        ("PI", "panzyga", "2024-11-20", True),
        ("PI", "panzyga", "2024-11-21", False),
        ("ITP", "asceniv", "2014-11-21", False),
    ],
)
def test_without_an_age_of_its_reason_the_strictest_of_the_page_holds(
    reason: str | None, stocked: str, born: str, offered_: bool
) -> None:
    found = offers(reason, stocked, grams="10 g" if reason == "ITP" else "5 g", born=born, kg=10)
    assert bool(found) == offered_


def test_an_unknown_age_is_under_every_age() -> None:
    assert offers("PI", "privigen", born="") == offers(None, "asceniv", born="") == []


@pytest.mark.parametrize(("born", "recommended"), [("2008-11-20", True), ("2008-11-21", False)])
def test_of_a_page_that_names_no_age_none_is_recommended_to_a_child(born: str, recommended: bool) -> None:
    (found,) = offers("PI", "bivigam", born=born)
    assert of_product(found) == ("Bivigam 10%", recommended)


def test_where_no_rate_is_labeled_for_the_reason_the_lowest_of_the_label_holds() -> None:
    line = dosage(dose("25 g") | {"rateQuantity": quantity("12 mg/kg/min")}, timing=daily(1))
    sent = order(line, reason="GBS", medicationCodeableConcept={"text": "Gammaplex 5%"})
    advice = signed(sent, stocked=["privigen"], conditions=["hereditary fructose intolerance"])
    (found,) = offered(advice, "excipient.fructose-intolerance")
    written = found["actions"][0]["resource"]["dosageInstruction"][0]["doseAndRate"][0]
    assert written["rateQuantity"]["value"] == 4
