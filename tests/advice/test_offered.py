"""How the suggestions of a card stand beside each other, whatever makes them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from cds.advice import suggestions
from cds.advice.suggested import Action, Kind, Material, Suggestion, reference
from cds.findings import AdviceRule, Finding, Suggest
from tests.advice.conftest import DRUG, ORDER, finding, material, rule, view

TASK = Action("create", "Make a task", {"resourceType": "Task"})


def kind(*made: Suggestion, beside: bool) -> Kind:
    def make(found: Finding, call: Material, argument: str) -> Iterable[Suggestion]:
        return made

    return Kind(make, beside=beside)


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {
        "add": kind(Suggestion("Add", (TASK,), True), beside=True),
        "change": kind(Suggestion("Change", (TASK,), True), Suggestion("Change else", (TASK,)), beside=False),
        "may": kind(Suggestion("Change perhaps", (TASK,)), beside=False),
        "broken": Kind(broken),
        "nothing": kind(beside=False),
        "long": kind(Suggestion("word " * 40, (TASK,)), beside=True),
    }
    monkeypatch.setattr(suggestions, "KINDS", known)


def broken(*_: Any) -> Iterable[Suggestion]:
    yield Suggestion("Half", (TASK,))
    raise ZeroDivisionError


def asking(*suggest: Suggest) -> AdviceRule:
    plain = rule()
    return replace(plain, card=replace(plain.card, suggest=suggest))


def offered(*suggest: Suggest, **more: Any) -> dict[str, Any]:
    return suggestions.Offers(material({}), ()).of(finding(asking(*suggest), **more), str(uuid4()))


def recommended(card: dict[str, Any]) -> list[str]:
    return [one["label"] for one in card["suggestions"] if one.get("isRecommended")]


def test_those_that_only_add_can_all_be_taken_and_recommended() -> None:
    card = offered(Suggest("add"), Suggest("add"), Suggest("nothing"))
    assert card["selectionBehavior"] == "any"
    assert recommended(card) == ["Add", "Add"]
    assert len({one["uuid"] for one in card["suggestions"]}) == 2


def test_where_one_changes_an_order_one_is_taken_and_one_recommended() -> None:
    card = offered(Suggest("add"), Suggest("change"))
    assert card["selectionBehavior"] == "at-most-one"
    assert [one["label"] for one in card["suggestions"]] == ["Change", "Change else", "Add"]
    assert recommended(card) == ["Change"]


def test_beside_a_change_nothing_else_is_recommended() -> None:
    card = offered(Suggest("add"), Suggest("may"))
    assert [one["label"] for one in card["suggestions"]] == ["Change perhaps", "Add"]
    assert recommended(card) == []


def test_an_order_is_changed_by_the_first_card_alone() -> None:
    offers = suggestions.Offers(material({}), ())
    both = asking(Suggest("change"), Suggest("add"))
    other = replace(ORDER, ref="MedicationRequest/other")
    cards = [offers.of(finding(both, about=about), str(uuid4())) for about in (ORDER, ORDER, other)]
    assert [[one["label"] for one in card.get("suggestions", ())] for card in cards] == [
        ["Change", "Change else", "Add"],
        [],
        ["Change", "Change else"],
    ]
    assert [card.get("selectionBehavior") for card in cards] == ["at-most-one", None, "at-most-one"]


def test_what_one_card_adds_is_not_offered_by_another() -> None:
    offers = suggestions.Offers(material({}), ())
    first, second = (offers.of(finding(asking(Suggest("add"))), str(uuid4())) for _ in range(2))
    assert (recommended(first), second) == (["Add"], {})


def test_beside_a_critical_card_no_other_changes_its_order() -> None:
    both = asking(Suggest("change"), Suggest("add"))
    serious, lesser = finding(both, tier="critical"), finding(both)
    offers = suggestions.Offers(material({}), (serious, lesser))
    assert [one["label"] for one in offers.of(lesser, str(uuid4()))["suggestions"]] == ["Add"]
    assert [one["label"] for one in offers.of(serious, str(uuid4()))["suggestions"]] == ["Change", "Change else"]
    elsewhere = finding(both, about=replace(ORDER, ref="MedicationRequest/other"))
    assert offers.of(elsewhere, str(uuid4()))["selectionBehavior"] == "at-most-one"


def test_a_fault_costs_its_card_the_suggestions_and_is_told() -> None:
    offers = suggestions.Offers(material({}), ())
    assert offers.of(finding(asking(Suggest("add"), Suggest("broken"))), str(uuid4())) == {}
    assert [type(fault) for fault in offers.faults] == [ZeroDivisionError]
    assert recommended(offers.of(finding(asking(Suggest("change"))), str(uuid4()))) == ["Change"]


def test_without_a_suggestion_the_card_has_no_member_for_them() -> None:
    assert offered(Suggest("nothing")) == {}


def test_one_is_not_offered_where_a_name_that_makes_it_needless_is_bound() -> None:
    asked = Suggest("add", unless=("drug",))
    assert offered(asked, each={"drug": (view(DRUG),)}) == {}
    assert recommended(offered(asked, each={"drug": ()})) == recommended(offered(asked)) == ["Add"]


def test_a_label_has_the_length_of_a_button() -> None:
    (one,) = offered(Suggest("long"))["suggestions"]
    assert len(one["label"]) <= suggestions.LONGEST_LABEL
    assert one["label"].endswith("…")


@pytest.mark.parametrize(
    ("ref", "stands"),
    [
        ("Patient/p-1", True),
        ("Patient/a.b_c~d:e", True),
        (f"Patient/{'9' * 100}", True),
        ("Patient/a b", False),
        ("Patient/", False),
        ("Patient/a/b", False),
        ("Patient/\u00fc", False),
        ("Patient/a\n", False),
        ("patient", False),
    ],
)
def test_an_id_with_other_signs_stands_in_no_reference(ref: str, stands: bool) -> None:
    assert (reference(ref) == {"reference": ref}) is stands
