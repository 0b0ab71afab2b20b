"""One examination of one base URL: what a person gave, what the service said, each asked for once and kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self
from urllib.parse import quote, urlsplit

import orjson

from cds.conformance import hostile
from cds.conformance.identity import STRANGER, Identity
from cds.conformance.samples import Sample, fresh, made_up, states
from cds.conformance.shape import is_absolute, is_text, objects
from cds.conformance.wire import Answer, Wire
from cds.errors import CdsError

_PATH = "/cds-services"
_MOST = 20
"""So many services are called; the report says where there are more."""
MOST_CARDS = 100
"""So many cards of one answer are looked at."""
_JSON = {"content-type": "application/json"}


@dataclass(frozen=True, slots=True)
class Given:
    """What the person brings along: hook requests, a client that the service knows, the origin of a browser client,
    how many calls are measured, and how many seconds an answer may take."""

    samples: tuple[Sample, ...] = ()
    identity: Identity | None = None
    origin: str = ""
    calls: int = 20
    seconds: float = 10.0


@dataclass(frozen=True, slots=True)
class Service:
    """A service that discovery names and that can be called."""

    id: str
    hook: str
    url: str
    prefetch: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reply:
    """A call that a client could make, and how it was answered."""

    service: Service
    sample: Sample
    request: Mapping[str, Any]
    answer: Answer

    @property
    def place(self) -> str:
        return f"{self.service.id}, {self.sample.name}"

    @property
    def cards(self) -> tuple[tuple[str, dict[str, Any]], ...]:
        """Every card that is an object, the first hundred, with its place."""
        content = self.answer.content
        cards = content.get("cards") if self.answer.status == 200 and isinstance(content, dict) else None
        listed = enumerate(cards[:MOST_CARDS]) if isinstance(cards, list) else ()
        return tuple((f"{self.place}: cards[{n}]", card) for n, card in listed if isinstance(card, dict))


class Examination:
    """Calls the services of one base URL, with or without `/cds-services` at its end. Raises CdsError for no URL."""

    def __init__(self, url: str, given: Given | None = None) -> None:
        base = url.strip().rstrip("/").removesuffix(_PATH).rstrip("/")
        if not is_absolute(base) or {"?", "#"} & set(base):
            raise CdsError("write the base URL of the service, such as https://cds.example/r4", "URL")
        self.base = base
        self.given = given or Given()
        self.wire = Wire(self.given.seconds)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *fault: object) -> None:
        self.wire.close()

    @property
    def discovery_url(self) -> str:
        return f"{self.base}{_PATH}"

    @property
    def issuer(self) -> str:
        return self.given.identity.issuer if self.given.identity else STRANGER

    @property
    def on_this_machine(self) -> bool:
        """Whether the service runs where this does, as far as its address tells."""
        host = urlsplit(self.base).hostname or ""
        return host in ("localhost", "::1") or host.startswith("127.")

    def ask(self, method: str, url: str, body: bytes = b"", token: str | None = None) -> Answer:
        """The answer to a request with a token of the client that was given, or with `token` ("" for none)."""
        if token is None:
            token = self.given.identity.token(url) if self.given.identity else ""
        return self.wire.send(method, url, body, _JSON | ({"authorization": f"Bearer {token}"} if token else {}))

    def call(self, service: Service, content: Mapping[str, Any] | bytes, path: str = "") -> Answer:
        """The answer of a service to a body, or of what lies at a path below it."""
        body = content if isinstance(content, bytes) else orjson.dumps(content)
        return self.ask("POST", service.url + path, body)

    def reply(self, service: Service, sample: Sample) -> Reply:
        """The answer of a service to a call, with a hookInstance of its own."""
        request = fresh(sample.content)
        return Reply(service, sample, request, self.call(service, request))

    @cached_property
    def discovery(self) -> Answer:
        return self.ask("GET", self.discovery_url)

    @cached_property
    def offered(self) -> tuple[Any, ...]:
        """The services of discovery as they stand there, whatever they are."""
        content = self.discovery.content if self.discovery.status == 200 else None
        listed = content.get("services") if isinstance(content, dict) else None
        return tuple(listed) if isinstance(listed, list) else ()

    @cached_property
    def services(self) -> tuple[Service, ...]:
        """The services that can be called, the first twenty."""
        return self._callable[:_MOST]

    @cached_property
    def _callable(self) -> tuple[Service, ...]:
        found: dict[tuple[str, str], Service] = {}
        for one in objects(list(self.offered)):
            id_, hook, prefetch = one.get("id"), one.get("hook"), one.get("prefetch")
            if isinstance(id_, str) and isinstance(hook, str) and is_text(id_) and is_text(hook):
                queries = prefetch.items() if isinstance(prefetch, dict) else ()
                keys = {key: query for key, query in queries if isinstance(query, str)}
                url = f"{self.discovery_url}/{quote(id_.encode('utf-8', 'replace'), safe='')}"
                found.setdefault((id_, hook), Service(id_, hook, url, keys))
        return tuple(found.values())

    @cached_property
    def replies(self) -> tuple[Reply, ...]:
        """Every given request sent to the services of its hook; a made-up one where none was given."""
        return tuple(self.reply(service, sample) for service in self.services for sample in self._samples(service))

    @cached_property
    def to_hostile(self) -> tuple[Reply, ...]:
        """The same calls with hostile words in everything that a person could have written."""
        return tuple(
            self.reply(reply.service, Sample(f"{reply.sample.name} with hostile words", hostile.spoilt(reply.request)))
            for reply in self.replies
            if reply.answer.status == 200
        )

    @cached_property
    def in_states(self) -> tuple[tuple[str, Reply], ...]:
        """The first accepted call of each service that has prefetch, with its prefetch in every state."""
        return tuple(
            (state, self.reply(service, Sample(state, content)))
            for service in self.services
            if service.prefetch and (reply := self.accepted(service))
            for state, content in states(reply.request, service.prefetch)
        )

    def accepted(self, service: Service) -> Reply | None:
        """The first call that was answered 200; else the first that was answered 412; else None."""
        own = [reply for reply in self.replies if reply.service is service]
        return next((reply for status in (200, 412) for reply in own if reply.answer.status == status), None)

    @property
    def silence(self) -> str:
        """Why a check that saw nothing had nothing to see."""
        if self.discovery.unheard:
            return f"discovery asks who is calling ({self.discovery.status}); give --client-key"
        if not self.services:
            return "discovery names no service that can be called"
        if not any(reply.answer.status == 200 for reply in self.replies):
            first = self.replies[0]
            said = first.answer.trouble or str(first.answer.status)
            return f"no call was answered 200 ({first.place}: {said}); give one with --request"
        return "no card came back; give a --request that gets one"

    @property
    def notes(self) -> Iterator[str]:
        """What the reader of the report should know besides."""
        hooks = {service.hook for service in self.services}
        for sample in self.given.samples:
            if sample.content.get("hook") not in hooks:
                yield f"{sample.name} was not sent: no service answers its hook"
        if len(self._callable) > _MOST:
            yield f"only the first {_MOST} of {len(self._callable)} services were called"

    def _samples(self, service: Service) -> tuple[Sample, ...]:
        given = tuple(sample for sample in self.given.samples if sample.content.get("hook") == service.hook)
        return given or (made_up(service.hook, service.prefetch),)
