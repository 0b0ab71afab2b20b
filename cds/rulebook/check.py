"""Every check of the rule book as a whole: all faults at once, each with file and line."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from types import MappingProxyType

from cds.errors import Fault, hint
from cds.facts import KINDS
from cds.knowledge.values import Need
from cds.rulebook.check_infer import check_infer
from cds.rulebook.check_patterns import Known, Report, check_conditions
from cds.rulebook.check_texts import bound_by, check_card, check_sentences, values_in_conditions
from cds.rulebook.engine import collisions
from cds.rulebook.layers import cycles
from cds.rulebook.topic import Rule, Topic
from cds.rulebook.vocabulary import Kinds, built_in, with_inferred
from cds.wording import Text

_ID = re.compile(r"[a-z][a-z0-9-]*\.[a-z0-9][a-z0-9-]*")

_SMALLEST, _LARGEST = Decimal("0.0001"), Decimal(10) ** 12


@dataclass(frozen=True, slots=True)
class Checked:
    """What the checks worked out: kinds with inferred ones, compiled sentences, the values each rule uses, faults."""

    kinds: Kinds
    says: Mapping[str, Text]
    used: Mapping[str, frozenset[str]]
    faults: tuple[Fault, ...]


def check(
    topics: Sequence[Topic],
    terms: Mapping[str, frozenset[str]],
    sources: Collection[str],
    *,
    needs: Mapping[str, Need] = MappingProxyType({}),
    units: Mapping[str, str] = MappingProxyType({}),
    unread: frozenset[str] = frozenset(),
    folder: str = "",
) -> Checked:
    """Check all topics together. `unread` are the stems of those that could not be read; the rest as in `load`.

    What only follows from another fault, of this or another file, is not told.
    """
    faults: list[Fault] = []
    cited = frozenset(sources)
    rules = [rule for topic in topics for rule in topic.rules]
    ids = {rule.id for rule in rules}
    says: dict[str, Text] = {}
    used: dict[str, frozenset[str]] = {}

    def fault(file: str, line: int, what: str) -> None:
        faults.append(Fault(file, line, what))

    kinds = with_inferred(built_in(terms), rules, lambda rule, line, what: fault(rule.file, line, what))
    for topic in topics:
        known = Known(kinds, ids, topic.values, units, unread)
        report = partial(fault, topic.file)
        for rule in topic.rules:
            _shape(rule, report)
            _links(rule, {other.id: other for other in rules}, cited, known, report)
            check_conditions(rule, known, report)
            check_infer(rule, known, report)
            texts, mentioned = check_sentences(rule, known, report)
            says |= texts
            mentioned |= check_card(rule, known, report) | values_in_conditions(rule)
            used[rule.id] = used.get(rule.id, frozenset()) | mentioned
        _values(topic, {name for rule in topic.rules for name in used[rule.id]}, needs, cited, report)
    _ids(rules, fault)
    for rule, path in cycles(rules):
        fault(rule.file, rule.line, f"{rule.id} makes what it depends on: {' from '.join((path[-1], *path))}")
    read = {pattern.kind for rule in rules for pattern in rule.patterns()} | KINDS.keys() | {""}
    for rule in rules if not unread else ():
        if rule.infer is not None and rule.infer.kind not in read:
            fault(rule.file, rule.infer.line, f"{rule.id} infers {rule.infer.kind}, and no rule reads it")
    have = {f"{topic.stem}.{name}" for topic in topics for name in topic.values}
    for name in sorted(name for name in needs.keys() - have if name.partition(".")[0] not in unread):
        fault(folder, 1, f"the value {name} is needed and no topic has it")
    for one, other in _twins(rules, kinds):
        fault(folder, 1, f'the engine cannot tell "{one}" from "{other}": rename one of them')
    return Checked(kinds, says, used, tuple(faults))


def _shape(rule: Rule, report: Report) -> None:
    """What belongs to a rule that speaks, and what to one that only infers."""
    if rule.id and not _ID.fullmatch(rule.id):
        report(rule.line, f'the id "{rule.id}" must be like topic.what-it-says')
    if rule.card is None and rule.infer is None:
        report(rule.line, f'{rule.id or "a rule"} neither speaks nor infers: it needs "card" or "infer"')
    own = {"tier": rule.tier, "about": rule.about, "at": rule.at, "over": rule.over, "raise": rule.raises}
    for name, value in own.items():
        if rule.card is None and value:
            report(rule.line, f'{rule.id} has "{name}" and no card')
        elif rule.card is not None and name in ("tier", "about") and not value:
            report(rule.line, f'{rule.id} has a card and needs "{name}"')
    if rule.card is not None and not rule.cites:
        report(rule.line, f'{rule.id} has a card and needs "cites"')
    for branch in rule.any:
        if rule.card is None and (branch.tier or branch.says):
            report(branch.line, f"{rule.id} has no card that could show a tier or a sentence")
    for branch in rule.raises:
        if branch.tier is None and (branch.lower or branch.says is None):
            report(branch.line, f'an entry of "raise" of {rule.id} needs "tier"{"" if branch.lower else " or says"}')


def _links(rule: Rule, rules: Mapping[str, Rule], cited: frozenset[str], known: Known, report: Report) -> None:
    """`about`, `over` and `cites`."""
    kinds = known.kinds
    names = bound_by(rule.body, *rule.any)
    for name in rule.about:
        kind = names.get(name.text)
        if kind is None:
            report(name.line, f'"about" of {rule.id}: no name "{name.text}" is bound{hint(name.text, names)}')
        elif kind in kinds and (kind not in KINDS or "selected" not in kinds[kind]):
            report(name.line, f'"about" of {rule.id}: a card cannot stand on a {kind}')
    abouts = {name.text for name in rule.about}
    for branch in rule.branches() if rule.about else ():
        if not abouts & bound_by(rule.body, branch).keys():
            report(branch.line, f"in this way {rule.id} would be about nothing: bind {' or '.join(sorted(abouts))}")
    for name in rule.over:
        other = rules.get(name.text)
        itself = name.text == rule.id
        if known.no_rule(name.text) or itself or (other is not None and other.card is None):
            why = "itself" if itself else "an unknown rule" if other is None else "a rule without a card"
            report(name.line, f'"over" of {rule.id} names {why}: {name.text}{hint(name.text, rules)}')
    for name in rule.cites:
        if cited and name.text not in cited:
            report(name.line, f'"cites" of {rule.id}: there is no source "{name.text}"{hint(name.text, cited)}')


def _values(topic: Topic, used: set[str], needs: Mapping[str, Need], cited: frozenset[str], report: Report) -> None:
    for name, dates in topic.values.items():
        line = topic.value_lines[name]
        need = needs.get(f"{topic.stem}.{name}")
        if name not in used and need is None:
            report(line, f"the value {name} is not used")
        for entry in dates:
            if need is not None and (wrong := need.refuses(entry)):
                report(entry.line, f"the value {name} {wrong}")
            if cited and entry.source not in cited:
                report(line, f'the value {name}: there is no source "{entry.source}"{hint(entry.source, cited)}')
            if entry.value != 0 and not _SMALLEST <= abs(entry.value) < _LARGEST:
                report(line, f"the value {name} is too small or too large for six digits: choose another unit")


def _ids(rules: Sequence[Rule], fault: Callable[[str, int, str], None]) -> None:
    first: dict[str, Rule] = {}
    for rule in rules:
        other = first.setdefault(rule.id, rule)
        if rule.id and other is not rule:
            fault(rule.file, rule.line, f"the id {rule.id} is taken already: {other.file}:{other.line}")


def _twins(rules: Sequence[Rule], kinds: Kinds) -> list[tuple[str, str]]:
    aliases = {pattern.alias for rule in rules for pattern in rule.patterns()}
    names = {*aliases, *(f"{alias}$not" for alias in aliases), "g"}
    properties = {name for attributes in kinds.values() for name in attributes} | {"id", "sid", "one", "kind"}
    return collisions(sorted(names)) + collisions(sorted(properties))
