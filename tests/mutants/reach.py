"""Which rules can hold at all, judged by the kinds of facts alone: a case where a rule cannot needs no asking."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from tests.mutants.mutant import Spot

_TOLD = "unchecked"
"""The kind that the engine makes by itself."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A rule as kinds: what each of its ways of holding needs, and what it makes ("" for nothing)."""

    id: str
    ways: tuple[frozenset[str], ...]
    makes: str


def shape(rule: Spot) -> Shape:
    """The shape of an entry under `rules`."""
    body = set(_kinds(rule))
    branches = list(rule["any"].each()) if "any" in rule else []
    ways = tuple(frozenset(body | set(_kinds(branch))) for branch in branches) or (frozenset(body),)
    return Shape(rule["id"].text, ways, rule["infer"]["is"].text if "infer" in rule else "")


def _kinds(branch: Spot) -> Iterator[str]:
    yield from (pattern["is"].text for pattern in branch["when"].each()) if "when" in branch else ()


def reached(shapes: Iterable[Shape], kinds: Collection[str]) -> frozenset[str]:
    """The ids of the rules that facts of these kinds, and what may be inferred from them, could satisfy."""
    there, found, more = {*kinds, _TOLD}, set[str](), True
    every = tuple(shapes)
    while more:
        holding = [one for one in every if one.id not in found and any(way <= there for way in one.ways)]
        found |= {one.id for one in holding}
        there |= {one.makes for one in holding}
        more = bool(holding)
    return frozenset(found)
