"""Whatever stands in the drafts of a call: suggestions are made or left out, and those that are made still help."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class
from hypothesis import given, settings
from hypothesis import strategies as st

from cds.case import Hook
from cds.errors import BadRequest
from cds.fhir import resource_ref
from tests.advice.offering import HIGH_DOSE, NSAID, UNWEIGHED, VACCINE, called, drafts
from tests.support.applying import accepted
from tests.support.run import AS_OF, about_of, advise_request, rule_of

JUNK: list[Any] = [None, True, -1, 1e308, "", "x", "2026-11-20", "9999-12-31", [], {}, [None], [{}], {"start": "x"}]
SITUATIONS: Mapping[str, Mapping[str, Any]] = {
    "hemolysis.high-dose": HIGH_DOSE,
    "dose.no-weight": UNWEIGHED,
    "kawasaki.nsaid": NSAID,
    "live-vaccine.too-soon": VACCINE | {"lab_orders": ["creatinine"]},
    "live-vaccine.too-soon as a service": VACCINE
    | {"vaccine_orders": [{"is": "MMR", "as": "service", "start": "today", "until": "+7 days"}]},
}
CALLS: list[tuple[str, Hook]] = [(name, "order-sign") for name in SITUATIONS]
CALLS += [(name, "order-select") for name, said in SITUATIONS.items() if said["order"] == "none"]
Place = tuple[str | int, ...]


def places(part: Any, path: Place = ()) -> Iterator[Place]:
    if path:
        yield path
    for key, inner in part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ():
        yield from places(inner, (*path, key))


def suggestions(asked: Mapping[str, Any]) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """The cards of a call with each of their suggestions; none where the call is refused."""
    try:
        cards = advise_request(asked, AS_OF).cards
    except BadRequest:
        return []
    json.dumps(cards, allow_nan=False)
    return [(card, suggestion) for card in cards for suggestion in card.get("suggestions", ())]


def harmless(asked: Mapping[str, Any]) -> None:
    """Every suggestion is of one selected draft, or adds to them; followed, its card is gone or lacks it."""
    orders = [resource_ref(entry["resource"]) for entry in asked["context"]["draftOrders"]["entry"]]
    for card, suggestion in suggestions(asked):
        creates = True
        for action in suggestion["actions"]:
            if action["type"] == "create":
                get_fhir_model_class(action["resource"]["resourceType"]).model_validate(action["resource"])
                continue
            creates = False
            ref = action.get("resourceId") or resource_ref(action["resource"])
            assert orders.count(ref) == 1
            assert ref in asked["context"].get("selections", orders)
        for other, again in suggestions(accepted(asked, suggestion)):
            if (rule_of(other), about_of(other)) == (rule_of(card), about_of(card)):
                assert creates
                assert again["label"] != suggestion["label"]


@pytest.mark.parametrize(("name", "hook"), CALLS)
def test_junk_in_every_place_of_every_draft(name: str, hook: Hook) -> None:
    whole = called(SITUATIONS[name], hook=hook)
    assert any(rule_of(card) == name.split()[0] for card, _ in suggestions(whole))
    for number, order in enumerate(drafts(whole)):
        for place in places(order):
            for junk in JUNK:
                asked = copy.deepcopy(whole)
                holder: Any = drafts(asked)[number]
                for step in place[:-1]:
                    holder = holder[step]
                holder[place[-1]] = copy.deepcopy(junk)
                harmless(asked)


@settings(max_examples=50, deadline=None)
@given(st.text(min_size=1, max_size=80), st.text(max_size=20))
def test_ids_with_any_signs_give_a_valid_reference_or_no_suggestion(patient: str, encounter: str) -> None:
    for said in (HIGH_DOSE, UNWEIGHED, NSAID):
        asked = json.loads(json.dumps(called(said)).replace("patient-1", json.dumps(patient)[1:-1]))
        asked["context"]["encounterId"] = encounter
        for _, suggestion in suggestions(asked):
            for action in suggestion["actions"]:
                for whose in ("subject", "for", "encounter"):
                    written = action.get("resource", {}).get(whose, {}).get("reference", "Patient/plain")
                    type_, _, id_ = written.partition("/")
                    assert type_ in ("Patient", "Encounter")
                    assert id_
                    assert not set(id_) - set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._~:-")


def test_without_a_patient_that_can_be_named_an_nsaid_can_still_be_deleted() -> None:
    asked = json.loads(json.dumps(called(NSAID)).replace("patient-1", "patient one"))
    (found,) = [suggestion for _, suggestion in suggestions(asked)]
    assert [action["type"] for action in found["actions"]] == ["delete"]
