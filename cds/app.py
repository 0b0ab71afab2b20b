"""The service: `create_app` reads the rule book once, answers CDS Hooks, probes and Prometheus, and shows the rules."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson
from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException

from cds import hooks, pages
from cds.calls import Clock, hook_routes
from cds.edge import Edge, json_answer, outcome
from cds.errors import BadRequest, TooMuch
from cds.evaluation import Book, evaluate, load_book
from cds.feedback_calls import feedback_routes
from cds.metrics import Metrics
from cds.openapi import document
from cds.settings import Settings, read_settings, rules_folder
from cds.traffic import Traffic
from cds.worker import Worker

_ISSUES = {
    404: "not-found",
    405: "not-supported",
    408: "timeout",
    413: "too-long",
    415: "not-supported",
    429: "throttled",
    503: "transient",
}
"""The FHIR issue type of each status that routing, a body or too many calls give."""

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
    raises BookFault with everything wrong in the rules. `clock` gives the aware time that calls are evaluated at.
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
    app = FastAPI(title="ivig-cds", openapi_url=None, redirect_slashes=False)
    metrics = Metrics()
    app.add_middleware(Edge, metrics=metrics)
    _answer_errors(app)
    traffic, worker = Traffic(settings.max_calls, settings.max_calls_per_client), Worker()
    app.include_router(hook_routes(book, clock, metrics, settings, traffic, worker))
    app.include_router(feedback_routes(metrics, settings, traffic, worker))
    _answer_probes(app, book, clock, metrics, document(settings))
    app.include_router(pages.rule_book(book, folder, clock))
    return app


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

    @app.exception_handler(TooMuch)
    async def too_much(request: Request, fault: TooMuch) -> Response:
        return outcome(413, "too-costly", fault.what, fault.where)

    @app.exception_handler(HTTPException)
    async def refused(request: Request, fault: HTTPException) -> Response:
        return outcome(
            fault.status_code, _ISSUES.get(fault.status_code, "invalid"), fault.detail, headers=fault.headers
        )
