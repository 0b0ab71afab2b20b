"""P1: how long an answer takes, as seen from here."""

from __future__ import annotations

import math
from collections.abc import Sequence

from cds.conformance.check import Remarks, fails, line, passes, skips, warns
from cds.conformance.examination import Examination
from cds.conformance.samples import fresh

LONGEST = 0.5
"""Seconds that a service should take at most."""


@line("P1", "95 of 100 calls are answered within 500 ms, the network included")
def answer_time(examination: Examination) -> Remarks:
    for service in examination.services:
        reply = examination.accepted(service)
        if reply is None:
            yield skips(f"{service.id}: no call of it was accepted")
            continue
        answers = [examination.call(service, fresh(reply.request)) for _ in range(examination.given.calls)]
        lost = next((answer for answer in answers if answer.status != reply.answer.status or answer.trouble), None)
        if lost is not None:
            said = lost.trouble or f"answered {lost.status} where {reply.answer.status} came before"
            yield (skips if lost.unheard else fails)(f"{service.id}: {said}")
            continue
        slow = p95([answer.seconds for answer in answers])
        text = f"{service.id}: p95 {1000 * slow:.0f} ms of {len(answers)} calls"
        yield passes(text) if slow < LONGEST else warns(text)


def p95(seconds: Sequence[float]) -> float:
    """The time that 95 of 100 calls do not exceed (nearest rank)."""
    return sorted(seconds)[math.ceil(0.95 * len(seconds)) - 1]
