"""The way of one hook call: what is offered, what is sent, what is evaluated, what is answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import orjson
from fastapi import APIRouter, Request, Response
from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException

from cds import hooks
from cds.access import Filler
from cds.chart import codes_met
from cds.edge import json_answer, read_body
from cds.evaluation import Advice, Book, evaluate, left_in_peace
from cds.metrics import Metrics
from cds.required import refuse_unanswerable
from cds.servers import narrowed
from cds.settings import Settings
from cds.trust import Client, Gate

Clock = Callable[[], datetime]


def hook_routes(
    book: Book, clock: Clock, metrics: Metrics, settings: Settings, gate: Gate, filler: Filler
) -> APIRouter:
    """Discovery and the services.

    `clock` gives the aware time that calls are evaluated at; `gate` lets callers in; `filler` asks for what they lack.
    """
    router = APIRouter()
    offered = hooks.discovery(book.knowledge.measurements)["services"]

    @router.get("/cds-services")
    async def discover(request: Request) -> Response:
        client = await gate.admit(request)
        return json_answer(orjson.dumps({"services": [one for one in offered if _may_call(client, one["id"])]}))

    @router.post("/cds-services/{id}")
    async def call(id: str, request: Request) -> Response:
        service = hooks.SERVICES.get(id)
        with metrics.call(service.hook if service else "unknown") as counted:
            client = await gate.admit(request, id)
            if service is None:
                raise HTTPException(404, "there is no CDS service of this id; GET /cds-services lists them")
            asked = hooks.read_request(hooks.decode(await read_body(request, settings.max_body)), service)
            servers = narrowed(settings.fhir_servers, client.fhir_servers if client else None)
            case = await filler.fill(asked, service.unread, servers)
            now = clock()
            advice = evaluate(case, now, book) if case is not None else left_in_peace(now, book)
            refuse_unanswerable(case or asked.case, advice, now, book)
            answer = json_answer(hooks.cards_body(advice.cards))
            counted.extend(advice.cards)
        answer.background = BackgroundTask(_look_at_codes, advice, book, metrics)
        return answer

    return router


def _may_call(client: Client | None, id: str) -> bool:
    return client is None or id in client.services


async def _look_at_codes(advice: Advice, book: Book, metrics: Metrics) -> None:
    """Runs when the answer is sent: a fault in a statistic is counted and logged, and costs no advice."""
    if advice.chart is not None:
        metrics.codes(codes_met(advice.chart.history, book.knowledge))
