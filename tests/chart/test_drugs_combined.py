"""Acetaminophen as a drug that is known, and drugs that share one order with another."""

from __future__ import annotations

import pytest

from tests.chart.drug_reading import one
from tests.chart.records import IBUPROFEN, Resource, concept, request


def test_acetaminophen_is_known_as_what_is_in_use_and_as_nothing_to_warn_of() -> None:
    drug = one(request(concept("acetaminophen 325 MG Oral Tablet", rxnorm="313782")))
    assert (drug.name, drug.state) == ("acetaminophen", "active")
    assert (drug.nsaid, drug.aspirin, drug.estrogen, drug.nephrotoxic) == (False, False, False, "no")


@pytest.mark.parametrize(
    ("medication", "combined"),
    [
        (IBUPROFEN, False),
        (concept(rxnorm="5640"), False),
        (concept(atc="M01AE01"), False),
        (concept(rxnorm="858798"), True),
        (concept(rxnorm="2387532"), True),
        (concept(rxnorm="994008"), True),
        ({"text": "Ibuprofen 20 mg/mL oral suspension"}, False),
        ({"text": "hydrocodone / ibuprofen"}, True),
        ({"text": "ibuprofen and famotidine"}, True),
        ({"text": "Vicoprofen"}, True),
        (concept("ibuprofen with famotidine", rxnorm="5640"), True),
    ],
)
def test_a_drug_in_one_order_with_another_is_combined(medication: Resource, combined: bool) -> None:
    assert one(request(medication)).combined is combined


def test_ingredients_that_are_coded_each_by_itself_are_combined() -> None:
    assert one(request(concept(rxnorm="5640", atc="N02BA01"))).combined is True
