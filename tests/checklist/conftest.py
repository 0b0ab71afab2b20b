"""Our own service under the checklist that `ivig-cds conformance` runs, with every request and every whole patient."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
import pytest

from cds.conformance import Examination, Given, Outcome, Reply, Result, Sample, checks
from tests.fhir_server.loading import load

FIXTURES = Path(__file__).parents[2] / "fhir_fixtures"
REQUESTS = {file.stem: json.loads(file.read_text("utf-8")) for file in sorted(FIXTURES.glob("requests/*.json"))}


@dataclass(frozen=True)
class Examined:
    """The examination; its lines are looked at when a test asks for them."""

    examination: Examination

    @cached_property
    def replies(self) -> tuple[Reply, ...]:
        """Every answer to a good call, and to the same with hostile words in it."""
        return (*self.examination.replies, *self.examination.to_hostile)

    @property
    def cards(self) -> list[dict[str, Any]]:
        return [card for reply in self.replies for _, card in reply.cards]

    def result(self, line: str) -> Result:
        return next(check.run(self.examination) for check in checks() if check.line == line)

    def passes(self, line: str) -> None:
        """The line passes, and not for want of anything to look at."""
        result = self.result(line)
        assert result.outcome is Outcome.PASS, result.seen

    def passes_where(self, line: str, member: str) -> None:
        """The line passes if any card has the member, and otherwise could not be checked."""
        result = self.result(line)
        seen = any(member in card for card in self.cards)
        assert result.outcome is (Outcome.PASS if seen else Outcome.UNCHECKED), result.seen


@pytest.fixture(scope="session")
def examined(service: httpx.Client) -> Iterator[Examined]:
    """Our service, asked with all the fixtures."""
    patients = {file.stem: json.loads(file.read_text("utf-8")) for file in sorted(FIXTURES.glob("bundles/*.json"))}
    signed = {stem: (held := load(patient)).call(held.prefetch()) for stem, patient in patients.items()}
    calls = {**REQUESTS, **signed}
    samples = tuple(Sample(name, content) for name, content in calls.items())
    with Examination(str(service.base_url), Given(samples=samples, calls=1)) as examination:
        yield Examined(examination)
