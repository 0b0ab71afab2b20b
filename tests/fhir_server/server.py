"""HTTP by hand, so that an answer can be late, cut short or broken off: GET alone, connections kept open."""

from __future__ import annotations

import asyncio
import json
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.fhir_server.store import Store

TOKEN = "eyJ-token-of-this-call"
FHIR_JSON = "application/fhir+json;charset=utf-8"


@dataclass
class Asked:
    """One question as it came."""

    path: str
    params: list[tuple[str, str]]
    headers: dict[str, str]

    @property
    def authorization(self) -> str:
        """Whom the question came from; "" where it does not say."""
        return self.headers.get("authorization", "")

    @property
    def kind(self) -> str:
        """The resource type that was asked for."""
        return self.path.strip("/").split("/")[0]


@dataclass
class Reply:
    """One answer, sent after `late` seconds; of a body with a `cut` so many bytes are sent, at `reset` nothing.

    How long it is stays open where it is `unannounced`: it ends where the connection does.
    """

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=lambda: {"content-type": FHIR_JSON})
    late: float = 0.0
    cut: int | None = None
    reset: bool = False
    unannounced: bool = False


Act = Callable[[Asked, Reply], Reply]
"""What a misbehaving server makes of a proper answer."""


class FhirServer:
    """The server of one test, its base address `url`. What it was asked is in `asked`.

    `connections` were made to it in all, of which so many are `open`; `closed` is set while there are none.

    `acts` change its answers by resource type, `ignored` are search parameters that it takes no notice of, `page` is
    the most entries it puts on a page, `next_link` changes the address of the next one. Without `token` it is open.
    """

    def __init__(self, resources: Iterable[dict[str, Any]], token: str | None = TOKEN, page: int = 1000) -> None:
        self.url = ""
        self.connections = self.open = 0
        self.closed = threading.Event()
        self.reset(resources, token, page)

    def reset(self, resources: Iterable[dict[str, Any]], token: str | None = TOKEN, page: int = 1000) -> None:
        """As new, with these resources, at the same address."""
        self.store, self.token, self.page = Store(resources), token, page
        self.asked: list[Asked] = []
        self.acts: dict[str, Act] = {}
        self.ignored: set[str] = set()
        self.next_link: Callable[[str], str] = lambda url: url

    @property
    def kinds(self) -> list[str]:
        """The types that it was asked for."""
        return [one.kind for one in self.asked]

    def answer(self, target: str, headers: dict[str, str]) -> Reply:
        parts = urlsplit(target)
        asked = Asked(parts.path.removeprefix("/fhir"), parse_qsl(parts.query, keep_blank_values=True), headers)
        self.asked.append(asked)
        if self.token is not None and asked.authorization != f"Bearer {self.token}":
            reply = _failed(401, "login")
        elif not parts.path.startswith("/fhir/"):
            reply = _failed(404, "not-found")
        else:
            reply = self._found(asked)
        act = self.acts.get(asked.kind, self.acts.get("*"))
        return act(asked, reply) if act is not None else reply

    def _found(self, asked: Asked) -> Reply:
        kind, _, id_ = asked.path.strip("/").partition("/")
        if id_:
            resource = self.store.read(kind, id_)
            return Reply(body=json.dumps(resource).encode()) if resource is not None else _failed(404, "not-found")
        try:
            found = self.store.search(kind, asked.params, self.ignored)
        except KeyError:
            return _failed(400, "not-supported")
        return Reply(body=json.dumps(self._page(asked, found)).encode())

    def _page(self, asked: Asked, found: list[dict[str, Any]]) -> dict[str, Any]:
        params = {name: value for name, value in asked.params if name not in self.ignored}
        size, number = min(self.page, int(params.get("_count", self.page))), int(params.get("_page", 1))
        shown = found[(number - 1) * size : number * size]
        entries = [{"fullUrl": f"{self.url}/{one['resourceType']}/{one.get('id')}", "resource": one} for one in shown]
        links = [{"relation": "self", "url": f"{self.url}{asked.path}"}]
        if number * size < len(found):
            onward = f"{self.url}{asked.path}?{urlencode({**params, '_page': number + 1})}"
            links.append({"relation": "next", "url": self.next_link(onward)})
        bundle = {"resourceType": "Bundle", "type": "searchset", "total": len(found), "link": links, "entry": entries}
        return {name: value for name, value in bundle.items() if value != []}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until the client leaves."""
        self.connections += 1
        self.open += 1
        self.closed.clear()
        try:
            while (line := await reader.readline()).strip():
                headers = dict[str, str]()
                while header := (await reader.readline()).decode("latin-1").strip():
                    name, _, value = header.partition(":")
                    headers[name.strip().lower()] = value.strip()
                reply = self.answer(line.split()[1].decode(), headers)
                if not await _send(reply, writer):
                    break
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()
            self.open -= 1
            if not self.open:
                self.closed.set()


async def _send(reply: Reply, writer: asyncio.StreamWriter) -> bool:
    """Whether the connection is still good for another answer."""
    await asyncio.sleep(reply.late)
    if reply.reset:
        writer.transport.abort()
        return False
    size = {} if reply.unannounced else {"content-length": str(len(reply.body))}
    head = "".join(f"{name}: {value}\r\n" for name, value in (size | reply.headers).items())
    writer.write(f"HTTP/1.1 {reply.status} X\r\n{head}\r\n".encode() + reply.body[: reply.cut])
    await writer.drain()
    return reply.cut is None and not reply.unannounced


def _failed(status: int, code: str) -> Reply:
    issue = {"severity": "error", "code": code, "diagnostics": "Jane-Doe-19610307"}
    return Reply(status, json.dumps({"resourceType": "OperationOutcome", "issue": [issue]}).encode())


@contextmanager
def serving_fhir(server: FhirServer, tls: ssl.SSLContext | None = None) -> Iterator[FhirServer]:
    """The server on a free port of this machine."""
    loop, ready = asyncio.new_event_loop(), threading.Event()
    ended: list[Callable[[], Awaitable[None] | object]] = []

    async def run() -> None:
        stop = asyncio.Event()
        listening = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=tls)
        port = listening.sockets[0].getsockname()[1]
        server.url = f"{'https' if tls else 'http'}://127.0.0.1:{port}/fhir"
        ended.append(stop.set)
        ready.set()
        await stop.wait()
        listening.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(0)

    thread = threading.Thread(target=lambda: loop.run_until_complete(run()), daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(ended[0])
        thread.join(10)
        loop.close()
