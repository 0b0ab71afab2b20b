"""How the suggestions of a card stand beside each other, whatever makes them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from cds.advice import suggestions
from cds.advice.suggested import Action, Kind, Material, Suggestion, reference
from cds.findings import Finding, Suggest
from tests.advice.conftest import DRUG, finding, material, rule, view

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
        "nothing": kind(beside=False),
        "long": kind(Suggestion("word " * 40, (TASK,)), beside=True),
    }
    monkeypatch.setattr(suggestions, "KINDS", known)


def offered(*suggest: Suggest, **more: Any) -> dict[str, Any]:
    plain = rule()
    asking = replace(plain, card=replace(plain.card, suggest=suggest))
    return suggestions.offered(finding(asking, **more), material({}), str(uuid4()))


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
    assert [one["label"] for one in card["suggestions"]] == ["Add", "Change", "Change else"]
    assert recommended(card) == ["Add"]


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
