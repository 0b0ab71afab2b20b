"""The schemas of what the service answers: as narrow as its answers are, so that a client may rely on all of it."""

from __future__ import annotations

from typing import Any

from cds.findings import EXTENSION, TIERS

Schema = dict[str, Any]

TEXT: Schema = {"type": "string", "minLength": 1}
_URL: Schema = {"type": "string", "format": "uri", "pattern": "^https?://"}
_UUID: Schema = {"type": "string", "format": "uuid"}


def ref(name: str) -> Schema:
    """A reference to one of the document's schemas."""
    return {"$ref": f"#/components/schemas/{name}"}


def listed(items: Schema, least: int = 1) -> Schema:
    """A list; a list without an item is left out wherever the standard does not require it."""
    return {"type": "array", "items": items, "minItems": least}


def closed(required: dict[str, Schema], optional: dict[str, Schema] | None = None, **more: Any) -> Schema:
    """An object with these members and no others."""
    properties = {**required, **(optional or {})}
    return {
        "type": "object",
        "required": list(required),
        "properties": properties,
        "additionalProperties": False,
        **more,
    }


_CODING = closed({"system": TEXT, "code": TEXT, "display": TEXT})

_EVIDENCE = closed(
    {"says": TEXT}, {"resource": {**TEXT, "description": "The resource it was read from, as Type/id or by its place"}}
)

_FINDING = closed(
    {
        "rule": {**TEXT, "description": "The rule that speaks; /rules/rules/{rule}.html explains it"},
        "edition": {**TEXT, "description": "Which rules, tables, values and site file said so"},
    },
    {
        "about": {**TEXT, "description": "The order that the card stands on; absent where it is about the whole call"},
        "evidence": {
            **listed(_EVIDENCE),
            "description": "What the card stands on, and where it was read",
        },
        "notChecked": {**listed(TEXT), "description": "What could not be taken into account, and why"},
    },
)

_ACTION: Schema = {
    "oneOf": [
        closed(
            {
                "type": {"enum": ["create", "update"]},
                "description": TEXT,
                "resource": {**ref("Resource"), "description": "The whole resource; of an update the client's own"},
            }
        ),
        closed({"type": {"const": "delete"}, "description": TEXT, "resourceId": TEXT}),
    ]
}

_SUGGESTION = closed(
    {"label": {**TEXT, "maxLength": 80}, "uuid": _UUID, "actions": listed(_ACTION)},
    {"isRecommended": {"const": True}},
)

_CARD = closed(
    {
        "uuid": {**_UUID, "description": "What feedback names the card by"},
        "summary": {**TEXT, "maxLength": 139},
        "detail": {**TEXT, "description": "GitHub-flavored Markdown without HTML"},
        "indicator": {"enum": list(TIERS)},
        "source": closed({"label": TEXT, "topic": _CODING}, {"url": _URL, "icon": _URL}),
        "overrideReasons": listed(_CODING),
        "extension": closed({EXTENSION: _FINDING}),
    },
    {
        "suggestions": listed(_SUGGESTION),
        "selectionBehavior": {"enum": ["at-most-one", "any"]},
        "links": listed(closed({"label": TEXT, "url": _URL, "type": {"const": "absolute"}})),
    },
    dependentRequired={"suggestions": ["selectionBehavior"], "selectionBehavior": ["suggestions"]},
)

_SERVICE = closed(
    {
        "id": TEXT,
        "hook": {"enum": ["order-select", "order-sign", "patient-view"]},
        "title": TEXT,
        "description": TEXT,
        "prefetch": {"type": "object", "additionalProperties": TEXT, "minProperties": 1},
        "usageRequirements": TEXT,
    },
    {"version": {"const": "3.0.0"}, "hookVersion": {"const": "1.0"}},
    dependentRequired={"version": ["hookVersion"], "hookVersion": ["version"]},
)

_ISSUE = closed(
    {"severity": {"const": "error"}, "code": TEXT},
    {
        "diagnostics": {**TEXT, "description": "What was wrong, where, what to do; never a value that was sent"},
        "expression": {**listed(TEXT), "maxItems": 1, "description": "The place, as a JSON path into the request"},
    },
)

SCHEMAS: dict[str, Schema] = {
    "Resource": {
        "description": "A FHIR R4 resource.",
        "type": "object",
        "required": ["resourceType"],
        "properties": {"resourceType": {"type": "string", "pattern": "^[A-Z][A-Za-z]+$"}, "id": {"type": "string"}},
    },
    "Services": closed({"services": listed(ref("Service"), 0)}),
    "Service": _SERVICE,
    "Cards": closed({"cards": {**listed(ref("Card"), 0), "description": "Empty: evaluated, and nothing to say"}}),
    "Card": _CARD,
    "OperationOutcome": closed(
        {"resourceType": {"const": "OperationOutcome"}, "issue": {**listed(_ISSUE), "maxItems": 1}}
    ),
    "Alive": closed({"status": {"const": "alive"}}),
    "Ready": closed(
        {
            "status": {"const": "ready"},
            "edition": TEXT,
            "rules": {"type": "integer", "minimum": 1, "description": "Rules that speak and are on"},
            "rulesOff": {**listed(TEXT, 0), "description": "Ids of rules that are off"},
        }
    ),
}
"""Every schema of an answer by its name."""
