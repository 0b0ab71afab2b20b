"""The endpoints that ask who is calling, and how they answer a token."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import orjson

from cds.conformance.check import Remark, fails, passes, skips
from cds.conformance.examination import Examination
from cds.conformance.samples import fresh
from cds.conformance.wire import Answer

OPEN = "the service answers without a token"
"""Why the lines about tokens cannot be checked."""
_REFUSED = (400, 401, 403)


@dataclass(frozen=True, slots=True)
class Gate:
    """An endpoint that was asked without a token, and what it answered."""

    method: str
    url: str
    body: bytes
    open_answer: Answer

    @property
    def guarded(self) -> bool:
        return self.open_answer.status in (401, 403)


def gates(examination: Examination) -> Iterator[Gate]:
    """Discovery and the first service."""
    yield _gate(examination, "GET", examination.discovery_url)
    for reply in examination.replies[:1]:
        yield _gate(examination, "POST", reply.service.url, orjson.dumps(fresh(reply.request)))


def guarded(examination: Examination) -> list[Gate]:
    """The gates that turn away who has no token."""
    return [gate for gate in gates(examination) if gate.guarded]


def knock(examination: Examination, gate: Gate, token: str) -> Answer:
    """The answer of an endpoint to a token ("" for none)."""
    return examination.ask(gate.method, gate.url, gate.body, token)


def turned_away(answer: Answer, what: str, accepted: Callable[[str], Remark] = fails) -> Remark:
    """What to say of the answer to a token that is not good."""
    if answer.trouble:
        return fails(f"{what}: {answer.trouble}")
    if answer.status == 429:
        return skips(f"{what}: 429")
    if answer.status in _REFUSED:
        return passes(f"refused with {answer.status}")
    if answer.status >= 500:
        return fails(f"{what}: {answer.status}")
    return accepted(f"{what}: accepted ({answer.status})")


def _gate(examination: Examination, method: str, url: str, body: bytes = b"") -> Gate:
    return Gate(method, url, body, examination.ask(method, url, body, ""))
