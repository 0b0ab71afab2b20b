"""The schemas of what the service is sent: made from the models that read it, narrowed to what each hook asks for.

They describe what a client should send. What real clients send otherwise (one order in place of a Bundle, `Patient/x`
as patientId, white space) is read as well, and so are members that are not named here.
"""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import models_json_schema

from cds.case import SOURCES, TITLES
from cds.hooks import Envelope, FeedbackBody, Service
from cds.openapi.answers import Schema, ref

_FILLED: Schema = {"type": "string", "pattern": "\\S"}
_BUNDLE: Schema = {
    "description": "A FHIR R4 Bundle; its type may be any or left out.",
    "type": "object",
    "required": ["resourceType"],
    "properties": {
        "resourceType": {"const": "Bundle"},
        "entry": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["resource"],
                "properties": {"fullUrl": {"type": "string"}, "resource": ref("Resource")},
            },
        },
    },
}
_ACCEPTED: Schema = {
    "if": {"properties": {"outcome": {"const": "accepted"}}},
    "then": {
        "required": ["acceptedSuggestions"],
        "properties": {"acceptedSuggestions": {"type": "array", "minItems": 1}},
    },
}
_EITHER: Schema = {
    "anyOf": [
        {"required": ["reason"], "properties": {"reason": {"type": "object"}}},
        {"required": ["userComment"], "properties": {"userComment": _FILLED}},
    ]
}
"""What stands between members and no model can say: its reader does."""


def schemas(services: list[Service]) -> dict[str, Schema]:
    """Every schema of a request by its name; that of a service has the name that `request_of` gives."""
    _, made = models_json_schema(
        [(Envelope, "validation"), (FeedbackBody, "validation")], ref_template="#/components/schemas/{model}"
    )
    found: dict[str, Schema] = _tidied(made["$defs"])
    envelope, context = found.pop("Envelope"), found.pop("Context")
    keys = {key: {**_PREFETCHED, "description": TITLES[key].capitalize()} for key in SOURCES}
    found["FeedbackItem"] |= _ACCEPTED
    found["OverrideReason"] |= _EITHER
    found["FhirAuthorization"]["description"] = "How the FHIR server may be asked in this one call. It is never kept."
    found["Prefetch"] = {"type": "object", "properties": keys}
    found["Bundle"] = _BUNDLE
    for service in services:
        found[request_of(service)] = _of(service, envelope, context)
    return found


def request_of(service: Service) -> str:
    """The name of the schema of a service's requests."""
    return "".join(map(str.capitalize, service.hook.split("-"))) + "Request"


_PREFETCHED: Schema = {"anyOf": [ref("Bundle"), ref("Resource"), {"type": "null"}]}


def _of(service: Service, envelope: Schema, context: Schema) -> Schema:
    """The envelope of a service: its hook, and the members that its context has."""
    more = {"order-select": ["draftOrders", "selections"], "order-sign": ["draftOrders"], "patient-view": []}[
        service.hook
    ]
    members = {name: schema for name, schema in context["properties"].items() if name in _ALWAYS or name in more}
    members |= {"userId": _FILLED, "patientId": _FILLED}
    if "draftOrders" in more:
        members["draftOrders"] = ref("Bundle")
    if "selections" in more:
        members["selections"] = {"type": "array", "items": {"type": "string"}, "description": "Type/id of draftOrders"}
    return {
        **envelope,
        "description": f"A call of the hook {service.hook}.",
        "properties": {
            **envelope["properties"],
            "hook": {"const": service.hook},
            "hookInstance": {"type": "string", "format": "uuid"},
            "context": {**context, "properties": members, "required": [*context["required"], *more]},
            "prefetch": {"anyOf": [ref("Prefetch"), {"type": "null"}]},
            "fhirServer": {"type": ["string", "null"], "format": "uri", "pattern": "^https?://\\S+$"},
        },
        "dependentRequired": {"fhirAuthorization": ["fhirServer"]},
    }


_ALWAYS = ("userId", "patientId", "encounterId")


def _tidied(schema: Any) -> Any:
    """A schema without the titles and defaults that a model adds of itself."""
    if isinstance(schema, list):
        return [_tidied(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {name: value for name, value in schema.items() if not _is_noise(name, value)}
    return {name: _tidied(value) for name, value in kept.items()}


def _is_noise(name: str, value: Any) -> bool:
    return (name == "title" and isinstance(value, str)) or (name == "default" and value is None)
