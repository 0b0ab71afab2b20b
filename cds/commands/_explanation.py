"""The explanation of one evaluation, as lines for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from cds.advice import suppress
from cds.chart import Reading
from cds.evaluation import Advice
from cds.findings import Finding
from cds.rulebook import Outcome, RuleTrace


def explanation(advice: Advice) -> Iterator[str]:
    """Cards, how resources were read, codes that were not recognized, and what became of every rule."""
    if advice.chart is None or advice.outcome is None:
        yield "Nothing to evaluate: no order here is for immune globulin, a live vaccine or a watched drug."
        return
    yield from _section("Cards", [f"{card['indicator']}: {card['summary']}" for card in advice.cards])
    yield from _section("Resources, as they were read", _readings(advice.chart.readings))
    yield from _section("Codes that were not recognized", _codes(advice.chart.readings))
    yield from _section(
        "Checks that could not be made", [f"{gap.rule}: {gap.says}" for gap in advice.outcome.unchecked]
    )
    yield from _section("Rules", _rules(advice.outcome))


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    yield ""
    yield title
    empty = True
    for line in lines:
        empty = False
        yield f"  {line}"
    if empty:
        yield "  none"


def _readings(readings: Sequence[Reading]) -> Iterator[str]:
    for reading in dict.fromkeys(readings):
        codes = f" [{', '.join(reading.codes)}]" if reading.codes else ""
        yield f"{reading.verdict}: {reading.ref or 'a resource without id'} in {reading.source}: {reading.what}{codes}"


def _codes(readings: Sequence[Reading]) -> list[str]:
    found: dict[str, dict[str, None]] = {}
    for reading in readings:
        for code in reading.codes if reading.verdict == "not recognized" else ():
            found.setdefault(code, {})[reading.ref] = None
    return [f"{code} ({', '.join(refs)})" for code, refs in sorted(found.items())]


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
