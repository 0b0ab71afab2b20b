"""What a whole order-sign call costs, in one process: python bench/evaluation.py [REQUEST.json …]

For every request, about IVIG and about another drug: the evaluation alone (bytes in, bytes out), the call through the
ASGI application, and the floor, which is the same body through the same framework with nothing but a JSON parse and a
static answer. CPU time per call, median and 99th percentile; client and network are not in it.
"""

from __future__ import annotations

import asyncio
import gc
import json
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from fastapi import FastAPI, Request, Response

from cds import create_app, evaluate, hooks
from cds.evaluation import load_book
from cds.settings import Settings, rules_folder

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
REQUESTS = Path(__file__).parents[1] / "fhir_fixtures" / "requests"
ROUNDS, WARM_UP = 1000, 50
SIGN = "/cds-services/ivig-order-sign"


def main() -> None:
    started = time.perf_counter()
    app = create_app(Settings(), clock=lambda: NOW)
    print(f"start to ready {time.perf_counter() - started:.2f} s; medians of {ROUNDS} calls, µs of CPU (p99)")
    book = load_book(rules_folder(), UTC)
    gc.collect()
    gc.freeze()
    print(f"{'request':<44}{'bytes':>8}{'cards':>6}{'evaluation':>16}{'call':>16}{'floor':>14}{'call/floor':>11}")
    for name, body in bodies():
        alone = measure(lambda body=body: answer(body, book))
        loop = asyncio.new_event_loop()
        call = measure(lambda body=body, loop=loop: loop.run_until_complete(post(app, body)))
        floor = measure(lambda body=body, loop=loop: loop.run_until_complete(post(FLOOR, body)))
        loop.close()
        cards = len(json.loads(answer(body, book))["cards"])
        print(f"{name:<44}{len(body):>8}{cards:>6}{shown(alone):>16}{shown(call):>16}{shown(floor):>14}", end="")
        print(f"{statistics.median(call) / statistics.median(floor):>11.1f}")


def bodies() -> list[tuple[str, bytes]]:
    """Every order-sign request of the arguments, else of the fixtures, and each again with another drug ordered."""
    found = []
    for path in map(Path, sys.argv[1:] or sorted(REQUESTS.glob("*.json"))):
        content = json.loads(path.read_bytes().decode("utf-8-sig"))
        if content["hook"] == "order-sign":
            found.append((path.stem, json.dumps(content).encode()))
            for entry in content["context"]["draftOrders"]["entry"]:
                entry["resource"] = other_drug(entry["resource"])
            found.append((f"{path.stem} (other drug)", json.dumps(content).encode()))
    return found


def other_drug(order: dict[str, Any]) -> dict[str, Any]:
    coding = {
        "system": "http://www.nlm.nih.gov/research/umls/rxnorm",
        "code": "308182",
        "display": "amoxicillin 250 MG",
    }
    kept = {name: value for name, value in order.items() if not name.startswith("medication")}
    return kept | {"resourceType": "MedicationRequest", "medicationCodeableConcept": {"coding": [coding]}}


def answer(body: bytes, book: Any) -> bytes:
    case = hooks.case_of_request(hooks.decode(body), hooks.SERVICES["ivig-order-sign"])
    return hooks.cards_body(evaluate(case, NOW, book).cards)


def measure(work: Callable[[], object]) -> list[float]:
    """CPU microseconds of each round."""
    for _ in range(WARM_UP):
        work()
    times = []
    for _ in range(ROUNDS):
        started = time.process_time_ns()
        work()
        times.append((time.process_time_ns() - started) / 1000)
    return times


def shown(times: list[float]) -> str:
    return f"{statistics.median(times):.0f} ({statistics.quantiles(times, n=100)[98]:.0f})"


async def post(app: Any, body: bytes, *more: tuple[bytes, bytes]) -> bytes:
    """One POST straight into an ASGI application, with `more` headers; its answer."""
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode()), *more]
    scope = {"type": "http", "method": "POST", "path": SIGN, "raw_path": SIGN.encode(), "headers": headers}
    scope |= {"query_string": b"", "root_path": "", "scheme": "http", "http_version": "1.1", "server": ("127.0.0.1", 0)}
    parts: list[bytes] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        parts.append(message.get("body", b""))

    await app(scope, receive, send)
    return b"".join(parts)


FLOOR = FastAPI(openapi_url=None)


@FLOOR.post("/cds-services/{id}")
async def static(id: str, request: Request) -> Response:
    orjson.loads(await request.body())
    return Response(b'{"cards":[]}', media_type="application/json")


if __name__ == "__main__":
    main()
