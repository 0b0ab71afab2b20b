"""The service: `create_app` reads the rule book once, answers CDS Hooks, probes and Prometheus, and shows the rules."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import orjson
from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException

from cds import hooks, pages, trust
from cds.access import Filler
from cds.calls import Clock, hook_routes
from cds.edge import Edge, json_answer, outcome
from cds.errors import BadRequest, TooMuch, Unanswerable
from cds.evaluation import Book, evaluate, load_book
from cds.feedback_calls import feedback_routes
from cds.metrics import Metrics
from cds.openapi import document
from cds.settings import Settings, read_settings, rules_folder
from cds.traffic import Traffic
from cds.worker import Worker

if TYPE_CHECKING:
    from cds.fhir.client import Client

_ISSUES = {
    401: "login",
    403: "forbidden",
    404: "not-found",
    405: "not-supported",
    408: "timeout",
    413: "too-long",
    415: "not-supported",
    429: "throttled",
    503: "transient",
}
"""The FHIR issue type of each status that a caller, routing, a body or too many calls give."""

_READ = ["GET", "HEAD"]

_WARM_UP: dict[str, Any] = {
    "resourceType": "Bundle",
    "type": "collection",
    "entry": [
        {"resource": {"resourceType": "Patient", "id": "warm-up", "birthDate": "1980-01-01", "gender": "female"}},
        {
            "resource": {
                "resourceType": "MedicationRequest",
                "id": "warm-up",
                "status": "draft",
                "intent": "order",
                "subject": {"reference": "Patient/warm-up"},
                "medicationCodeableConcept": {"text": "Privigen 10 % intravenous solution"},
            }
        },
    ],
}


def create_app(settings: Settings | None = None, *, clock: Clock = lambda: datetime.now(UTC)) -> FastAPI:
    """The service as an ASGI application, also to be mounted under any path of another one.

    The rule book is read, checked and tried here, not in the lifespan, which a mounted application does not get:
    raises BookFault with everything wrong in the rules or in the clients file. `clock` gives the aware time that tokens
    are checked and calls are evaluated at.
    """
    settings = settings or read_settings()
    folder = rules_folder()
    book = load_book(
        folder,
        settings.timezone,
        off=settings.rules_off,
        site=settings.site,
        standard_reasons=settings.cds_hooks == "3.0",
    )
    evaluate(hooks.case_of_bundle(_WARM_UP), clock(), book)
    client = _client(settings)
    app = FastAPI(title="ivig-cds", openapi_url=None, redirect_slashes=False, lifespan=_closing(client))
    metrics = Metrics()
    queries = hooks.prefetch(book.knowledge.measurements)
    filler = Filler(client, book.knowledge, queries, settings.fetch_ms / 1000, metrics.fetch)
    gate, origins = trust.open_gate(
        settings, hooks.SERVICES, clock=clock, count=metrics.authentication, count_fetched=metrics.key_set
    )
    app.add_middleware(Edge, metrics=metrics)
    app.add_middleware(trust.Browsers, origins=origins)
    _answer_errors(app)
    traffic, worker = Traffic(settings.max_calls, settings.max_calls_per_client), Worker()
    app.include_router(hook_routes(book, clock, metrics, settings, gate, filler, traffic, worker))
    app.include_router(feedback_routes(metrics, settings, gate, traffic, worker))
    _answer_probes(app, book, clock, metrics, document(settings))
    app.include_router(pages.rule_book(book, folder, clock))
    return app


def _client(settings: Settings) -> Client | None:
    """The way to FHIR servers; none, and nothing loaded for it, where no server is listed."""
    if not settings.fhir_servers:
        return None
    from cds.fhir.client import Client

    return Client()


def _closing(client: Client | None) -> Any:
    """The lifespan: it has nothing to open, and an application that gets none leaves open connections to the end."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        if client is not None:
            await client.aclose()

    return lifespan


def _answer_probes(app: FastAPI, book: Book, clock: Clock, metrics: Metrics, described: bytes) -> None:
    @app.api_route("/health", methods=_READ)
    async def health() -> Response:
        return json_answer(orjson.dumps({"status": "alive"}))

    @app.api_route("/ready", methods=_READ)
    async def ready() -> Response:
        today = clock().astimezone(book.zone).date()
        state = {
            "status": "ready",
            "edition": book.rules.edition(today),
            "rules": len(book.rules.rules),
            "rulesOff": sorted(book.rules.off),
        }
        return json_answer(orjson.dumps(state))

    @app.api_route("/metrics", methods=_READ)
    async def measured() -> Response:
        body, media_type = metrics.exposition()
        return Response(body, media_type=media_type)

    @app.api_route("/openapi.json", methods=_READ)
    async def openapi() -> Response:
        return json_answer(described)


def _answer_errors(app: FastAPI) -> None:
    @app.exception_handler(BadRequest)
    async def bad(request: Request, fault: BadRequest) -> Response:
        return outcome(400, "invalid", fault.what, fault.where)

    @app.exception_handler(Unanswerable)
    async def unanswerable(request: Request, fault: Unanswerable) -> Response:
        return outcome(412, "incomplete", fault.what)

    @app.exception_handler(TooMuch)
    async def too_much(request: Request, fault: TooMuch) -> Response:
        return outcome(413, "too-costly", fault.what, fault.where)

    @app.exception_handler(HTTPException)
    async def refused(request: Request, fault: HTTPException) -> Response:
        return outcome(
            fault.status_code, _ISSUES.get(fault.status_code, "invalid"), fault.detail, headers=fault.headers
        )
