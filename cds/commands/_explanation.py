"""The explanation of one evaluation, as lines for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from cds.advice import suppress
from cds.chart import REASONS, Met, Reading
from cds.commands._codes import in_one
from cds.evaluation import Advice
from cds.findings import Finding
from cds.rulebook import Outcome, RuleTrace

_UNRECOGNIZED = "Codes that were not recognized"


def explanation(advice: Advice, met: Sequence[Met]) -> Iterator[str]:
    """Cards, how resources were read, codes that were not recognized, and what became of every rule."""
    if advice.chart is None or advice.outcome is None:
        yield "Nothing to evaluate: no order here is for immune globulin, a live vaccine or a watched drug."
        yield from section(_UNRECOGNIZED, in_one(met))
        return
    yield from section("Cards", [f"{card['indicator']}: {card['summary']}" for card in advice.cards])
    yield from section("Resources, as they were read", _readings(advice.chart.readings, met))
    yield from section(_UNRECOGNIZED, in_one(met))
    yield from section("Checks that could not be made", [f"{gap.rule}: {gap.says}" for gap in advice.outcome.unchecked])
    yield from section("Rules", _rules(advice.outcome))


def section(title: str, lines: Iterable[str]) -> Iterator[str]:
    """A title and its lines, "none" where there are none."""
    yield ""
    yield title
    empty = True
    for line in lines:
        empty = False
        yield f"  {line}"
    if empty:
        yield "  none"


def _readings(readings: Sequence[Reading], met: Sequence[Met]) -> Iterator[str]:
    own: dict[str, dict[str, None]] = {}
    for one in met:
        if one.own and one.source != REASONS:
            own.setdefault(one.ref, {})[str(one.code)] = None
    for reading in dict.fromkeys(readings):
        codes = f" [{', '.join(reading.codes)}]" if reading.codes else ""
        by = f", by the site's code {', '.join(own[reading.ref])}" if reading.ref in own else ""
        where = f"{reading.ref or 'a resource without id'} in {reading.source}"
        yield f"{reading.verdict}: {where}: {reading.what}{codes}{by}"


def _rules(outcome: Outcome) -> Iterator[str]:
    shown, hidden = suppress(outcome.findings)
    for trace in outcome.trace:
        fired = [finding for finding in shown if finding.rule.id == trace.rule]
        covered = [one for one in hidden if one.finding.rule.id == trace.rule]
        if not fired and not covered:
            yield _unfired(trace)
        for finding in fired:
            yield f"{trace.rule}: fired, {finding.tier}, {_about(finding)}"
            yield from _evidence(finding)
        for one in covered:
            yield f"{trace.rule}: hidden by {', '.join(one.by)}, {_about(one.finding)}"
            yield from _evidence(one.finding)
        for note in trace.notes:
            yield f"    note: {note}"


def _unfired(trace: RuleTrace) -> str:
    lacked = "; ".join(trace.lacked)
    return f"{trace.rule}: {trace.verdict}{f': {lacked}' if lacked else ''}"


def _about(finding: Finding) -> str:
    return f"about {finding.about.ref}" if finding.about.ref else "about the call"


def _evidence(finding: Finding) -> Iterator[str]:
    for item in dict.fromkeys(finding.evidence):
        yield f"    - {item.says}{f' ({item.resource})' if item.resource else ''}"
    for line in finding.lines:
        yield f"    - {line}"
    for missing in finding.not_checked:
        yield f"    - not checked: {missing}"
