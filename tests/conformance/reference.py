"""A small CDS service that does everything right, and wrong in just the way that a test asks for.

It is guarded by client tokens, takes feedback, needs the patient (412 without), and answers each order with one card
that has whatever a card can have.
"""

from __future__ import annotations

import asyncio
import json
import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from cds.conformance import Identity
from cds.wording import escape
from tests.conftest import serving

ORIGIN = "https://browser.example"
KEY = ec.generate_private_key(ec.SECP384R1())
PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
IDENTITY = Identity("https://client.example", "k1", PEM)

Change = Callable[[Any], Any]


def _same(content: Any) -> Any:
    return content


@dataclass
class Behavior:
    """How the service is wrong: `discovery` and `answer` change what it says, `instead` what it does.

    `instead` maps a check that the service makes to the status it gives in place of its refusal; 200 goes on.
    """

    discovery: Change = _same
    answer: Change = _same
    instead: dict[str, int] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    """What a 401 says, by the name of the check."""
    headers: dict[str, str] = field(default_factory=dict)
    guarded: bool = False
    """Whether it asks for tokens."""
    seconds: float = 0.0
    lost_after: int | None = None
    """After so many good calls it answers 503."""


class Refused(Exception):
    def __init__(self, status: int, what: str = "") -> None:
        self.status, self.what = status, what


