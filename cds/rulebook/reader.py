"""A topic file read into `topic.Topic`. Whatever is not of the right shape is a fault; the rest is still read."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from cds.errors import Fault
from cds.findings import TIERS, CardText, Suggest, Tier
from cds.knowledge.yaml_marks import MapNode, Node, SeqNode, Text, parse
from cds.rulebook import language
from cds.rulebook.nodes import Reading
from cds.rulebook.read_values import read_values
from cds.rulebook.topic import (
    HOOKS,
    Attribute,
    Branch,
    Infer,
    Made,
    Named,
    Pattern,
    Rule,
    Says,
    Topic,
    stem_of,
)

_TOPIC = ("topic", "about", "values", "rules")
_RULE = ("id", "tier", "about", "at", "mode", "when", "unless", "any", "raise", "infer", "over", "card", "cites")
_ANY = ("when", "unless", "tier", "says")
_RAISE = (*_ANY, "lower")
_CARD = ("summary", "detail", "suggest")
_KEPT = 64
"""Pages that are kept as they were read: a book that is read again has most of them unchanged."""


@lru_cache(_KEPT)
def read_topic(content: bytes, file: str) -> tuple[Topic | None, tuple[Fault, ...]]:
    """The topic in `content` and every fault of its form, each with `file` and its line; None where it is no topic."""
    tree, faults = parse(content, file)
    reading = Reading(file, faults)
    root = reading.mapping(tree, "a topic file", 1, _TOPIC)
    if not isinstance(tree, MapNode):
        return None, tuple(reading.faults)
    title = reading.text(root, "topic", "a topic file", needed=True)
    about = reading.text(root, "about", "a topic file", needed=True)
    values, lines = read_values(reading, root.items.get("values"))
    rules = tuple(_rule(reading, item) for item in reading.items(root.items.get("rules"), '"rules"'))
    stem = Path(file).stem
    topic = Topic(stem, file, title.value if title else stem, about.value if about else "", values, lines, rules)
    return topic, tuple(reading.faults)


def _rule(reading: Reading, node: Node) -> Rule:
    root = reading.mapping(node, "a rule", node.line, _RULE)
    id_ = reading.text(root, "id", "a rule", needed=True)
    if id_ is not None and stem_of(id_.value) != Path(reading.file).stem:
        reading.fault(id_.line, f"{id_.value} belongs to another file: {stem_of(id_.value)}.yaml")
    name = id_.value if id_ else "a rule"
    card = root.items.get("card")
    mode = reading.text(root, "mode", name)
    if mode is not None and mode.value != "silent":
        reading.fault(mode.line, f'"mode" of {name} can only be silent')
    return Rule(
        id=id_.value if id_ else "",
        file=reading.file,
        line=root.line,
        body=_branch(reading, root, name, "when" in root.items),
        any=_branches(reading, root, "any", name, _ANY),
        raises=_branches(reading, root, "raise", name, _RAISE),
        infer=_infer(reading, root.items["infer"], name) if "infer" in root.items else None,
        tier=_tier(reading, root, name),
        about=reading.names(root.items.get("about"), f'"about" of {name}'),
        at=_at(reading, root.items.get("at"), name),
        silent=mode is not None,
        over=reading.names(root.items.get("over"), f'"over" of {name}'),
        card=_card(reading, card, name) if card is not None else None,
        card_line=card.line if card is not None else 0,
        cites=reading.names(root.items.get("cites"), f'"cites" of {name}'),
    )


def _branches(reading: Reading, root: MapNode, key: str, rule: str, known: tuple[str, ...]) -> tuple[Branch, ...]:
    node = root.items.get(key)
    what = f'an entry of "{key}" of {rule}'
    found = tuple(
        _branch(reading, reading.mapping(item, what, item.line, known), what, True)
        for item in reading.items(node, f'"{key}" of {rule}')
    )
    if isinstance(node, SeqNode) and not found:
        reading.fault(node.line, f'"{key}" of {rule} is empty')
    return found


def _branch(reading: Reading, root: MapNode, what: str, complete: bool) -> Branch:
    when = _patterns(reading, root.items.get("when"), what)
    unless = _patterns(reading, root.items.get("unless"), what)
    if not complete or not (when or unless):
        reading.fault(root.line, f'{what} needs "when"')
    says = reading.text(root, "says", what)
    tier = _tier(reading, root, what)
    lower = reading.flag(root, "lower", what)
    return Branch(when, unless, root.line, tier, lower, Says(says.value, says.line) if says else None)


def _patterns(reading: Reading, node: Node | None, what: str) -> tuple[Pattern, ...]:
    if node is None:
        return ()
    root = reading.mapping(node, f'"when" or "unless" of {what}', node.line)
    found = []
    for alias, body in root.items.items():
        line = root.key_lines[alias]
        if not language.NAME.fullmatch(alias):
            reading.fault(line, f'"{alias}" is no name: lower-case letters, digits and _')
        attributes = reading.mapping(body, f"{alias} of {what}", line)
        kind = reading.text(attributes, "is", f"{alias} of {what}", needed=True)
        tests = tuple(
            _attribute(reading, name, value, attributes.key_lines[name])
            for name, value in attributes.items.items()
            if name != "is"
        )
        found.append(Pattern(alias, kind.value if kind else "", tests, line))
    return tuple(found)


def _attribute(reading: Reading, name: str, node: Node, line: int) -> Attribute:
    if isinstance(node, Text):
        try:
            return Attribute(name, language.parse(node.value), line)
        except language.NotUnderstood as error:
            reading.fault(node.line, str(error))
        return Attribute(name, (), line)
    words = reading.names(node, f'"{name}"') if isinstance(node, SeqNode) else ()
    if not words:
        reading.fault(line, f'"{name}" must be a word, a list of words or a comparison')
    return Attribute(name, (language.OneOf(tuple(word.text for word in words)),) if words else (), line)


def _infer(reading: Reading, node: Node, rule: str) -> Infer | None:
    what = f'"infer" of {rule}'
    root = reading.mapping(node, what, node.line)
    kind = reading.text(root, "is", what, needed=True)
    says = reading.text(root, "says", what)
    made = []
    for name, value in root.items.items():
        if name in ("is", "says"):
            continue
        if not isinstance(value, Text):
            reading.fault(value.line, f'"{name}" of {what} must be a word or = alias.attribute')
        elif value.value.strip().startswith("="):
            found = language.reference(value.value)
            if found is None or found.value:
                reading.fault(value.line, f'"{name}" of {what} must be a word or = alias.attribute')
            else:
                made.append(Made(name, found, value.line))
        else:
            made.append(Made(name, language.Word(value.value), value.line))
    if kind is None:
        return None
    return Infer(kind.value, tuple(made), root.line, Says(says.value, says.line) if says else None)


def _tier(reading: Reading, root: MapNode, what: str) -> Tier | None:
    tier = reading.text(root, "tier", what)
    if tier is None:
        return None
    if tier.value not in TIERS:
        reading.fault(tier.line, f'the tier "{tier.value}" is none of {", ".join(TIERS)}')
        return TIERS[0]
    return tier.value


def _at(reading: Reading, node: Node | None, rule: str) -> tuple[str, ...]:
    found: tuple[Named, ...] = reading.names(node, f'"at" of {rule}')
    for name in found:
        if name.text not in HOOKS:
            reading.fault(name.line, f'"{name.text}" is no hook that a service has: {" or ".join(HOOKS)}')
    if isinstance(node, SeqNode) and not found:
        reading.fault(node.line, f'"at" of {rule} is empty: it would hold nowhere')
    return tuple(name.text for name in found)


def _card(reading: Reading, node: Node, rule: str) -> CardText:
    root = reading.mapping(node, f'"card" of {rule}', node.line, _CARD)
    summary = reading.text(root, "summary", f'"card" of {rule}', needed=True)
    detail = reading.text(root, "detail", f'"card" of {rule}')
    suggest = tuple(_suggest(reading, root.items.get("suggest"), rule))
    return CardText(summary.value if summary else "", detail.value if detail else "", suggest)


def _suggest(reading: Reading, node: Node | None, rule: str) -> Iterator[Suggest]:
    """Each entry is a word, or a word with what of, and the names that make it needless where they are bound."""
    what = f'"suggest" of {rule}'
    for item in reading.items(node, what):
        if isinstance(item, Text):
            yield Suggest(item.value, line=item.line)
            continue
        pairs = dict(item.items) if isinstance(item, MapNode) else {}
        unless = tuple(name.text for name in reading.names(pairs.pop("unless", None), f'"unless" of {what}'))
        match list(pairs.items()):
            case [(name, Text() as of)]:
                yield Suggest(name, of.value, item.line, unless)
            case _:
                reading.fault(item.line, f"{what} must hold words, or words with what of: order_test: hemoglobin")
