"""What the words of a card may speak of: the order it stands on, every other name of the rule, the topic's values."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from cds.facts import Fact
from cds.findings import Finding, View


class Each:
    """Every name of a rule with all that it was bound to; a name that was bound to nothing is empty."""

    __slots__ = ("_bound",)

    def __init__(self, bound: Mapping[str, tuple[Fact | View, ...]]) -> None:
        self._bound = bound

    def __getattr__(self, name: str) -> tuple[Fact | View, ...]:
        try:
            return self._bound[name]
        except KeyError:
            raise AttributeError(name) from None


class TopicValues:
    """The values of one topic, by the names they have in its file."""

    __slots__ = ("_topic", "_values")

    def __init__(self, topic: str, values: Mapping[str, Decimal]) -> None:
        self._topic, self._values = topic, values

    def __getattr__(self, name: str) -> Decimal:
        try:
            return self._values[f"{self._topic}.{name}"]
        except KeyError:
            raise AttributeError(name) from None


def context(finding: Finding, values: Mapping[str, Decimal]) -> dict[str, Any]:
    """The names that the summary and the detail of a finding see.

    The order that the card stands on is there as `about`, under its own name, and as the only one of `each` of that
    name. Another name of `about` stands for the first it was bound to, and is missing where it was bound to nothing.
    """
    rule = finding.rule
    alias = _alias(finding)
    each: dict[str, tuple[Fact | View, ...]] = dict.fromkeys(rule.names, ()) | dict(finding.each)
    names: dict[str, Any] = {name: each[name][0] for name in rule.about if each.get(name)}
    if alias:
        names[alias] = finding.about
        each[alias] = (finding.about,)
    topic = Path(rule.file).stem
    return names | {
        "about": finding.about,
        "each": Each(each),
        "lines": finding.lines,
        "tier": finding.tier,
        "values": TopicValues(topic, values),
    }


def _alias(finding: Finding) -> str:
    """The name in `about` that this finding took: the one not among the others, else the one bound to the same fact."""
    for name in finding.rule.about:
        views = finding.each.get(name)
        if not views:
            return name
    for name in finding.rule.about:
        if any(view.kind == finding.about.kind and view.ref == finding.about.ref for view in finding.each[name]):
            return name
    return ""
