"""From ways of holding to findings: one per rule and order, with all their evidence and the tier that results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from cds.findings import TIERS, AdviceRule, Evidence, Finding, Tier, View
from cds.rulebook.board import Board
from cds.rulebook.group import Held
from cds.rulebook.inferring import Sentences
from cds.rulebook.topic import Branch, Rule
from cds.rulebook.units import BASE


@dataclass(slots=True)
class Gathered:
    """Everything that one rule found about one fact."""

    rule: Rule
    about: int
    alias: str
    base: list[Held] = field(default_factory=list)
    raises: list[Held] = field(default_factory=list)
    not_checked: list[str] = field(default_factory=list)


def about_of(rule: Rule, bound: Mapping[str, int], board: Board) -> tuple[str, int] | None:
    """The name and fact that a card would stand on: the first of `about` that is bound to something selected."""
    for name in rule.about:
        index = bound.get(name.text)
        if index is not None and getattr(board.fact(index), "selected", False):
            return name.text, index
    return None


def gather(held: Iterable[Held], board: Board) -> list[Gathered]:
    """The ways of holding of rules with a card by rule and fact; what is about nothing selected is left out.

    A `raise` belongs to every finding whose `when` was bound to the same facts.
    """
    found: dict[tuple[str, int], Gathered] = {}
    bodies: dict[tuple[str, tuple[int, ...]], dict[int, Gathered]] = {}
    raises: list[Held] = []
    for way in held:
        rule = way.unit.rule
        if rule.card is None:
            continue
        if way.unit.role != BASE:
            raises.append(way)
            continue
        about = about_of(rule, way.bound, board)
        if about is None:
            continue
        alias, index = about
        gathered = found.setdefault((rule.id, index), Gathered(rule, index, alias))
        gathered.base.append(way)
        bodies.setdefault((rule.id, _body(way)), {})[index] = gathered
    for way in raises:
        for gathered in bodies.get((way.unit.rule.id, _body(way)), {}).values():
            gathered.raises.append(way)
    return list(found.values())


def _body(way: Held) -> tuple[int, ...]:
    return tuple(way.bound[pattern.alias] for pattern in way.unit.rule.body.when)


def finding(gathered: Gathered, advice: AdviceRule, board: Board, sentences: Sentences) -> Finding:
    """What was gathered, as the advice gets it."""
    bound: dict[str, set[int]] = {}
    for way in (*gathered.base, *gathered.raises):
        for pattern in way.unit.when:
            bound.setdefault(pattern.alias, set()).add(way.bound[pattern.alias])
    about = board.view(gathered.about)
    evidence: dict[Evidence, None] = dict.fromkeys(about.evidence)
    each: dict[str, tuple[View, ...]] = {}
    for alias, indices in bound.items():
        views = stable([board.view(index) for index in indices])
        evidence.update(dict.fromkeys(item for view in views for item in view.evidence))
        if alias != gathered.alias:
            each[alias] = views
    return Finding(
        rule=advice,
        about=board.fact(gathered.about),
        tier=tier(gathered),
        each=each,
        lines=_lines(gathered, board, sentences),
        evidence=tuple(evidence),
        not_checked=tuple(dict.fromkeys(gathered.not_checked)),
    )


def stable(views: Sequence[View]) -> tuple[View, ...]:
    """The views in an order that does not depend on how the facts came."""
    return tuple(views) if len(views) < 2 else tuple(sorted(views, key=_order))


def _order(view: View) -> tuple[str, str, str]:
    return str(view.values.get("ref", "")), view.says, repr(view.values)


def _branch(way: Held) -> Branch:
    unit = way.unit
    return unit.rule.branches()[unit.index] if unit.role == BASE else unit.rule.raises[unit.index]


def tier(gathered: Gathered) -> Tier:
    """The highest `raise` that holds, else the lowest `lower`, else the highest of `any`, else the rule's own."""
    rule = gathered.rule
    branches = {id(_branch(way)): _branch(way) for way in gathered.raises}.values()
    raised = [branch.tier for branch in branches if branch.tier and not branch.lower]
    lowered = [branch.tier for branch in branches if branch.tier and branch.lower]
    own = [_branch(way).tier or rule.tier for way in gathered.base]
    if raised:
        return max(raised, key=TIERS.index)
    if lowered:
        return min(lowered, key=TIERS.index)
    return max((found for found in own if found), key=TIERS.index)


def _lines(gathered: Gathered, board: Board, sentences: Sentences) -> tuple[str, ...]:
    found: dict[tuple[bool, int], set[str]] = {}
    for way in (*gathered.base, *gathered.raises):
        says = _branch(way).says
        if says is not None:
            place = (way.unit.role != BASE, way.unit.index)
            found.setdefault(place, set()).add(sentences.render(says.text, way, board))
    return tuple(dict.fromkeys(line for place in sorted(found) for line in sorted(found[place])))
