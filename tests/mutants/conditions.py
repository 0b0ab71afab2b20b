"""The mutants of one rule: its comparisons, its words, what denies it, its ways of holding, its tiers and flags."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.mutants.mutant import Mutant, Spot

SWAPS = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "=": "!=", "!=": "="}
OPPOSITE = {"present": "absent", "absent": "present", "true": "false", "false": "true"}
TIERS = ("info", "warning", "critical")
_COMPARISON = re.compile(r"(<=|>=|!=|=|<|>)\s*(.+)")


def of_rule(rule: Spot) -> Iterator[Mutant]:
    """Every mutant of an entry under `rules`."""
    name = rule["id"].text
    yield from _branch(rule, name)
    for key in ("any", "raise"):
        for position, branch in enumerate(rule[key].each() if key in rule else ()):
            yield branch.mutant(f"{name}/{key}/{position} dropped")
            yield from _branch(branch, f"{name}/{key}/{position}")
    for over in rule["over"].each() if "over" in rule else ():
        yield _entry(rule["over"], over, f"{name} over {over.text} dropped")
    for key in ("at", "mode"):
        if key in rule:
            yield rule[key].mutant(f"{name} {key} dropped")
    for made in rule["infer"].each() if "infer" in rule else ():
        if made.text in ("true", "false"):
            yield _turned(made, f"{name} infers {made.key}")


def _branch(branch: Spot, name: str) -> Iterator[Mutant]:
    """The mutants of a body, or of an entry of `any` or `raise`."""
    for key in ("when", "unless"):
        for pattern in branch[key].each() if key in branch else ():
            if key == "unless":
                yield pattern.mutant(f"{name}/unless/{pattern.key} dropped")
            for attribute in pattern.each():
                if attribute.key != "is":
                    yield from _attribute(attribute, f"{name} {pattern.key}.{attribute.key}")
    if "tier" in branch:
        tier = branch["tier"]
        at = TIERS.index(tier.text)
        for other in TIERS[max(at - 1, 0) : at + 2]:
            if other != tier.text:
                yield tier.mutant(f"{name} tier {tier.text} to {other}", other)
    if "lower" in branch:
        yield _turned(branch["lower"], f"{name} lower")


def _attribute(attribute: Spot, name: str) -> Iterator[Mutant]:
    """What a pattern asks of one attribute, weaker or turned around."""
    yield attribute.mutant(f"{name} dropped")
    words = list(attribute.each())
    if len(words) > 1:
        yield from (word.mutant(f"{name} without {word.text}") for word in words)
        return
    text = words[0].text
    if text in OPPOSITE:
        yield _turned(attribute, name)
        return
    parts = re.split(r"\s+and\s+", text)
    for position, part in enumerate(parts):
        which = f"{name}[{position}]" if len(parts) > 1 else name
        match = _COMPARISON.fullmatch(part)
        if match:
            turned = f"{SWAPS[match[1]]} {match[2]}"
            yield _part(attribute, parts, position, turned, f"{which} {match[1]} to {SWAPS[match[1]]}")
        if len(parts) > 1:
            yield _part(attribute, parts, position, "", f"{which} dropped")


def _part(attribute: Spot, parts: list[str], position: int, turned: str, name: str) -> Mutant:
    """One of the comparisons that `and` joins, changed; an empty one is left out."""
    rest = [*parts[:position], turned, *parts[position + 1 :]]
    return attribute.mutant(name, " and ".join(part for part in rest if part))


def _turned(flag: Spot, name: str) -> Mutant:
    return flag.mutant(f"{name} {flag.text} to {OPPOSITE[flag.text]}", OPPOSITE[flag.text])


def _entry(whole: Spot, entry: Spot, name: str) -> Mutant:
    """An entry of a list dropped; with its key where it is the only one."""
    return (whole if len(list(whole.each())) == 1 else entry).mutant(name)
