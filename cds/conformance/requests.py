"""R1-R4, R7, R8: calls that a service must refuse, and calls that it must not."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import orjson

from cds.conformance.check import Remark, Remarks, fails, line, passes, skips, warns
from cds.conformance.examination import Examination, Service
from cds.conformance.samples import CONTEXTS, fresh
from cds.conformance.wire import Answer

_BROKEN = (("broken JSON", b'{"hook": '), ("an empty body", b""), ("a list", b"[]"), ("null", b"null"))
_AUTHORIZATION = {
    "access_token": "conformance",
    "token_type": "Bearer",
    "expires_in": 300,
    "scope": "patient/*.read",
    "subject": "conformance",
}
_EXTENSION = {"org.example.conformance": {"level": "unknown"}}


@line("R1", "Broken JSON and missing required members are refused with 4xx")
def broken(examination: Examination) -> Remarks:
    for service, request, known in _calls(examination):
        for what, body in _faulty(request):
            yield refusal(examination.call(service, body), f"{service.id}, {what}", fails, known)


def _faulty(request: Mapping[str, Any]) -> Iterator[tuple[str, bytes]]:
    yield from _BROKEN
    for name in ("hook", "hookInstance", "context"):
        yield f"{name} missing", _without(request, name)
    yield "context a string", orjson.dumps({**request, "context": "x"})
    context = request.get("context")
    if request.get("hook") in CONTEXTS and isinstance(context, Mapping):
        kept = {name: value for name, value in context.items() if name != "patientId"}
        yield "context.patientId missing", orjson.dumps({**request, "context": kept})


def _without(request: Mapping[str, Any], name: str) -> bytes:
    return orjson.dumps({other: value for other, value in request.items() if other != name})


@line("R2", "A call of another hook is refused with 4xx")
def other_hook(examination: Examination) -> Remarks:
    for service, request, known in _calls(examination):
        own = {one.hook for one in examination.services if one.id == service.id}
        other = next(hook for hook in (*CONTEXTS, "no-hook") if hook not in own)
        answer = examination.call(service, {**fresh(request), "hook": other})
        yield refusal(answer, f"{service.id}, hook {other}", warns, known)


@line("R3", "A hookInstance that is no UUID is refused with 4xx")
def no_uuid(examination: Examination) -> Remarks:
    for service, request, known in _calls(examination):
        answer = examination.call(service, {**request, "hookInstance": "not-a-uuid"})
        yield refusal(answer, f"{service.id}, hookInstance not-a-uuid", warns, known)


@line("R4", "fhirAuthorization without fhirServer is refused with 4xx")
def no_server(examination: Examination) -> Remarks:
    for service, request, known in _calls(examination):
        content = {name: value for name, value in fresh(request).items() if name != "fhirServer"}
        answer = examination.call(service, {**content, "fhirAuthorization": _AUTHORIZATION})
        yield refusal(answer, f"{service.id}, fhirAuthorization without fhirServer", warns, known)


@line("R7", "A service id that does not exist is answered 404")
def unknown_id(examination: Examination) -> Remarks:
    for service, request, _ in _calls(examination):
        id_ = f"no-such-service-{uuid.uuid4()}"
        stranger = Service(id_, service.hook, f"{examination.discovery_url}/{id_}", {})
        answer = examination.call(stranger, fresh(request))
        if 400 <= answer.status < 500 and answer.status != 404 and not answer.unheard:
            yield warns(f"answered {answer.status}")
        else:
            yield refusal(answer, "an unknown id", fails, True)
        return


@line("R8", "Unknown members and extensions are tolerated")
def unknown_members(examination: Examination) -> Remarks:
    for service, request, known in _calls(examination):
        if not known:
            yield skips(f"{service.id}: no call of it was accepted")
            continue
        context = request.get("context")
        inside = {**context, "extension": _EXTENSION} if isinstance(context, Mapping) else context
        extended = {**fresh(request), "extension": _EXTENSION, "context": inside}
        yield _tolerated(examination.call(service, extended), f"{service.id}, an extension", fails)
        more = {**fresh(request), "org-example-conformance": [1, "two"]}
        yield _tolerated(examination.call(service, more), f"{service.id}, an unknown member", warns)


def _tolerated(answer: Answer, what: str, otherwise: Callable[[str], Remark]) -> Remark:
    if answer.status in (200, 412):
        return passes(f"answered {answer.status}")
    if answer.unheard:
        return skips(f"{what}: {answer.status}")
    if answer.trouble or answer.status >= 500:
        return fails(f"{what}: {answer.trouble or answer.status}")
    return otherwise(f"{what}: {answer.status}")


def refusal(answer: Answer, what: str, accepted: Callable[[str], Remark], known: bool) -> Remark:
    """What to say of an answer that should be 4xx; `accepted` where it is 2xx.

    4xx proves nothing where no good call was answered otherwise (`known`).
    """
    if answer.trouble:
        return fails(f"{what}: {answer.trouble}")
    if answer.unheard:
        return skips(f"{what}: {answer.status}")
    if 400 <= answer.status < 500:
        return passes(f"answered {answer.status}") if known else skips("refused, and so was the good call")
    if 200 <= answer.status < 300:
        return accepted(f"{what}: accepted with {answer.status}")
    return fails(f"{what}: {answer.status}")


def _calls(examination: Examination) -> Iterator[tuple[Service, Mapping[str, Any], bool]]:
    """Each service, a call of it, and whether that was accepted."""
    for service in examination.services:
        accepted = examination.accepted(service)
        first = accepted or next(reply for reply in examination.replies if reply.service is service)
        yield service, first.request, accepted is not None
