"""What an evaluation hands back: findings, checks that could not be made, and for every rule what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from cds.facts import Unchecked
from cds.findings import Finding

Verdict = Literal["fired", "inferred", "not checked", "did not hold", "not at this hook", "off"]


@dataclass(frozen=True, slots=True)
class RuleTrace:
    """What became of one rule, for `explain`. `lacked` says what it would have needed, or what denied it.

    `notes` name the values that count before their first date.
    """

    rule: str
    topic: str
    verdict: Verdict
    lacked: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """The findings before `over`, in the order of the rule book, and the checks that could not be made."""

    findings: tuple[Finding, ...]
    unchecked: tuple[Unchecked, ...]
    tracer: Callable[[], tuple[RuleTrace, ...]] = field(default=tuple, repr=False, compare=False)

    @cached_property
    def trace(self) -> tuple[RuleTrace, ...]:
        """What became of every rule. Worked out with the engine when it is first asked for."""
        return self.tracer()
