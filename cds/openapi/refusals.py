"""How the service refuses: every status with the issue types it comes with, always as an OperationOutcome."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cds.openapi.answers import ref
from cds.settings import Settings

_AGAIN: dict[str, Any] = {"schema": {"type": "string", "pattern": "^[0-9]+$"}, "description": "Seconds"}
_HEADERS: Mapping[int, dict[str, Any]] = {
    401: {"WWW-Authenticate": {"required": True, "schema": {"const": "Bearer"}}},
    405: {"Allow": {"required": True, "schema": {"type": "string"}, "description": "The methods there are"}},
    429: {"Retry-After": _AGAIN},
    503: {"Retry-After": {**_AGAIN, "required": True}},
}
_CODES: Mapping[int, tuple[str, ...]] = {
    400: ("invalid",),
    401: ("login",),
    403: ("forbidden",),
    404: ("not-found",),
    405: ("not-supported",),
    408: ("timeout",),
    412: ("incomplete",),
    413: ("too-long", "too-costly"),
    415: ("not-supported",),
    429: ("throttled",),
    500: ("exception",),
    503: ("transient",),
}


def responses(settings: Settings) -> dict[str, Any]:
    """Every refusal by its status, as a reusable response."""
    return {str(status): _response(status, what) for status, what in _why(settings).items()}


def refusals(*statuses: int) -> dict[str, Any]:
    """References to the refusals of an operation."""
    return {str(status): {"$ref": f"#/components/responses/{status}"} for status in statuses}


def _response(status: int, what: str) -> dict[str, Any]:
    codes = {"properties": {"issue": {"items": {"properties": {"code": {"enum": list(_CODES[status])}}}}}}
    content = {"application/fhir+json": {"schema": {"allOf": [ref("OperationOutcome"), codes]}}}
    headers = _HEADERS.get(status)
    return {"description": what, **({"headers": headers} if headers else {}), "content": content}


def _why(settings: Settings) -> dict[int, str]:
    return {
        400: "Malformed, of another hook or about another patient. `expression` names the place.",
        401: "The token of the client is missing or was refused; why is not said.",
        403: "The client is known and may not do this.",
        404: "There is nothing here.",
        405: "The path has other methods; said to those that it does not have.",
        408: f"The body was not all sent within {settings.body_seconds:g} seconds. The connection is closed.",
        412: "Nothing can be said without data that were neither sent nor to be fetched.",
        413: (
            f"More than one call may hold: over {settings.max_body} bytes (`too-long`), over {settings.max_entries} "
            "resources, or more values, orders or past doses than are evaluated at once (`too-costly`)."
        ),
        415: "Not JSON in UTF-8, or compressed.",
        429: f"The client has {settings.max_calls_per_client} calls in hand, or sent too much to be let in.",
        500: "A fault of the service; never mistaken for having nothing to say.",
        503: f"{settings.max_calls} calls are in hand already.",
    }
