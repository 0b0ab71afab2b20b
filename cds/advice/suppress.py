"""Which card wins where several rules speak about the same order (`over` of a topic file).

A finding is hidden when another finding about the same order names its rule in `over`. What counts is which rules
fired, not which cards are shown: with A over B and B over C, all three firing, B and C are both hidden, and C does not
come back because A hid B. A rule that is off has no finding and so hides nothing. Rules that hide each other in a
circle would silence all of them: `circles` finds them, and the start is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cds.findings import AdviceRule, Finding


@dataclass(frozen=True, slots=True)
class Hidden:
    """A finding that is not shown, and the rules that hide it; those may be hidden themselves."""

    finding: Finding
    by: tuple[str, ...]


def suppress(findings: Iterable[Finding]) -> tuple[tuple[Finding, ...], tuple[Hidden, ...]]:
    """The findings that are shown and those that are hidden, each in the order given."""
    given = tuple(findings)
    over: dict[tuple[str, str], list[str]] = {}
    for finding in given:
        for hides in finding.rule.over:
            over.setdefault((finding.about.ref, hides), []).append(finding.rule.id)
    shown, hidden = [], []
    for finding in given:
        by = over.get((finding.about.ref, finding.rule.id))
        if by:
            hidden.append(Hidden(finding, tuple(sorted(by))))
        else:
            shown.append(finding)
    return tuple(shown), tuple(hidden)


def circles(rules: Sequence[AdviceRule]) -> tuple[AdviceRule, ...]:
    """The rules that hide themselves, directly or by way of others."""
    over: Mapping[str, tuple[str, ...]] = {rule.id: rule.over for rule in rules}
    return tuple(rule for rule in rules if rule.id in _reached(rule.id, over))


def _reached(start: str, over: Mapping[str, tuple[str, ...]]) -> set[str]:
    seen: set[str] = set()
    ahead = list(over[start])
    while ahead:
        rule = ahead.pop()
        if rule not in seen:
            seen.add(rule)
            ahead.extend(over.get(rule, ()))
    return seen
