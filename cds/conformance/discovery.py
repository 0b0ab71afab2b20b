"""D1-D3: what `GET {base}/cds-services` answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from cds.conformance.check import Remarks, fails, line, passes, skips, warns
from cds.conformance.examination import Examination
from cds.conformance.shape import empties, is_text, objects, quoted

_OPTIONAL = {"title": str, "usageRequirements": str, "version": str, "hookVersion": str, "extension": dict}
_KINDS = {str: "a string", dict: "an object"}


@line("D1", "GET {base}/cds-services answers 200 with the list of services")
def path(examination: Examination) -> Remarks:
    answer = examination.discovery
    if answer.trouble:
        yield fails(answer.trouble)
    elif answer.unheard:
        yield skips(examination.silence)
    elif answer.status != 200:
        yield fails(f"answered {answer.status}")
    elif not answer.is_json:
        yield fails("answered 200, and the body is no JSON")
    elif not isinstance(answer.content, dict) or not isinstance(answer.content.get("services"), list):
        yield fails("the body has no list of services")
    else:
        yield passes(f"services: {len(examination.offered)}")
        yield from _transport(examination)


def _transport(examination: Examination) -> Remarks:
    media_type = examination.discovery.headers.get("content-type", "")
    if media_type.partition(";")[0].strip().lower() != "application/json":
        yield warns(f"content-type is {quoted(media_type)}, not application/json")
    if not examination.base.lower().startswith("https:") and not examination.on_this_machine:
        yield warns("not https: patient data must not go this way")


@line("D2", "Every service has hook, id and description, and members of the right types")
def fields(examination: Examination) -> Remarks:
    for place, service in _offered(examination):
        if not isinstance(service, dict):
            yield fails(f"{place} is no object")
            continue
        wrong = list(_members(service))
        yield from (fails(f"{place}.{what}") for what in wrong)
        if not is_text(service.get("title")):
            yield warns(f"{place}.title is recommended and missing")
        if not wrong:
            yield passes("services with all that is required")
    yield from _ids(objects(list(examination.offered)))


def _members(service: dict[str, Any]) -> Iterator[str]:
    for name in ("hook", "id", "description"):
        if not is_text(service.get(name)):
            yield f"{name} is required and {'is no string' if service.get(name) else 'missing'}"
    for name, kind in _OPTIONAL.items():
        if name in service and not isinstance(service[name], kind):
            yield f"{name} is not {_KINDS[kind]}"
    prefetch = service.get("prefetch", {})
    if not isinstance(prefetch, dict):
        yield "prefetch is not an object"
    else:
        yield from (f"prefetch.{key[:40]} is not a string" for key, query in prefetch.items() if not is_text(query))


def _ids(services: list[dict[str, Any]]) -> Remarks:
    pairs = Counter((str(service.get("id")), str(service.get("hook"))) for service in services if service.get("id"))
    for (id_, hook), times in pairs.items():
        if times > 1:
            yield fails(f"id {quoted(id_)} stands twice for the hook {quoted(hook)}")
    for id_, times in Counter(id_ for id_, _ in pairs).items():
        if times > 1:
            yield warns(f"id {quoted(id_)} is shared by {times} hooks; some clients keep only the last")


@line("D3", "Nothing in discovery is null or empty")
def nothing_empty(examination: Examination) -> Remarks:
    answer = examination.discovery
    if answer.status != 200 or not answer.is_json:
        return
    found = list(empties(answer.content, frozenset({"services"})))
    yield from (fails(f"{place} is null or empty") for place in found)
    if not found:
        yield passes("nothing null or empty")


def _offered(examination: Examination) -> Iterator[tuple[str, Any]]:
    for number, service in enumerate(examination.offered):
        yield f"services[{number}]", service
