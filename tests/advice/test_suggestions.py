"""Every suggestion of every case: well formed, valid FHIR, of selected orders only, and followed it helps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class

from cds.advice.suggestions import KINDS
from cds.evaluation import Advice
from cds.fhir import resource_ref
from cds.findings import TIERS, Finding
from cds.situations import Situation, situations
from tests.advice.suggesting import offered, signed
from tests.chart.ordering import daily, dosage, order
from tests.support.applying import accepted
from tests.support.run import about_of, advise_request, book, rule_of

Card = Mapping[str, Any]

SITUATIONS = [case for case in situations() if case.expected]
SILENT = frozenset[str]().union(*(case.rules_on for case in SITUATIONS))
SUGGESTING = {rule.id: rule.card.suggest for rule in book(SILENT).rules.rules if rule.card.suggest}


CHANGING = {"dose_in_range", "dose_by_adjusted_weight", "replace_product"}
"""The kinds that change an immune globulin order."""
STOCKED = tuple(
    id for id in sorted(book().knowledge.products.normal) if "intravenous" in book().knowledge.products.page(id).routes
)


def advise(case: Situation, request: Mapping[str, Any]) -> Advice:
    return advise_request(request, case.as_of, case.rules_on, case.formulary)


def offers(case: Situation) -> Iterator[tuple[Card, Mapping[str, Any]]]:
    for card in advise(case, case.request()).cards:
        for suggestion in card.get("suggestions", ()):
            yield card, suggestion


def one_change_of_an_order(cards: Iterable[Card]) -> None:
    """Each sends the whole of it: accepted one after the other, the second would undo the first."""
    changing = [
        {
            action.get("resourceId") or resource_ref(action["resource"])
            for suggestion in card.get("suggestions", ())
            for action in suggestion["actions"]
            if action["type"] != "create"
        }
        for card in cards
    ]
    refs = [ref for of_card in changing for ref in of_card]
    assert len(set(refs)) == len(refs)


def named(cases: Iterable[Situation]) -> list[Any]:
    return [pytest.param(case, id=f"{case.rule}: {case.sentence}") for case in cases]


def replacing(case: Situation) -> bool:
    return any(one.name == "replace_product" for card in case.expected for one in SUGGESTING.get(card.rule, ()))


@pytest.mark.parametrize("case", named(case for case in situations() if case.expected))
def test_a_suggestion_of_a_case(case: Situation) -> None:
    request = case.request()
    one_change_of_an_order(advise(case, request).cards)
    for card, suggestion in offers(case):
        well_formed(card, suggestion)
        touches_selected_orders_only(request, suggestion)
        followed_it_helps(case, card, suggestion)


@pytest.mark.parametrize("case", named(case for case in situations() if replacing(case)))
def test_a_suggestion_of_a_case_where_the_site_stocks_everything(case: Situation) -> None:
    for stocked in (STOCKED, STOCKED[::-1], STOCKED[7:]):
        test_a_suggestion_of_a_case(replace(case, said={**case.said, "formulary": stocked}))


def well_formed(card: Card, suggestion: Mapping[str, Any]) -> None:
    assert card["selectionBehavior"] in ("any", "at-most-one")
    uuids = [one["uuid"] for one in card["suggestions"]]
    assert len(set(uuids)) == len(uuids)
    recommended = [one for one in card["suggestions"] if one.get("isRecommended")]
    assert len(recommended) <= 1 or card["selectionBehavior"] == "any"
    assert 0 < len(suggestion["label"]) <= 80
    for action in suggestion["actions"]:
        assert action["description"]
        assert ("resource" in action) == (action["type"] != "delete")
        assert ("resourceId" in action) == (action["type"] == "delete")
        if "resource" in action:
            get_fhir_model_class(action["resource"]["resourceType"]).model_validate(action["resource"])


def touches_selected_orders_only(request: Mapping[str, Any], suggestion: Mapping[str, Any]) -> None:
    context = request["context"]
    drafts = [resource_ref(entry["resource"]) for entry in context["draftOrders"]["entry"]]
    for action in suggestion["actions"]:
        if action["type"] != "create":
            ref = action.get("resourceId") or resource_ref(action["resource"])
            assert ref in context.get("selections", drafts)
            assert drafts.count(ref) == 1


def followed_it_helps(case: Situation, card: Card, suggestion: Mapping[str, Any]) -> None:
    """The card is gone, or less serious; one that only asks for something more no longer asks for it.

    A changed immune globulin order brings no warning that was not there before, be it behind another card; what was
    behind this very card may come forward, less serious than it.
    """
    before, found = advise(case, case.request()), advise(case, accepted(case.request(), suggestion))
    after = found.cards
    if CHANGING & {kind.name for kind in SUGGESTING[rule_of(card)]}:
        fired = {(one.rule.id, one.about.ref): TIERS.index(one.tier) for one in findings(before)}
        over = next(one.rule.over for one in findings(before) if one.rule.id == rule_of(card))
        behind = {(rule, about_of(card)): TIERS.index(card["indicator"]) - 1 for rule in over}
        fired = {key: max(tier, behind.get(key, tier)) for key, tier in fired.items()}
        for one in findings(found):
            assert one.tier == "info" or TIERS.index(one.tier) <= fired.get((one.rule.id, one.about.ref), -1)
    same = [one for one in after if (rule_of(one), about_of(one)) == (rule_of(card), about_of(card))]
    if not same:
        return
    (left,) = same
    if TIERS.index(left["indicator"]) < TIERS.index(card["indicator"]):
        return
    assert all(action["type"] == "create" for action in suggestion["actions"]), "the card is raised again"
    assert suggestion["label"] not in [one["label"] for one in left.get("suggestions", ())]


def findings(advice: Advice) -> Iterable[Finding]:
    return advice.outcome.findings if advice.outcome else ()


def test_every_kind_is_suggested_by_a_rule_and_in_a_case() -> None:
    assert {suggest.name for suggests in SUGGESTING.values() for suggest in suggests} == set(KINDS)
    offering = {rule_of(card) for case in SITUATIONS if case.rule in SUGGESTING for card, _ in offers(case)}
    assert offering == set(SUGGESTING), "no case of these rules gets a suggestion"


def test_a_wrong_product_in_a_wrong_dose_is_offered_another_product_alone() -> None:
    sent = order(dosage("60 g", timing=daily(1)), medicationCodeableConcept={"text": "Flebogamma DIF 5%"})
    advice = signed(sent, stocked=["privigen"], conditions=["hereditary fructose intolerance"])
    one_change_of_an_order(advice.cards)
    assert [one["label"] for one in offered(advice, "excipient.fructose-intolerance")] == ["Change to Privigen 10%"]
    assert offered(advice, "dose.out-of-range") == []
