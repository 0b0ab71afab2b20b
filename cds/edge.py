"""Where HTTP begins and ends: request ids, bodies and their limits, and faults that become a mute 500."""

from __future__ import annotations

import asyncio
import logging
import re
import traceback
import uuid
from collections.abc import Mapping
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cds import hooks
from cds.metrics import Metrics

_log = logging.getLogger("ivig_cds")
_PACKAGE = Path(__file__).resolve().parent
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_TYPES = ("application/json", "application/fhir+json")
_CHARSETS = ("utf-8", "utf8", "us-ascii")
_REQUEST_ID = "x-request-id"
_CLOSE = {"connection": "close"}


class Edge:
    """Gives every answer its request id; an exception that nothing caught becomes 500, counted and logged mutely."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = Headers(scope=scope).get(_REQUEST_ID, "")
        request_id = asked if _ID.fullmatch(asked) else uuid.uuid4().hex
        scope.setdefault("state", {})["ivig_cds_request"] = request_id
        started = False

        async def answer(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                MutableHeaders(scope=message)[_REQUEST_ID] = request_id
            await send(message)

        try:
            await self._app(scope, receive, answer)
        except ClientDisconnect:
            _log.info("request %s: the client left", request_id)
        except Exception as fault:
            self._metrics.fault(fault)
            _log.error("request %s: %s at %s", request_id, type(fault).__name__, place_of(fault))
            if not started:
                broken = outcome(500, "exception", f"the call could not be evaluated (request {request_id})")
                await broken(scope, receive, answer)


def json_answer(body: bytes) -> Response:
    """An answer of 200 whose body is JSON already."""
    return Response(body, media_type="application/json")


def outcome(status: int, code: str, what: str, where: str = "", headers: Mapping[str, str] | None = None) -> Response:
    """An error as an OperationOutcome."""
    body = hooks.outcome_body(code, what, where)
    return Response(body, status, headers=dict(headers or {}), media_type="application/fhir+json")


def place_of(fault: BaseException) -> str:
    """The innermost line of this package that an exception went through; never its message, which may quote data."""
    for frame in reversed(traceback.extract_tb(fault.__traceback__)):
        file = Path(frame.filename)
        if file.is_relative_to(_PACKAGE):
            return f"{file.relative_to(_PACKAGE.parent)}:{frame.lineno}"
    return "?"


async def read_body(request: Request, limit: int, seconds: float) -> bytes:
    """The body of a call.

    Raises HTTPException: 415 unless it is plain JSON in UTF-8, 413 over `limit` bytes, 408 where it is not all there
    after so many seconds. Of a body that is not read to its end the connection is closed.
    """
    if not _is_json(request.headers.get("content-type", _TYPES[0])):
        raise HTTPException(415, f"send {_TYPES[0]} or {_TYPES[1]} in UTF-8")
    if request.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
        raise HTTPException(415, "send it uncompressed, without content-encoding")
    announced = request.headers.get("content-length", "0")
    if not announced.isdigit() or int(announced) <= limit:
        try:
            async with asyncio.timeout(seconds):
                if (body := await _up_to(limit, request)) is not None:
                    return body
        except TimeoutError:
            raise HTTPException(
                408, f"not sent within {seconds:g} seconds; IVIG_CDS_BODY_SECONDS sets the limit", headers=_CLOSE
            ) from None
    raise HTTPException(413, f"larger than {limit} bytes; IVIG_CDS_MAX_BODY sets the limit", headers=_CLOSE)


async def _up_to(limit: int, request: Request) -> bytes | None:
    """The body, None where it is larger."""
    size, parts = 0, []
    async for part in request.stream():
        size += len(part)
        if size > limit:
            return None
        parts.append(part)
    return b"".join(parts)


def _is_json(content_type: str) -> bool:
    media_type, *parameters = (part.strip().lower() for part in content_type.split(";"))
    charsets = [p.partition("=")[2].strip(' "') for p in parameters if p.partition("=")[0].strip() == "charset"]
    return media_type in _TYPES and all(charset in _CHARSETS for charset in charsets)
