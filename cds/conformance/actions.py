"""C7: what suggestions and system actions do, each a whole resource that the client can take as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from cds.conformance.cards import Card, every_reply
from cds.conformance.check import Remarks, fails, line, passes, skips, warns
from cds.conformance.examination import Examination, Reply
from cds.conformance.shape import is_text, objects, quoted

_TYPES = ("create", "update", "delete")
_REFERENCE = re.compile(r"[A-Z][A-Za-z]+/[A-Za-z0-9.-]{1,64}")
_NEEDED = ("status", "intent", "subject", "patient")
"""What an order keeps when it is changed: an update that lacks one of these was a patch."""


@line("C7", "Actions have type and description, a whole resource, or a resourceId to delete")
def actions(examination: Examination) -> Remarks:
    cards = False
    seen = False
    for reply in every_reply(examination):
        orders = _orders(reply.request)
        cards |= bool(reply.cards)
        for place, action, suggested in _actions(reply):
            seen = True
            if not isinstance(action, dict):
                yield fails(f"{place} is no object")
                continue
            wrong = list(_wrong(action, orders, suggested))
            yield from (fails(f"{place} {what}") for what in wrong)
            doubtful = list(_doubtful(action, orders, suggested))
            yield from (warns(f"{place} {what}") for what in doubtful)
            if not wrong and not doubtful:
                yield passes("actions")
    if cards and not seen:
        yield skips("no suggestion has actions")


def _actions(reply: Reply) -> Iterator[tuple[str, Any, bool]]:
    """Every action, its place, and whether it is part of a suggestion."""
    for place, card in reply.cards:
        for number, suggestion in enumerate(objects(card.get("suggestions"))):
            where = f"{place}.suggestions[{number}].actions"
            if "actions" in suggestion:
                yield from _listed(suggestion["actions"], where, True)
    content = reply.answer.content
    if reply.answer.status == 200 and isinstance(content, dict) and content.get("systemActions"):
        yield from _listed(content["systemActions"], f"{reply.place}: systemActions", False)


def _listed(value: object, where: str, suggested: bool) -> Iterator[tuple[str, Any, bool]]:
    if isinstance(value, list):
        yield from ((f"{where}[{number}]", action, suggested) for number, action in enumerate(value))
    else:
        yield where, value, suggested


def _wrong(action: Card, orders: Mapping[str, Card], suggested: bool) -> Iterator[str]:
    kind, resource = action.get("type"), action.get("resource")
    if kind not in _TYPES:
        yield f"has the type {quoted(kind)}"
    if suggested and not is_text(action.get("description")):
        yield "has no description"
    if kind in ("create", "update"):
        if not isinstance(resource, dict) or not is_text(resource.get("resourceType")):
            yield f"is a {kind} without a resource"
        elif kind == "update":
            yield from _patched(resource, orders)
    elif kind == "delete" and not is_text(action.get("resourceId")) and not is_text(resource):
        yield "is a delete without a resourceId"


def _patched(resource: Card, orders: Mapping[str, Card]) -> Iterator[str]:
    if not is_text(resource.get("id")):
        yield "is an update of a resource without id"
        return
    order = orders.get(_name(resource), {})
    lost = [name for name in _NEEDED if name in order and name not in resource]
    if lost:
        yield f"is an update that lost {', '.join(lost)} of the order: the resource must be whole"


def _doubtful(action: Card, orders: Mapping[str, Card], suggested: bool) -> Iterator[str]:
    target = action.get("resourceId")
    if not suggested and not is_text(action.get("description")):
        yield "is a system action without a description"
    if action.get("type") == "delete":
        if is_text(action.get("resource")) and not is_text(target):
            yield "names what to delete in resource; resourceId is its place now"
        elif not isinstance(target, str) or not _REFERENCE.fullmatch(target):
            yield "has a resourceId that is no relative reference Type/id"
        elif orders and target not in orders:
            yield "deletes what is not among the orders of the call"
    resource = action.get("resource")
    if action.get("type") == "update" and isinstance(resource, dict) and orders and _name(resource) not in orders:
        yield "updates what is not among the orders of the call"


def _orders(request: Mapping[str, Any]) -> dict[str, Card]:
    """The orders of a call by their references."""
    context = request.get("context")
    held = context.get("draftOrders") if isinstance(context, Mapping) else None
    entries = objects(held.get("entry")) if isinstance(held, Mapping) else []
    resources = [entry["resource"] for entry in entries if isinstance(entry.get("resource"), dict)]
    return {_name(one): one for one in resources}


def _name(resource: Card) -> str:
    return f"{resource.get('resourceType')}/{resource.get('id')}"
