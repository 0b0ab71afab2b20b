"""CORS: web pages of the origins that are listed may call and read every answer, refusals and faults included."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cds.trust.callers import Origins

_PREFLIGHT = {
    "access-control-allow-methods": "GET, POST",
    "access-control-allow-headers": "Authorization, Content-Type, Accept, X-Request-ID",
    "access-control-max-age": "600",
}
_READABLE = "X-Request-ID, Retry-After"


class Browsers:
    """Answers the preflights of listed origins, which carry no token; those of others meet the routes, as any OPTIONS.

    It only tells browsers what a page may read: who may call is for the gate to say.
    """

    def __init__(self, app: ASGIApp, origins: Origins) -> None:
        self._app = app
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        listed = origin is not None and origin in self._origins

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = MutableHeaders(scope=message)
                said.add_vary_header("Origin")
                if listed:
                    said["access-control-allow-origin"] = origin or ""
                    said["access-control-expose-headers"] = _READABLE
            await send(message)

        if listed and scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            await _preflight(headers)(scope, receive, answer)
        else:
            await self._app(scope, receive, answer)


def _preflight(headers: Headers) -> Response:
    answer = Response(status_code=204, headers=_PREFLIGHT)
    if headers.get("access-control-request-private-network") == "true":
        answer.headers["access-control-allow-private-network"] = "true"
    return answer
