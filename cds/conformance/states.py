"""R5 and R6: every state that prefetched data can be in, and what 412 means."""

from __future__ import annotations

from collections.abc import Mapping

from cds.conformance.check import Remarks, fails, line, passes, skips, warns
from cds.conformance.examination import Examination, Reply
from cds.conformance.shape import objects


@line("R5", "Prefetch absent, null, empty, failed or paged is answered 200 or 412")
def every_state(examination: Examination) -> Remarks:
    if examination.services and not any(service.prefetch for service in examination.services):
        yield skips("no service asks for prefetch")
    for state, reply in examination.in_states:
        answer, what = reply.answer, f"{reply.service.id}, {state}"
        if answer.unheard:
            yield skips(f"{what}: {answer.status}")
        elif answer.trouble or answer.status not in (200, 412):
            yield fails(f"{what}: {answer.trouble or answer.status}")
        else:
            yield passes(f"answered {answer.status}")


@line("R6", "412 means that data are missing, and carries an OperationOutcome")
def precondition(examination: Examination) -> Remarks:
    every = (*examination.replies, *(reply for _, reply in examination.in_states))
    refused = [reply for reply in every if reply.answer.status == 412]
    if every and not refused:
        yield skips("no call was answered 412")
    for reply in refused:
        content = reply.answer.content
        if not isinstance(content, Mapping) or content.get("resourceType") != "OperationOutcome":
            yield warns(f"{reply.place}: 412 without an OperationOutcome")
        elif _sent(reply):
            yield warns(f"{reply.place}: 412, though every prefetch key was sent with data")
        else:
            yield passes("412 with an OperationOutcome")


def _sent(reply: Reply) -> bool:
    """Whether a call brought a resource under every key."""
    prefetch = reply.request.get("prefetch")
    held = prefetch if isinstance(prefetch, Mapping) else {}
    return bool(reply.service.prefetch) and all(_holds(held.get(key)) for key in reply.service.prefetch)


def _holds(value: object) -> bool:
    """Whether it is data, and all of it: a resource, or a Bundle without a failure in it or a next page."""
    if not isinstance(value, Mapping) or value.get("resourceType") == "OperationOutcome":
        return False
    if value.get("resourceType") != "Bundle":
        return True
    resources = [entry.get("resource") for entry in objects(value.get("entry"))]
    return bool(resources) and "link" not in value and all(map(_holds, resources))
