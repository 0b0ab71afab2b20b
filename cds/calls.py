"""The way of one hook call: what is offered, what is sent, what is evaluated, what is answered."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

import orjson
from fastapi import APIRouter, Request, Response
from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException

from cds import hooks
from cds.access import Filler
from cds.case import Case
from cds.chart import codes_met, concerns
from cds.edge import json_answer, place_of, read_body
from cds.evaluation import Advice, Book, consider
from cds.metrics import Metrics
from cds.required import refuse_unanswerable
from cds.servers import narrowed
from cds.settings import Settings
from cds.traffic import Traffic, caller
from cds.trust import Client, Gate
from cds.worker import LONG, Worker

_log = logging.getLogger("ivig_cds")

Clock = Callable[[], datetime]


def hook_routes(
    book: Book,
    clock: Clock,
    metrics: Metrics,
    settings: Settings,
    gate: Gate,
    filler: Filler,
    traffic: Traffic,
    worker: Worker,
) -> APIRouter:
    """Discovery and the services.

    `clock` gives the aware time that calls are evaluated at; `gate` lets callers in; `filler` asks for what they lack.
    """
    router = APIRouter()
    offered = hooks.discovery(book.knowledge.measurements, settings.cds_hooks)["services"]

    @router.api_route("/cds-services", methods=["GET", "HEAD"])
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
            with traffic.call_of(caller(request, client)):
                body = await read_body(request, settings.max_body, settings.body_seconds)
                long = len(body) > LONG
                asked = await worker.run(long, _read, body, service, settings.max_entries)
                servers = narrowed(settings.fhir_servers, client.fhir_servers if client else None)
                case = await filler.fill(asked, service.unread, servers)
                if case is None or not await worker.run(long, concerns, case, book.knowledge):
                    return json_answer(hooks.cards_body(()))
                advice, said = await worker.run(True, _advise, case, clock(), book)
            for fault in advice.faults:
                metrics.suggestion_fault(fault)
                _log.error("a suggestion was not made: %s at %s", type(fault).__name__, place_of(fault))
            answer = json_answer(said)
            counted.extend(advice.cards)
        answer.background = BackgroundTask(worker.run, long, _look_at_codes, advice, book, metrics)
        return answer

    return router


def _may_call(client: Client | None, id: str) -> bool:
    return client is None or id in client.services


def _read(body: bytes, service: hooks.Service, most: int) -> hooks.HookRequest:
    hooks.guard_values(body)
    asked = hooks.read_request(hooks.decode(body), service)
    hooks.guard_entries(asked.case, most)
    return asked


def _advise(case: Case, now: datetime, book: Book) -> tuple[Advice, bytes]:
    """The advice, and the answer that says it."""
    advice = consider(case, now, book)
    refuse_unanswerable(case, advice, now, book)
    return advice, hooks.cards_body(advice.cards)


def _look_at_codes(advice: Advice, book: Book, metrics: Metrics) -> None:
    """Runs when the answer is sent: a fault in a statistic is counted and logged, and costs no advice."""
    if advice.chart is not None:
        metrics.codes(codes_met(advice.chart.history, book.knowledge))
