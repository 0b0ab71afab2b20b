"""What rules may speak of: the kinds of facts with their typed attributes, and the kinds that rules infer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace

from cds.facts import KINDS
from cds.facts.base import DAY, FLAG, HIDDEN, NUMBER, TERM, TEXT
from cds.rulebook.language import Reference
from cds.rulebook.topic import Made, Rule

RESERVED = frozenset({"id", "sid", "one", "kind", "is", "says"})
"""Attribute names that the driver, the language and the evidence need for themselves."""

RESERVED_NAMES = frozenset({"g", "m", "one", "id", "sid", "kind", "about", "each", "lines", "tier", "values"})
"""Names that no rule may bind: the engine's and the texts' own."""

Report = Callable[[Rule, int, str], None]


@dataclass(frozen=True, slots=True)
class Attr:
    """An attribute's type; `words` is the closed list of a term, `optional` whether it may be absent."""

    type: str
    unit: str = ""
    words: frozenset[str] = frozenset()
    optional: bool = False


Kinds = dict[str, dict[str, Attr]]


def built_in(terms: Mapping[str, frozenset[str]]) -> Kinds:
    """The kinds of `cds.facts`, with the word lists that the tables give; `unknown` belongs to each of those.

    A list that is not given stays empty: its words are not checked.
    """
    kinds: Kinds = {}
    for name, cls in KINDS.items():
        kinds[name] = {}
        for field in fields(cls):
            meta = field.metadata
            words = frozenset(meta.get("members", ()))
            if meta.get("of"):
                words = terms[meta["of"]] | {"unknown"} if meta["of"] in terms else frozenset()
            optional = field.default is None
            kinds[name][field.name] = Attr(meta["type"], meta.get("unit", ""), words, optional)
    return kinds


def with_inferred(kinds: Kinds, rules: Iterable[Rule], report: Report) -> Kinds:
    """`kinds` and those that the rules infer. Disagreements between rules that infer the same kind are reported."""
    makers: dict[str, list[Rule]] = {}
    for rule in rules:
        if rule.infer is not None and rule.infer.kind not in kinds:
            makers.setdefault(rule.infer.kind, []).append(rule)
    known = {**kinds, **{kind: {"says": Attr(HIDDEN)} for kind in makers}}
    settled = False
    while not settled:
        settled = True
        for kind, made_by in makers.items():
            attributes = {"says": Attr(HIDDEN), **_attributes(known, made_by)}
            if attributes != known[kind]:
                known[kind], settled = attributes, False
    for kind, made_by in makers.items():
        _compare(kind, known, made_by, report)
    return known


def _attributes(kinds: Kinds, makers: list[Rule]) -> dict[str, Attr]:
    found: dict[str, Attr] = {}
    for rule in makers:
        for made in rule.infer.attributes if rule.infer else ():
            attr = made_type(kinds, rule, made)
            if attr is None:
                continue
            other = found.get(made.name)
            if other is not None and other.type == attr.type:
                unit = attr.unit if attr.unit == other.unit else ""
                optional = attr.optional or other.optional
                attr = replace(attr, unit=unit, words=attr.words | other.words, optional=optional)
            found.setdefault(made.name, attr)
            if found[made.name].type == attr.type:
                found[made.name] = attr
    return found


def made_type(kinds: Kinds, rule: Rule, made: Made) -> Attr | None:
    """The type of an attribute as one rule makes it; None where it refers to nothing that is known."""
    if isinstance(made.right, Reference):
        alias = made.right.alias
        kind = next((p.kind for b in (rule.body, *rule.any) for p in b.when if p.alias == alias), "")
        return kinds.get(kind, {}).get(made.right.attribute)
    if made.right.text in ("true", "false"):
        return Attr(FLAG)
    return Attr(TERM, words=frozenset({made.right.text}))


def _compare(kind: str, kinds: Kinds, makers: list[Rule], report: Report) -> None:
    names = set(kinds[kind]) - {"says"}
    for rule in makers:
        assert rule.infer is not None
        own = {made.name: made for made in rule.infer.attributes}
        for missing in sorted(names - set(own)):
            report(rule, rule.infer.line, f"{kind} has {missing} where another rule infers it; give it here too")
        for name, made in own.items():
            attr = made_type(kinds, rule, made)
            agreed = kinds[kind].get(name)
            if attr is not None and agreed is not None and attr.type != agreed.type:
                report(rule, made.line, f"{name} of {kind} is a {attr.type} here and a {agreed.type} in another rule")


def comparable(left: Attr, right: Attr) -> bool:
    """Whether two attributes may be compared: words with words; numbers, days and flags with their like."""
    words = {TEXT, TERM}
    return left.type == right.type or {left.type, right.type} <= words


def described(kinds: Kinds, kind: str) -> dict[str, dict[str, object]]:
    """The attributes of a kind in the shape of `facts.attributes`."""
    cls = KINDS.get(kind)
    if cls is not None:
        return {field.name: dict(field.metadata) for field in fields(cls)}
    return {
        name: {"type": attr.type, "unit": attr.unit, "members": tuple(sorted(attr.words))}
        for name, attr in kinds[kind].items()
    }


__all__ = [
    "DAY",
    "FLAG",
    "HIDDEN",
    "NUMBER",
    "RESERVED",
    "RESERVED_NAMES",
    "TERM",
    "TEXT",
    "Attr",
    "Kinds",
    "Report",
    "built_in",
    "comparable",
    "described",
    "made_type",
    "with_inferred",
]
