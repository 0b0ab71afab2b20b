"""Whether the texts of a rule mention only what is there: names, their attributes, and values of the topic."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from cds.errors import hint
from cds.rulebook.check_patterns import Known, Report
from cds.rulebook.language import Comparison, Reference, Value
from cds.rulebook.topic import Branch, Rule, Says
from cds.wording import Text, WordingError, mentioned, plain

_CARD_NAMES = frozenset({"about", "each", "lines", "tier", "values"})

Bound = Mapping[str, str]
"""Names with the kinds that they are bound to."""


def bound_by(*branches: Branch) -> dict[str, str]:
    """The names that these branches bind, with their kinds."""
    return {pattern.alias: pattern.kind for branch in branches for pattern in branch.when}


def always_bound(rule: Rule) -> dict[str, str]:
    """The names that are bound in whichever way the rule holds."""
    names = bound_by(rule.body)
    if rule.any:
        every = [bound_by(branch) for branch in rule.any]
        names |= {alias: kind for alias, kind in every[0].items() if all(alias in other for other in every)}
    return names


def check_sentences(rule: Rule, known: Known, report: Report) -> tuple[dict[str, Text], set[str]]:
    """The compiled sentences of a rule by their source, and the values that they mention."""
    texts: dict[str, Text] = {}
    used: set[str] = set()
    for says, names in _sentences(rule):
        try:
            text = texts[says.text] = plain(says.text)
        except WordingError as error:
            report(says.line, error.what)
            continue
        used |= _check(text.paths, names, frozenset({"values"}), known, partial(report, says.line))
    return texts, used


def check_card(rule: Rule, known: Known, report: Report) -> set[str]:
    """Report names that the card's texts mention and that are not there; gives the values that they mention."""
    used: set[str] = set()
    if rule.card is None:
        return used
    every = bound_by(rule.body, *rule.any, *rule.raises)
    about = {name.text: every[name.text] for name in rule.about if name.text in every}
    for source in (rule.card.summary, rule.card.detail):
        try:
            paths = mentioned(source)
        except WordingError as error:
            report(rule.card_line, error.what)
            continue
        used |= _check(paths, about, _CARD_NAMES, known, lambda what: report(rule.card_line, f"the card: {what}"))
        for path in paths:
            if path[0] == "each" and len(path) > 1 and path[1] not in every:
                report(rule.card_line, f'the card: no name "{path[1]}" is bound{hint(path[1], every)}')
    return used


def values_in_conditions(rule: Rule) -> set[str]:
    """The values that the conditions of a rule compare with."""
    used: set[str] = set()
    for pattern in rule.patterns():
        for attribute in pattern.attributes:
            for test in attribute.tests:
                if isinstance(test, Comparison) and isinstance(test.right, Value):
                    used.add(test.right.name)
                elif isinstance(test, Comparison) and isinstance(test.right, Reference) and test.right.value:
                    used.add(test.right.value)
    return used


def _sentences(rule: Rule) -> Iterator[tuple[Says, Bound]]:
    if rule.infer is not None and rule.infer.says is not None:
        yield rule.infer.says, always_bound(rule)
    for branch in (*rule.any, *rule.raises):
        if branch.says is not None:
            yield branch.says, bound_by(rule.body, branch)


def _check(
    paths: frozenset[tuple[str, ...]], names: Bound, others: frozenset[str], known: Known, say: Callable[[str], None]
) -> set[str]:
    used: set[str] = set()
    for path in sorted(paths):
        head, *rest = path
        if head == "values" and rest:
            used.add(rest[0])
            if rest[0] not in known.values:
                say(f'the topic has no value "{rest[0]}"{hint(rest[0], known.values)}')
        elif head in names:
            attributes = known.kinds.get(names[head], {})
            if (
                rest
                and attributes
                and known.whole(names[head])
                and rest[0] not in (*attributes, "says", "kind", "evidence")
            ):
                say(f'{names[head]} has no attribute "{rest[0]}"{hint(rest[0], attributes)}')
        elif head not in others:
            say(f'the text mentions "{head}", which is not bound here{hint(head, names)}')
    return used
