"""From units to durable_rules' own definition form (JSON), in the one shape that holds.

Every rule begins with the go fact, which the driver asserts last, so that joins and negations are evaluated once, on
the complete set. Inside a pattern: kind and constants, inequalities against other facts, equalities against other
facts, the always-true join, then alternatives. Numbers have six digits, flags are words, days are ordinals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from cds.rulebook.language import OneOf, Presence, Reference, Test, Value, Word
from cds.rulebook.topic import Attribute, Pattern
from cds.rulebook.units import Unit
from cds.rulebook.vocabulary import DAY, NUMBER, Kinds

GO = "~go"
END = "~end"
MAX_PATTERNS = 16
"""The most facts of one engine rule, the go fact among them."""
MAX_RULES = 200
MAX_PER_KIND = 50
"""The engine holds 64 pending matches per kind and about 255 rules; a shard stays well below both."""

Definition = dict[str, Any]
Lookup = Callable[[str], Decimal]

_OPERATORS = {"!=": "$neq", "<": "$lt", "<=": "$lte", ">": "$gt", ">=": "$gte"}
_ALWAYS_TRUE = {"one": {"g": "one"}}


def guard_name(guard: Iterable[str]) -> str:
    """The property of the go fact that tells that all these sources were read."""
    return "read:" + "+".join(sorted(guard))


def definition(unit: Unit, kinds: Kinds, values: Mapping[str, Decimal]) -> Definition:
    """One rule of the engine. `values` are those of the unit's topic, by their names in it."""
    referenced = _referenced(unit)
    go: Definition = {"kind": GO}
    if unit.guard:
        go = {"$and": [go, {guard_name(unit.guard): 1}]}
    patterns: list[Definition] = [{"g": go}]
    for pattern in unit.when:
        patterns.append({pattern.alias: _pattern(pattern, kinds, values, referenced.get(pattern.alias, set()))})
    for pattern in unit.unless:
        patterns.append({f"{pattern.alias}$not": _pattern(pattern, kinds, values, set())})
    return {"pri": 0, "dist": 0, "all": patterns}


def end() -> Definition:
    """The rule that fires last of all and so proves that the evaluation came to its end."""
    return {"pri": 9, "dist": 0, "all": [{"g": {"kind": GO}}]}


def shards(units: Iterable[Unit]) -> Iterator[tuple[Unit, ...]]:
    """The units in groups that stay below the engine's limits."""
    group: list[Unit] = []
    counts: dict[str, int] = {}
    for unit in units:
        own = _patterns_by_kind(unit)
        full = any(counts.get(kind, 0) + n > MAX_PER_KIND for kind, n in own.items())
        if group and (full or len(group) == MAX_RULES):
            yield tuple(group)
            group, counts = [], {}
        group.append(unit)
        for kind, n in own.items():
            counts[kind] = counts.get(kind, 0) + n
    if group:
        yield tuple(group)


def _patterns_by_kind(unit: Unit) -> dict[str, int]:
    found = {GO: 1} if unit.guard else {}
    for pattern in (*unit.when, *unit.unless):
        found[pattern.kind] = found.get(pattern.kind, 0) + 1
    return found


def _referenced(unit: Unit) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for pattern in (*unit.when, *unit.unless):
        for _, reference in pattern.references():
            found.setdefault(reference.alias, set()).add(reference.attribute)
    return found


def _pattern(pattern: Pattern, kinds: Kinds, values: Mapping[str, Decimal], referenced: set[str]) -> Definition:
    constants: list[Definition] = [{"kind": pattern.kind}]
    inequalities: list[Definition] = []
    equalities: list[Definition] = []
    alternatives: list[Definition] = []
    for attribute in pattern.attributes:
        type_ = kinds[pattern.kind][attribute.name].type
        for test in attribute.tests:
            if isinstance(test, OneOf) and len(test.words) > 1:
                alternatives.append({"$or": [{attribute.name: word} for word in test.words]})
            elif isinstance(test, OneOf | Presence) or not isinstance(test.right, Reference):
                constants.append(_constant(attribute, test, type_, values))
            else:
                _join(attribute.name, test.operator, test.right, type_, values, inequalities, equalities)
    for name in sorted(referenced):
        if kinds[pattern.kind][name].optional:
            constants.append({"$ex": {name: 1}})
    return {"$and": [*constants, *inequalities, *equalities, _ALWAYS_TRUE, *alternatives]}


def _constant(attribute: Attribute, test: Test, type_: str, values: Mapping[str, Decimal]) -> Definition:
    if isinstance(test, OneOf):
        return {attribute.name: test.words[0]}
    if isinstance(test, Presence):
        return {"$ex" if test.present else "$nex": {attribute.name: 1}}
    if isinstance(test.right, Value):
        right: str | float | int = number(values[test.right.name], type_)
    else:
        assert isinstance(test.right, Word)
        right = number(Decimal(test.right.text), type_) if type_ in (NUMBER, DAY) else test.right.text
    return {attribute.name: right} if test.operator == "=" else {_OPERATORS[test.operator]: {attribute.name: right}}


def _join(
    name: str,
    operator: str,
    right: Reference,
    type_: str,
    values: Mapping[str, Decimal],
    inequalities: list[Definition],
    equalities: list[Definition],
) -> None:
    other: Definition = {right.alias: right.attribute}
    if right.value:
        other = {"$add" if right.sign == "+" else "$sub": {"$l": other, "$r": number(values[right.value], DAY)}}
    if operator != "=":
        inequalities.append({_OPERATORS[operator]: {name: other}})
    elif type_ in (NUMBER, DAY):
        inequalities += [{"$gte": {name: other}}, {"$lte": {name: other}}]
    else:
        equalities.append({name: other})


def number(value: Decimal, type_: str) -> float | int:
    """A number as the engine gets it: whole for days, else rounded to six digits and written with a point."""
    return int(value) if type_ == DAY else round(float(value), 6)
