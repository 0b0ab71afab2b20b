"""F1-F3: what is said about cards afterwards, where the service wants to hear it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import orjson

from cds.conformance.check import Remarks, fails, line, passes, skips, warns
from cds.conformance.examination import Examination, Service
from cds.conformance.requests import refusal
from cds.conformance.samples import Sample
from cds.conformance.shape import is_text
from cds.conformance.wire import Answer

_PATH = "/feedback"
_ABSENT = (404, 405, 501)
_NOT_OFFERED = "feedback is not offered, which the standard allows"


@line("F1", 'Feedback is {"feedback": [...]}; another shape is refused with 4xx')
def form(examination: Examination) -> Remarks:
    for service, item in _offered(examination):
        if item is None:
            yield skips(_NOT_OFFERED)
            continue
        good = _send(examination, service, [item])
        yield from _heard(good, f"{service.id}, feedback as it should be")
        for what, body in _misshapen(item):
            answer = examination.call(service, body, _PATH)
            yield refusal(answer, f"{service.id}, {what}", fails, _is_good(good))


def _misshapen(item: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    yield "broken JSON", b'{"feedback": ['
    yield "no object", orjson.dumps([item])
    yield "feedback missing", orjson.dumps(item)
    yield "feedback an object", orjson.dumps({"feedback": item})
    for name in ("card", "outcome", "outcomeTimestamp"):
        yield f"{name} missing", orjson.dumps({"feedback": [{k: v for k, v in item.items() if k != name}]})
    yield "outcome ignored", orjson.dumps({"feedback": [{**item, "outcome": "ignored"}]})


@line("F2", "Repeats, unknown cards and several hookInstances in one POST are taken")
def batches(examination: Examination) -> Remarks:
    for service, item in _offered(examination):
        if item is None:
            yield skips(_NOT_OFFERED)
            continue
        yield from _heard(_send(examination, service, [item, item]), f"{service.id}, the same twice")
        others = [_overridden(card) for card in _cards(examination, service)]
        if others:
            yield from _heard(_send(examination, service, [item, *others]), f"{service.id}, several hookInstances")
        else:
            yield skips(f"{service.id}: no card has a uuid, so nothing about real cards was sent")
        answer = _send(examination, service, [_overridden(str(uuid.uuid4()))])
        if 400 <= answer.status < 500 and not answer.unheard:
            yield warns(f"{service.id}, an unknown card: {answer.status}; one stray card must not cost a batch")
        else:
            yield from _heard(answer, f"{service.id}, an unknown card")


@line("F3", "Accepted without acceptedSuggestions is refused with 4xx")
def accepted_nothing(examination: Examination) -> Remarks:
    for service, item in _offered(examination):
        if item is None:
            yield skips(_NOT_OFFERED)
            continue
        known = _is_good(_send(examination, service, [item]))
        answer = _send(examination, service, [{**item, "outcome": "accepted"}])
        yield refusal(answer, f"{service.id}, accepted without acceptedSuggestions", warns, known)


def _heard(answer: Answer, what: str) -> Remarks:
    if answer.unheard:
        yield skips(f"{what}: {answer.status}")
    elif _is_good(answer):
        yield passes(f"answered {answer.status}")
    else:
        yield fails(f"{what}: {answer.trouble or answer.status}")


def _offered(examination: Examination) -> Iterator[tuple[Service, dict[str, Any] | None]]:
    """Each service with an item of feedback about a card of it; None where it has no such address."""
    for service in examination.services:
        known = _cards(examination, service)
        item = _overridden(known[0] if known else str(uuid.uuid4()))
        offered = _send(examination, service, [item]).status not in _ABSENT
        yield service, item if offered else None


def _cards(examination: Examination, service: Service) -> list[str]:
    """The uuid of one card of each of two calls, where there are cards."""
    reply = next((one for one in examination.replies if one.service is service and one.cards), None)
    if reply is None:
        return []
    again = examination.reply(service, Sample("the same call again", reply.request))
    both = ([card["uuid"] for _, card in one.cards if is_text(card.get("uuid"))][:1] for one in (reply, again))
    return [uuid for found in both for uuid in found]


def _overridden(card: str) -> dict[str, Any]:
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    reason = {"userComment": "Conformance check"}
    return {"card": card, "outcome": "overridden", "overrideReason": reason, "outcomeTimestamp": now}


def _send(examination: Examination, service: Service, items: list[dict[str, Any]]) -> Answer:
    return examination.call(service, orjson.dumps({"feedback": items}), _PATH)


def _is_good(answer: Answer) -> bool:
    return 200 <= answer.status < 300 and not answer.trouble
