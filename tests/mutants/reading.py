"""Every mutant of a folder of rules, each with the rules that stand on what it changes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from cds.chart import NEEDS
from cds.knowledge.yaml_marks import Text
from tests.mutants.concepts import of_concepts
from tests.mutants.conditions import of_rule
from tests.mutants.mutant import Mutant, Spot, read
from tests.mutants.numbers import of_dose_rows, of_intervals, of_values

Readers = Mapping[str, frozenset[str]]
_VALUE = re.compile(r"\bvalues\.(\w+)")
_TOLERANCE = "range_tolerance_percent"


def mutants(folder: Path) -> list[Mutant]:
    """All of them, in the order of the files. Raises ValueError where two have one name."""
    topics = {path.stem: read(folder, path.name) for path in sorted(folder.glob("*.yaml"))}
    every = [rule for topic in topics.values() for rule in topic["rules"].each()]
    after = _closed(_followers(every))
    found: list[Mutant] = []
    for stem, topic in topics.items():
        rules = list(topic["rules"].each())
        mentioning = _mentioning(rules, _values_of)
        for value, mutant in of_values(topic, stem):
            own = mentioning[value]
            far = f"{stem}.{value}" in NEEDS
            found.append(replace(mutant, own=frozenset() if far else own, rules=_all_after(own, after)))
        for rule in rules:
            own = frozenset({rule["id"].text})
            found += (replace(mutant, own=own, rules=_all_after(own, after)) for mutant in of_rule(rule))
    naming = {concept: _all_after(own, after) for concept, own in _mentioning(every, _concepts_of).items()}
    for path in sorted(folder.glob("concepts/*.yaml")):
        found += of_concepts(read(folder, f"concepts/{path.name}"), naming)
    if "dose" in topics:
        [tolerance] = topics["dose"]["values"][_TOLERANCE].each()
        table = read(folder, "tables/indications.yaml")
        found += of_dose_rows(table, Decimal(tolerance["value"].text))
    found += of_intervals(read(folder, "tables/vaccine_intervals.yaml"))
    names = [mutant.name for mutant in found]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"mutants of one name: {', '.join(twice)}")
    return found


def _followers(rules: Iterable[Spot]) -> dict[str, set[str]]:
    """For each rule, those that read the fact it makes."""
    makes: dict[str, set[str]] = defaultdict(set)
    for rule in rules:
        if "infer" in rule:
            makes[rule["infer"]["is"].text].add(rule["id"].text)
    found: dict[str, set[str]] = {rule["id"].text: set() for rule in rules}
    for rule in rules:
        for pattern in _patterns(rule):
            for maker in makes.get(pattern["is"].text, ()):
                found[maker].add(rule["id"].text)
    return found


def _closed(followers: Mapping[str, set[str]]) -> dict[str, frozenset[str]]:
    """Each rule with all that follows from it, however far."""
    found = {}
    for rule in followers:
        reached, front = {rule}, {rule}
        while front:
            front = {after for one in front for after in followers[one]} - reached
            reached |= front
        found[rule] = frozenset(reached)
    return found


def _all_after(rules: Iterable[str], after: Readers) -> frozenset[str]:
    return frozenset[str]().union(*(after[rule] for rule in rules))


def _mentioning(rules: Iterable[Spot], words_of: Callable[[Spot], set[str]]) -> Readers:
    """For each word, the rules that mention it."""
    found: dict[str, frozenset[str]] = defaultdict(frozenset)
    for rule in rules:
        for word in words_of(rule):
            found[word] |= {rule["id"].text}
    return found


def _values_of(rule: Spot) -> set[str]:
    return {name for text in _texts(rule) for name in _VALUE.findall(text)}


def _concepts_of(rule: Spot) -> set[str]:
    return {word for pattern in _patterns(rule) if "concept" in pattern for word in pattern["concept"].words()}


def _patterns(rule: Spot) -> Iterator[Spot]:
    branches = [rule, *(branch for key in ("any", "raise") if key in rule for branch in rule[key].each())]
    for branch in branches:
        for key in ("when", "unless"):
            yield from branch[key].each() if key in branch else ()


def _texts(spot: Spot) -> Iterator[str]:
    if isinstance(spot.node, Text):
        yield spot.text
    else:
        for one in spot.each():
            yield from _texts(one)
