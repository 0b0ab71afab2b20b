"""The way of one hook call: what is offered, what is sent, what is evaluated, what is answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import orjson
from fastapi import APIRouter, Request, Response
from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException

from cds import hooks
from cds.case import Case
from cds.chart import codes_met, concerns
from cds.edge import json_answer, read_body
from cds.evaluation import Advice, Book, evaluate
from cds.metrics import Metrics
from cds.settings import Settings
from cds.traffic import Traffic, caller
from cds.worker import LONG, Worker

Clock = Callable[[], datetime]


def hook_routes(
    book: Book, clock: Clock, metrics: Metrics, settings: Settings, traffic: Traffic, worker: Worker
) -> APIRouter:
    """Discovery and the services. `clock` gives the aware time that calls are evaluated at."""
    router = APIRouter()
    offered = orjson.dumps(hooks.discovery(book.knowledge.measurements, settings.cds_hooks))

    @router.api_route("/cds-services", methods=["GET", "HEAD"])
    async def discover() -> Response:
        return json_answer(offered)

    @router.post("/cds-services/{id}")
    async def call(id: str, request: Request) -> Response:
        service = hooks.SERVICES.get(id)
        with metrics.call(service.hook if service else "unknown") as counted, traffic.call_of(caller(request)):
            if service is None:
                raise HTTPException(404, "there is no CDS service of this id; GET /cds-services lists them")
            body = await read_body(request, settings.max_body, settings.body_seconds)
            long = len(body) > LONG
            asked, ours = await worker.run(long, _read, body, service, settings.max_entries, book)
            if not ours:
                return json_answer(hooks.cards_body(()))
            advice, said = await worker.run(True, _advise, asked.case, clock(), book)
            answer = json_answer(said)
            counted.extend(advice.cards)
        answer.background = BackgroundTask(worker.run, long, _look_at_codes, advice, book, metrics)
        return answer

    return router


def _read(body: bytes, service: hooks.Service, most: int, book: Book) -> tuple[hooks.HookRequest, bool]:
    """What was sent, and whether any of it is of our concern."""
    hooks.guard_values(body)
    asked = hooks.read_request(hooks.decode(body), service)
    hooks.guard_entries(asked.case, most)
    return asked, concerns(asked.case, book.knowledge)


def _advise(case: Case, now: datetime, book: Book) -> tuple[Advice, bytes]:
    """The advice, and the answer that says it."""
    advice = evaluate(case, now, book)
    return advice, hooks.cards_body(advice.cards)


def _look_at_codes(advice: Advice, book: Book, metrics: Metrics) -> None:
    """Runs when the answer is sent: a fault in a statistic is counted and logged, and costs no advice."""
    if advice.chart is not None:
        metrics.codes(codes_met(advice.chart.history, book.knowledge))
