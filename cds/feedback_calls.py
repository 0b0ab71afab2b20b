"""The way of a call of feedback: what became of cards is checked and counted. Nothing of it is kept."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from cds import hooks
from cds.edge import read_body
from cds.feedback import Feedback
from cds.metrics import Metrics
from cds.settings import Settings
from cds.traffic import Traffic, caller
from cds.trust import Gate
from cds.worker import LONG, Worker


def feedback_routes(metrics: Metrics, settings: Settings, gate: Gate, traffic: Traffic, worker: Worker) -> APIRouter:
    """The feedback endpoint of every service. One POST may tell of cards of any service, call and day."""
    router = APIRouter()

    @router.post("/cds-services/{id}/feedback")
    async def feedback(id: str, request: Request) -> Response:
        client = await gate.admit(request, id, "feedback")
        if id not in hooks.SERVICES:
            raise HTTPException(404, "there is no CDS service of this id; GET /cds-services lists them")
        with traffic.call_of(caller(request, client)):
            body = await read_body(request, settings.max_body, settings.body_seconds)
            metrics.feedback(await worker.run(len(body) > LONG, _read, body))
        return Response()

    return router


def _read(body: bytes) -> tuple[Feedback, ...]:
    hooks.guard_values(body)
    return hooks.read_feedback(hooks.decode(body))
