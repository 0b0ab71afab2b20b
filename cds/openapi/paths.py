"""Every path of the service with its methods, what each is sent, and every answer it can give."""

from __future__ import annotations

from typing import Any

from cds.hooks import SERVICES, Service
from cds.openapi.answers import ref
from cds.openapi.examples import FEEDBACK, call
from cds.openapi.refusals import refusals
from cds.openapi.requests import request_of

Item = dict[str, Any]

_JSON = ("application/json", "application/fhir+json")
_CALLERS: list[dict[str, list[str]]] = [{"client": []}, {}]
_ADMITTED = (401, 403, 405, 429, 500, 503)
_READ = (400, 408, 413, 415)


def paths() -> dict[str, Item]:
    """The paths, in the order in which a reader wants them."""
    found = {"/cds-services": _got("discover", "The services there are", _json("Services"), 401, 403, 429)}
    found["/cds-services"]["get"]["security"] = found["/cds-services"]["head"]["security"] = _CALLERS
    for service in SERVICES.values():
        found[f"/cds-services/{service.id}"] = {"post": _call(service)}
        found[f"/cds-services/{service.id}/feedback"] = {"post": _feedback(service)}
    for path, id_ in (("/cds-services/{id}", "call"), ("/cds-services/{id}/feedback", "feedback")):
        nothing = refusals(404, *_ADMITTED)
        post = {"operationId": f"{id_}-unknown", "summary": "An id that discovery does not list", "responses": nothing}
        found[path] = {"parameters": [_parameter("id")], "post": {**post, "security": _CALLERS}}
    return {**found, **_probes(), **_pages()}


def _probes() -> dict[str, Item]:
    text = _answer("Counters and durations", {"text/plain": {"schema": {"type": "string"}}})
    openapi = _answer("The document", {"application/json": {"schema": {"type": "object"}}})
    return {
        "/health": _got("health", "Whether the process is alive", _json("Alive")),
        "/ready": _got("ready", "Which rules it advises by", _json("Ready")),
        "/metrics": _got("metrics", "For Prometheus", text),
        "/openapi.json": _got("openapi", "This document", openapi),
    }


def _pages() -> dict[str, Item]:
    page = _answer("A page or its style", {"text/html": {}, "text/css": {}})
    moved = {"description": "To the first page", "headers": {"Location": {"schema": {"type": "string"}}}}
    first = _got("rules", "The rule book: where it begins", page)
    del first["get"]["responses"]["200"], first["head"]["responses"]["200"]
    for method in first.values():
        method["responses"]["307"] = moved
    return {
        "/rules": first,
        "/rules/": _got("rules-first", "The rule book: its first page", page),
        "/rules/{page}": {
            "parameters": [_parameter("page")],
            **_got("rules-page", "The rule book: its style, and its first page by name", page, 404),
        },
        "/rules/{part}/{page}": {
            "parameters": [_parameter("part"), _parameter("page")],
            **_got("rules-part", "The rule book: a rule, topic, product, table or concept", page, 404),
        },
    }


def _call(service: Service) -> Item:
    return {
        "operationId": service.id,
        "summary": service.title,
        "description": service.description,
        "security": _CALLERS,
        "requestBody": _body(request_of(service), call(service)),
        "responses": {"200": _json("Cards"), **refusals(*sorted((*_READ, *_ADMITTED, 412)))},
    }


def _feedback(service: Service) -> Item:
    return {
        "operationId": f"{service.id}-feedback",
        "summary": "What became of cards",
        "description": "Cards of any call, known here or not, may be reported, and again. It is counted, not kept.",
        "security": _CALLERS,
        "requestBody": _body("FeedbackBody", FEEDBACK),
        "responses": {"200": {"description": "Taken"}, **refusals(*sorted((*_READ, *_ADMITTED)))},
    }


def _body(schema: str, example: Any) -> Item:
    content = {"schema": ref(schema), "example": example}
    return {"required": True, "content": dict.fromkeys(_JSON, content)}


def _got(id_: str, summary: str, answer: Item, *statuses: int) -> Item:
    """A path that is read: HEAD answers as GET does, without a body."""
    refused = refusals(*sorted((*statuses, 405, 500)))
    get = {"operationId": id_, "summary": summary, "responses": {"200": answer, **refused}}
    bare = {status: {"description": "As with GET"} for status in get["responses"]}
    return {"get": get, "head": {**get, "operationId": f"{id_}-head", "responses": bare}}


def _json(schema: str) -> Item:
    return _answer(schema, {"application/json": {"schema": ref(schema)}})


def _answer(what: str, content: Item) -> Item:
    return {"description": what, "content": content}


def _parameter(name: str) -> Item:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
