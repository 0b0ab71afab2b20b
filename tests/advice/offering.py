"""Calls in the short form of cases, to be spoiled by each test, and what their cards offer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from cds.situations.shortform import DEFAULTS, request
from tests.support.run import AS_OF, advise_request, rule_of

CHILD = {"patient": {"age": "4 years", "sex": "male"}, "weight": "16 kg", "order": "none"}
VACCINE = CHILD | {
    "vaccine_orders": [{"is": "MMR"}],
    "given": [{"product": "privigen", "dose": "2 g/kg", "on": "2026-02-20"}],
}
"""MMR is ordered for today; it takes again from CLEAR on."""
CLEAR = date(2027, 1, 20)
NSAID = CHILD | {
    "conditions": [{"is": "kawasaki", "onset": "-6 days"}],
    "drugs": [{"is": "ibuprofen_suspension", "id": "ibuprofen", "status": "draft"}],
}
HIGH_DOSE = {"order": {"product": "privigen", "dose": "2 g/kg", "reason": "CIDP"}}
UNWEIGHED = {"order": {"product": "privigen", "dose": "30 g", "reason": "PI"}, "weight": "missing"}


def called(said: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """The hook request of a situation."""
    return request({**DEFAULTS, **said, **more}, AS_OF, "offering")


def drafts(asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The draft orders of a request, to be changed."""
    return [entry["resource"] for entry in asked["context"]["draftOrders"]["entry"]]


def offered(asked: Mapping[str, Any], rule: str) -> list[dict[str, Any]]:
    """The suggestions of the cards of a rule."""
    cards = advise_request(asked, AS_OF).cards
    return [suggestion for card in cards if rule_of(card) == rule for suggestion in card.get("suggestions", ())]
