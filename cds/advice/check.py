"""Trying every text before the first call: with the longest values, on each order it may stand on, at each tier.

A text that names something that is not there, and a summary that could pass 139 characters, are faults of the topic
file. Only what comes from the patient's record (a brand that no table lists) can still make a summary too long; it is
cut at a word then.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from cds.advice.cards import Texts, rendered, texts
from cds.advice.filters import filters
from cds.advice.layout import LONGEST, length
from cds.advice.samples import Longest, Samples
from cds.advice.suggestions import wrong
from cds.advice.suppress import circles
from cds.errors import EngineFault, Fault
from cds.facts import Fact
from cds.findings import TIERS, AdviceRule, Finding, View
from cds.knowledge import Knowledge
from cds.wording import WordingError

_VALUE = re.compile(r"\bvalues\.(\w+)")
_WIDEST = Decimal("8888.5")


def compile_texts(rules: Sequence[AdviceRule], knowledge: Knowledge) -> tuple[dict[str, Texts], list[Fault]]:
    """The compiled words of every rule by its id, and everything wrong with them, with file and line."""
    longest, made = Longest(knowledge), filters(rules)
    compiled: dict[str, Texts] = {}
    faults = [_fault(rule, "hides itself by way of `over`; take one of the rules out of it") for rule in circles(rules)]
    for rule in rules:
        asked = [(suggest, wrong(suggest, rule, knowledge)) for suggest in rule.card.suggest]
        faults += [Fault(rule.file, suggest.line, f"{rule.id}: {what}") for suggest, what in asked if what]
        try:
            compiled[rule.id] = texts(rule, knowledge.sources, made)
        except WordingError as fault:
            faults.append(_fault(rule, str(fault)))
        else:
            faults.extend(_tried(rule, compiled[rule.id], longest))
    return compiled, faults


def _tried(rule: AdviceRule, words: Texts, longest: Longest) -> list[Fault]:
    topic, both = Path(rule.file).stem, rule.card.summary + rule.card.detail
    values = {f"{topic}.{name}": _WIDEST for name in _VALUE.findall(both)}
    worst: tuple[int, str] = (0, "")
    for finding in _samples(rule, longest):
        try:
            summary, _ = rendered(finding, words, values)
        except EngineFault as fault:
            return [_fault(rule, fault.what)]
        if not summary:
            return [_fault(rule, "the summary can be empty")]
        worst = max(worst, (length(summary), summary))
    if worst[0] > LONGEST:
        what = f"the summary can be {worst[0]} characters long, over {LONGEST}; shorten it: {worst[1]!r}"
        return [_fault(rule, what)]
    return []


def _samples(rule: AdviceRule, longest: Longest) -> Iterator[Finding]:
    """A finding for each order the card may stand on, each tier, and each word that its texts may ask for."""
    known = {name: longest.of(attributes) for name, attributes in rule.names.items()}
    asked = set(re.findall(r"\w+", rule.card.summary + rule.card.detail))
    for about in rule.about:
        for facts in _variants(known, asked):
            for tier in TIERS:
                each = {name: _many(view) for name, view in facts.items() if name != about}
                yield Finding(rule, cast(Fact, facts[about]), tier, each, lines=("",))


def _many(view: View) -> tuple[View, ...]:
    """What a name is bound to when there are several: the same, with texts that differ in their last sign."""
    others = (
        {name: value[:-1] + sign if isinstance(value, str) else value for name, value in view.values.items()}
        for sign in "12345"
    )
    return view, *(_view(values) for values in others)


def _variants(known: Mapping[str, Samples], asked: set[str]) -> Iterator[dict[str, View]]:
    base = {name: {attribute: values[0] for attribute, values in samples.items()} for name, samples in known.items()}
    yield {name: _view(attributes) for name, attributes in base.items()}
    for name, samples in known.items():
        for attribute, values in samples.items():
            for value in values[1:] if attribute in asked else ():
                changed: dict[str, dict[str, Any]] = base | {name: base[name] | {attribute: value}}
                yield {each: _view(attributes) for each, attributes in changed.items()}


def _view(attributes: Mapping[str, Any]) -> View:
    return View(kind="", values=attributes, says=attributes["says"])


def _fault(rule: AdviceRule, what: str) -> Fault:
    return Fault(rule.file, rule.line, f"{rule.id}: {what}")
