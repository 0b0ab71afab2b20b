"""What Prometheus reads of calls, cards, feedback, faults, codes, callers and fetches. Labels are our own words."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from cds.advice import known_reason
from cds.chart import Met
from cds.errors import BadRequest, TooMuch, Unanswerable
from cds.feedback import Feedback
from cds.findings import EXTENSION
from cds.knowledge.codes import system_word

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
_LOOK_EVERY = 1.0
"""Seconds between two calls whose codes are looked at: of a busy service a sample is enough, and costs nothing."""


class Metrics:
    """The counters of one application, in a registry of their own."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._registry = CollectorRegistry()
        self._calls = Counter("ivig_cds_calls", "Calls", ("hook", "outcome"), registry=self._registry)
        self._cards = Counter("ivig_cds_cards", "Cards", ("rule", "tier"), registry=self._registry)
        self._faults = Counter("ivig_cds_faults", "Calls that ended in a fault", ("type",), registry=self._registry)
        self._suggestion_faults = Counter(
            "ivig_cds_suggestion_faults", "Faults that cost a card its suggestions", ("type",), registry=self._registry
        )
        self._codes = Counter(
            "ivig_cds_unrecognized_codes",
            "Codes that neither the tables nor the site file know, in evaluated calls, one call a second at most",
            ("source", "system"),
            registry=self._registry,
        )
        self._fetches = Counter(
            "ivig_cds_fetches", "Questions to FHIR servers", ("source", "outcome"), registry=self._registry
        )
        self._fetch_seconds = Histogram(
            "ivig_cds_fetch_seconds", "Time of a question", ("source",), buckets=_SECONDS, registry=self._registry
        )
        self._authentications = Counter(
            "ivig_cds_authentications", "Callers let in or refused", ("client", "outcome"), registry=self._registry
        )
        self._key_sets = Counter(
            "ivig_cds_key_set_fetches", "Attempts to fetch a client's keys", ("outcome",), registry=self._registry
        )
        self._feedback = Counter(
            "ivig_cds_feedback",
            "Reports of what became of a card, repeats included",
            ("outcome", "reason"),
            registry=self._registry,
        )
        self._next_look = 0.0
        self._seconds = Histogram(
            "ivig_cds_call_seconds", "Time of a call", ("hook",), buckets=_SECONDS, registry=self._registry
        )

    @contextmanager
    def call(self, hook: str) -> Iterator[list[Mapping[str, Any]]]:
        """Counts one call: its cards are appended to the list that is yielded, an exception says how it failed."""
        started = time.perf_counter()
        cards: list[Mapping[str, Any]] = []
        outcome = "fault"
        try:
            yield cards
            outcome = "cards" if cards else "nothing to say"
        except (BadRequest, TooMuch, HTTPException, ClientDisconnect):
            outcome = "refused"
            raise
        except Unanswerable:
            outcome = "unanswerable"
            raise
        finally:
            self._calls.labels(hook, outcome).inc()
            self._seconds.labels(hook).observe(time.perf_counter() - started)
        self._count(cards)

    def fault(self, fault: Exception) -> None:
        """Counts an exception that no client is to blame for."""
        self._faults.labels(type(fault).__name__).inc()

    def suggestion_fault(self, fault: Exception) -> None:
        """Counts an exception that cost a card its suggestions."""
        self._suggestion_faults.labels(type(fault).__name__).inc()

    def fetch(self, source: str, outcome: str, seconds: float) -> None:
        """Counts what came of one question to a FHIR server: of which source, with all its pages."""
        self._fetches.labels(source, outcome).inc()
        self._fetch_seconds.labels(source).observe(seconds)

    def authentication(self, client: str, outcome: str) -> None:
        """Counts a caller: the client's name in the clients file, "" while unknown, and how it ended."""
        self._authentications.labels(client, outcome).inc()

    def key_set(self, outcome: str) -> None:
        """Counts an attempt to fetch a key set."""
        self._key_sets.labels(outcome).inc()

    def feedback(self, reports: Iterable[Feedback]) -> None:
        """Counts reports about cards; of the reasons those of our own and of the standard by name."""
        for report in reports:
            self._feedback.labels(report.outcome, _reason(report)).inc()

    def codes(self, met: Iterable[Met]) -> None:
        """Counts the codes that were not recognized, by source and system and never by themselves.

        `met` is not asked within a second of the last time.
        """
        now = self._monotonic()
        if now < self._next_look:
            return
        self._next_look = now + _LOOK_EVERY
        for one in met:
            if not one.recognized:
                self._codes.labels(one.source, system_word(one.code)).inc()

    def exposition(self) -> tuple[bytes, str]:
        """Everything in Prometheus' text format, and its media type."""
        return generate_latest(self._registry), CONTENT_TYPE_LATEST

    def _count(self, cards: Sequence[Mapping[str, Any]]) -> None:
        for card in cards:
            self._cards.labels(card["extension"][EXTENSION]["rule"], card["indicator"]).inc()


def _reason(report: Feedback) -> str:
    if report.reason is None:
        return "comment" if report.comment else "none"
    return report.reason.code if known_reason(report.reason.system, report.reason.code) else "other"
