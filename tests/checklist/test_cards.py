"""C1-C10: every card of every fixture, also where the record is full of hostile words, and what we promise besides."""

from __future__ import annotations

import uuid
from typing import Any

import httpx
import pytest

from cds.conformance.shape import units
from cds.findings import EXTENSION
from tests.advice.test_hostile import HOSTILE, rendered
from tests.checklist.conftest import REQUESTS, Examined
from tests.hooks.calls import bundle, observation, order
from tests.hooks.service import SIGN, of, ten_fold

DOSED = {key: value for key, value in ten_fold().items() if key == "dosageInstruction"}


INJURIOUS = ("gentamicin", "tobramycin", "amikacin", "vancomycin", "ibuprofen", "naproxen", "diclofenac", "ketorolac")
"""Drugs that one summary names."""


def named(name: str) -> dict[str, Any]:
    """A ten-fold dose of Privigen under this name."""
    privigen = {"system": "http://hl7.org/fhir/sid/ndc", "code": "44206-0437-10", "display": name}
    return order(medicationCodeableConcept={"coding": [privigen], "text": f"Privigen {name}"}, **DOSED)


def cards_of(service: httpx.Client, content: dict[str, Any]) -> list[dict[str, Any]]:
    answer = service.post(SIGN, json=content)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["cards"]
    return found


@pytest.mark.parametrize("word", ["\U0001f489", "静注用免疫グロブリン ", "x", "é\u0301", "10 % "])
def test_C1_a_summary_keeps_its_length_whatever_a_drug_is_called(service: httpx.Client, word: str) -> None:
    drugs = [order(drug, medicationCodeableConcept={"text": f"{drug} {word * 50}"}) for drug in INJURIOUS]
    cards = cards_of(service, of("order-sign", named(word * 200), *drugs))
    assert {"dose.implausible", "renal.nephrotoxic-drug"} <= {card["extension"][EXTENSION]["rule"] for card in cards}
    for card in cards:
        assert 0 < units(card["summary"]) <= 139
        assert card["summary"].isprintable()


def test_C1_every_summary_of_the_fixtures(examined: Examined) -> None:
    examined.passes("C1")


def test_C2_all_three_indicators_and_no_other(examined: Examined) -> None:
    examined.passes("C2")
    assert {card["indicator"] for card in examined.cards} == {"info", "warning", "critical"}


def test_C3_a_source_has_its_label_and_the_topic_of_its_rule(examined: Examined) -> None:
    examined.passes("C3")
    for card in examined.cards:
        topic = card["source"]["topic"]
        assert topic["code"] == card["extension"][EXTENSION]["rule"].partition(".")[0]
        assert topic["display"]


def test_C4_a_selection_behavior_stands_where_suggestions_do(examined: Examined) -> None:
    examined.passes_where("C4", "suggestions")
    assert all(("suggestions" in card) == ("selectionBehavior" in card) for card in examined.cards)


def test_C5_uuids_are_unique_and_the_same_call_has_the_same(service: httpx.Client, examined: Examined) -> None:
    examined.passes("C5")
    content = of("order-sign", ten_fold(id="o1"), ten_fold(id="o2"))
    first, again = (cards_of(service, content) for _ in range(2))
    other = cards_of(service, content | {"hookInstance": str(uuid.uuid4())})
    ids = [[card["uuid"] for card in cards] for cards in (first, again, other)]
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == len(ids[0]) > 2
    assert not set(ids[0]) & set(ids[2])
    assert all(str(uuid.UUID(one)) == one for one in ids[0])


def test_C6_every_card_can_be_overridden_for_a_reason_that_has_words(examined: Examined) -> None:
    examined.passes("C6")
    assert all(card["overrideReasons"] for card in examined.cards)


def test_C7_actions_are_whole(examined: Examined) -> None:
    examined.passes_where("C7", "suggestions")


def test_C8_links_are_whole(examined: Examined) -> None:
    examined.passes_where("C8", "links")


def test_C9_words_of_the_fixtures_stay_words(examined: Examined) -> None:
    examined.passes("C9")
    for card in examined.cards:
        rendered(card["detail"])


@pytest.mark.parametrize("text", [*HOSTILE, "<script>alert(1)</script>", "`<b>` [a](b) ![c](d)"])
def test_C9_hostile_names_of_drugs_problems_and_results_stay_words(service: httpx.Client, text: str) -> None:
    content = of("order-sign", named(text))
    subject = {"reference": "Patient/p1"}
    ill = {
        "resourceType": "Condition",
        "id": "c1",
        "subject": subject,
        "code": {"text": f"chronic kidney disease {text}"},
    }
    content["prefetch"]["conditions"] = bundle(ill)
    content["prefetch"]["vitals"]["entry"].append({"resource": observation("w2", code={"text": text})})
    cards = cards_of(service, content)
    assert cards
    for card in cards:
        rendered(card["detail"])
        assert "<" not in card["detail"]
        assert "\n" not in card["summary"]


def test_C10_cards_are_a_list_with_nothing_empty_and_no_system_actions(examined: Examined) -> None:
    examined.passes("C10")
    assert {reply.answer.status for reply in examined.replies} == {200}
    assert all(set(reply.answer.content) == {"cards"} for reply in examined.replies)


def test_C10_nothing_to_say_is_an_empty_list(service: httpx.Client) -> None:
    other = order(medicationCodeableConcept={"text": "amoxicillin 500 MG Oral Capsule"})
    assert service.post(SIGN, json=of("order-sign", other)).content == b'{"cards":[]}'
    empty = of("order-sign")
    empty["context"]["draftOrders"] = bundle()
    assert service.post(SIGN, json=empty).content == b'{"cards":[]}'
    assert service.post(SIGN, json=REQUESTS["order-sign-other-drugs"]).content == b'{"cards":[]}'
