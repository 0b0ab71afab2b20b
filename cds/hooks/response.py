"""The body of an answer: no null and no empty member, but `cards` always; errors as an OperationOutcome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson


def cards_body(cards: Sequence[Mapping[str, Any]]) -> bytes:
    """The answer to a call as JSON."""
    return orjson.dumps({"cards": [prune(card) for card in cards]})


def outcome_body(code: str, what: str, where: str = "") -> bytes:
    """An OperationOutcome as JSON: the issue type `code`, what is wrong, and the place as a JSON path, each if told."""
    places = [where] if where else []
    issue = {"severity": "error", "code": code, "diagnostics": f"{where} {what}".strip(), "expression": places}
    return orjson.dumps(prune({"resourceType": "OperationOutcome", "issue": [issue]}))


def prune(value: Any, *, fhir: bool = False) -> Any:
    """The value without members that are null or empty, all the way down.

    In a FHIR resource (`fhir`, and whatever a member `resource` holds) a null inside a list stays: it keeps the list
    in step with the one that holds its extensions.
    """
    if isinstance(value, Mapping):
        kept = {name: prune(member, fhir=fhir or name == "resource") for name, member in value.items()}
        return {name: member for name, member in kept.items() if not _empty(member)}
    if isinstance(value, list | tuple):
        pruned = [prune(item, fhir=fhir) for item in value]
        return [item for item in pruned if (fhir and item is None) or not _empty(item)]
    return value


def _empty(value: object) -> bool:
    return value is None or (isinstance(value, str | list | dict) and not value)
