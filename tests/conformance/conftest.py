"""The reference service on a loopback socket, and the checklist run against it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from cds.conformance import Examination, Given, Outcome, Result, checks
from tests.conformance.reference import IDENTITY, ORIGIN, Behavior, Reference, running

Examine = Callable[..., dict[str, Result]]


@pytest.fixture(scope="package")
def reference() -> Iterator[Reference]:
    with running() as made:
        yield made


@pytest.fixture(scope="package")
def examine(reference: Reference) -> Examine:
    """Runs the lines (all unless named) against the service as it behaves."""

    def run(behavior: Behavior, *lines: str, given: Given | None = None) -> dict[str, Result]:
        reference.behavior = behavior
        asked = given or Given(identity=IDENTITY if behavior.guarded else None, origin=ORIGIN, calls=1)
        with Examination(reference.base, asked) as examination:
            chosen = [check for check in checks() if not lines or check.line in lines]
            return {check.line: check.run(examination) for check in chosen}

    return run


@pytest.fixture(scope="package")
def healthy(examine: Examine) -> dict[bool, dict[str, Outcome]]:
    """What each line comes to where nothing is wrong, on a guarded service and on an open one."""
    results = {guarded: examine(Behavior(guarded=guarded)) for guarded in (True, False)}
    return {guarded: {line: one.outcome for line, one in found.items()} for guarded, found in results.items()}