class Reference:
    """The service as an ASGI application; `behavior` may be exchanged between two calls."""

    def __init__(self) -> None:
        self.behavior = Behavior()
        self.seen: set[str] = set()
        self.base = ""
        self.app = Starlette(
            routes=[
                Route("/cds-services", self._discovery, methods=["GET", "OPTIONS"]),
                Route("/cds-services/{id}", self._call, methods=["POST", "OPTIONS"]),
                Route("/cds-services/{id}/feedback", self._feedback, methods=["POST", "OPTIONS"]),
            ],
            exception_handlers={Refused: self._refused},
        )

    def refuse(self, name: str, status: int, what: str = "") -> None:
        """Raises what the service answers where its check of this name fails."""
        given = self.behavior.instead.get(name, status)
        if given != 200:
            raise Refused(given, what or name)

    async def _refused(self, request: Request, fault: Exception) -> Response:
        assert isinstance(fault, Refused)
        if fault.status == 401:
            return Response(self.behavior.words.get(fault.what, ""), 401)
        issue = {"severity": "error", "code": "invalid", "diagnostics": fault.what}
        return JSONResponse({"resourceType": "OperationOutcome", "issue": [issue]}, fault.status)

    async def _discovery(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            return self._preflight(request)
        await self._admit(request)
        self.refuse("path", 200)
        return self._json(self.behavior.discovery({"services": [_service()]}))

    async def _call(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            return self._preflight(request)
        await self._admit(request)
        if request.path_params["id"] != "example-sign":
            self.refuse("id", 404)
        content = await self._object(request, "json")
        for name, kind in (("hook", str), ("hookInstance", str), ("context", dict)):
            if not isinstance(content.get(name), kind):
                self.refuse("members", 400)
                return self._json({"cards": []})
        if "patientId" not in content["context"]:
            self.refuse("members", 400)
        if content["hook"] != "order-sign":
            self.refuse("hook", 400)
        if not re.fullmatch(r"[0-9a-f-]{36}", content["hookInstance"]):
            self.refuse("uuid", 400)
        if "fhirAuthorization" in content and "fhirServer" not in content:
            self.refuse("server", 400)
        if "extension" in content:
            self.refuse("extension", 200)
        if "org-example-conformance" in content:
            self.refuse("member", 200)
        prefetch = content.get("prefetch") or {}
        if (prefetch.get("patient") or {}).get("resourceType") != "Patient":
            if self.behavior.instead.get("outcome") == 412:
                return Response("no patient", 412)
            self.refuse("data", 412)
        meds = prefetch.get("meds") or {}
        if meds.get("link"):
            self.refuse("pages", 200)
        if meds.get("link") or not meds.get("entry") or "OperationOutcome" in str(meds):
            self.refuse("meds", 200)
        self.refuse("good", 200)
        await asyncio.sleep(self.behavior.seconds)
        if self.behavior.lost_after is not None:
            self.behavior.lost_after -= 1
            if self.behavior.lost_after < 0:
                raise Refused(503)
        entries = content["context"].get("draftOrders", {}).get("entry", [])
        cards = [_card(entry["resource"]) for entry in entries]
        return self._json(self.behavior.answer({"cards": cards}))

    async def _feedback(self, request: Request) -> Response:
        await self._admit(request)
        self.refuse("feedback", 200)
        content = await self._object(request, "shape")
        items = content.get("feedback")
        if not isinstance(items, list):
            self.refuse("shape", 400)
            return Response()
        if len(items) > 1:
            self.refuse("batch", 200)
        for item in items:
            if not {"card", "outcome", "outcomeTimestamp"} <= set(item) or item["outcome"] == "ignored":
                self.refuse("shape", 400)
                return Response()
            if item["card"] not in self.seen:
                self.refuse("orphan", 200)
            if item["outcome"] == "accepted" and not item.get("acceptedSuggestions"):
                self.refuse("accepted", 400)
        return Response()

    async def _object(self, request: Request, name: str) -> dict[str, Any]:
        try:
            content = json.loads(await request.body())
        except ValueError:
            content = None
        if not isinstance(content, dict):
            self.refuse(name, 400)
        return content if isinstance(content, dict) else {}

    def _json(self, content: Any) -> Response:
        if isinstance(content, Response):
            return content
        self.seen |= {card["uuid"] for card in _listed(content) if isinstance(card.get("uuid"), str)}
        return JSONResponse(content, headers=self.behavior.headers)

    def _preflight(self, request: Request) -> Response:
        self.refuse("preflight", 200)
        headers = {
            "access-control-allow-origin": ORIGIN if request.headers.get("origin") == ORIGIN else "null",
            "access-control-allow-methods": "GET, POST",
            "access-control-allow-headers": "Authorization, Content-Type, Accept",
        }
        return Response(headers=headers | self.behavior.headers)

    async def _admit(self, request: Request) -> None:
        """Raises Refused for a token that is not good, as the standard and its best practices have it."""
        if not self.behavior.guarded:
            return
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if kind != "Bearer" or not token:
            self.refuse("token", 401)
            return
        try:
            header = jwt.get_unverified_header(token)
            claims = jwt.decode(token, options={"verify_signature": False})
        except jwt.PyJWTError:
            self.refuse("signature", 401)
            return
        if "jku" in header and "jku" in self.behavior.instead:
            await run_in_threadpool(_fetch, header["jku"])
        if header.get("alg") != "ES384":
            self.refuse("algorithm", 401)
            return
        try:
            jwt.decode(token, KEY.public_key(), ["ES384"], options={"verify_aud": False})
        except jwt.ExpiredSignatureError:
            self.refuse("expired", 401)
        except jwt.PyJWTError:
            self.refuse("signature", 401)
        if header.get("kid") != IDENTITY.kid or claims["iss"] != IDENTITY.issuer:
            self.refuse("kid", 401)
        own, heard = str(request.url), claims.get("aud")
        if own not in (heard if isinstance(heard, list) else [heard]):
            self.refuse("aud", 401)
        elif isinstance(heard, list) and "array" in self.behavior.instead:
            self.refuse("array", 401)
        if claims["jti"] in self.seen:
            self.refuse("jti", 401)
        self.seen.add(claims["jti"])


@contextmanager
def running() -> Iterator[Reference]:
    """The service on a free port of this machine."""
    made = Reference()
    with serving(made.app) as client:
        made.base = str(client.base_url)
        yield made


def _fetch(address: str) -> None:
    try:
        httpx.get(address, timeout=2)
    except httpx.HTTPError:
        return


def _listed(content: Any) -> list[dict[str, Any]]:
    cards = content.get("cards") if isinstance(content, dict) else None
    return [card for card in cards if isinstance(card, dict)] if isinstance(cards, list) else []


def _service() -> dict[str, Any]:
    return {
        "id": "example-sign",
        "hook": "order-sign",
        "title": "Example",
        "description": "Says something about every order.",
        "prefetch": {
            "patient": "Patient/{{context.patientId}}",
            "meds": "MedicationRequest?patient={{context.patientId}}&status=active,on-hold&_sort=-date&_count=50",
        },
    }


def _card(order: dict[str, Any]) -> dict[str, Any]:
    name = order["medicationCodeableConcept"]["text"]
    system = "https://example.org/reasons"
    return {
        "uuid": str(uuid.uuid4()),
        "summary": f"About {name[:40]}",
        "detail": f"You ordered {escape(name)}.",
        "indicator": "info",
        "source": {"label": "Example", "url": "https://example.org", "topic": {"system": system, "code": "t"}},
        "selectionBehavior": "at-most-one",
        "suggestions": [
            {
                "label": "Sign later",
                "uuid": str(uuid.uuid4()),
                "isRecommended": True,
                "actions": [
                    {"type": "update", "description": "On hold", "resource": {**order, "status": "on-hold"}},
                    {"type": "create", "description": "Ask", "resource": {"resourceType": "Task", "status": "draft"}},
                ],
            },
            {
                "label": "Do not sign",
                "uuid": str(uuid.uuid4()),
                "actions": [
                    {"type": "delete", "description": "Drop", "resourceId": f"MedicationRequest/{order['id']}"}
                ],
            },
        ],
        "overrideReasons": [{"system": system, "code": "known", "display": "I know"}],
        "links": [
            {"label": "Guideline", "url": "https://example.org/g", "type": "absolute"},
            {"label": "App", "url": "https://example.org/launch", "type": "smart", "appContext": "x"},
        ],
    }
