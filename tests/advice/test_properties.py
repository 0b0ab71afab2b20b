"""What a product is free of, from its page alone: unknown is not free."""

from __future__ import annotations

from decimal import Decimal as D

import pytest

from cds.advice.properties import PROPERTIES
from tests.support.run import book

VALUES = {"iga_deficiency.low_iga_product": D(25)}
INTRAVENOUS = sorted(
    id for id in book().knowledge.products.normal if "intravenous" in book().knowledge.products.page(id).routes
)


@pytest.mark.parametrize(
    ("property", "without"),
    [
        (
            "sucrose_free",
            {"carimune_nf", "gammar_p", "sandoglobulin", "tegeline", "gammagard_liquid_erc", "yimmugo"},
        ),
        (
            "fructose_free",
            {
                *("carimune_nf", "gammar_p", "sandoglobulin", "tegeline", "flebogamma_5", "flebogamma_10"),
                *("gammaplex_5", "gammaplex_10", "alyglo", "asceniv", "gammagard_liquid_erc", "gammaked", "panzyga"),
                "yimmugo",
            },
        ),
        ("proline_free", {"privigen", "gammagard_liquid_erc", "yimmugo"}),
    ],
)
def test_what_is_not_proven_free(property: str, without: set[str]) -> None:
    pages = [book().knowledge.products.page(id) for id in INTRAVENOUS]
    assert {page.id for page in pages if not PROPERTIES[property](page, VALUES)} == without


@pytest.mark.parametrize(
    ("property", "proven"),
    [
        ("corn_free", {"privigen", "bivigam", "gammagard_liquid", "gamunex_c", "kiovig", "qivigy"}),
        ("low_iga", {"privigen", "gammagard_liquid_erc", "gammagard_sd", "gammaplex_5", "gammaplex_10"}),
    ],
)
def test_what_is_proven(property: str, proven: set[str]) -> None:
    pages = [book().knowledge.products.page(id) for id in INTRAVENOUS]
    assert {page.id for page in pages if PROPERTIES[property](page, VALUES)} == proven


@pytest.mark.parametrize(("limit", "low"), [("25", True), ("24", False)])
def test_low_in_iga_is_what_the_value_says(limit: str, low: bool) -> None:
    """Privigen has 25 micrograms/mL at most."""
    page = book().knowledge.products.page("privigen")
    assert PROPERTIES["low_iga"](page, {"iga_deficiency.low_iga_product": D(limit)}) is low
    assert PROPERTIES["low_iga"](page, {}) is False
