"""The claims table: for each statement of the articles the rules and cases that stand on it, or why none does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cds.knowledge import Claim
from cds.rulebook import Topic
from cds.situations import Situation


@dataclass(frozen=True, slots=True)
class Covered:
    """One statement: what it is about, the rules that cite it, and the cases in which one of them speaks.

    `files` are the files of those cases, below the folder of cases.
    """

    number: str
    claim: Claim
    rules: tuple[str, ...]
    cases: int
    files: tuple[str, ...]


def coverage(
    claims: Mapping[str, Claim], topics: Iterable[Topic], situations: Iterable[Situation]
) -> tuple[Covered, ...]:
    """Every statement in the order of its table."""
    rules = [rule for topic in topics for rule in topic.rules]
    cases = [(situation, {expected.rule for expected in situation.expected}) for situation in situations]
    found = []
    for number, claim in claims.items():
        citing = tuple(rule.id for rule in rules if any(cite.text == number for cite in rule.cites))
        firing = [situation for situation, fired in cases if fired.intersection(citing)]
        files = dict.fromkeys(_below(situation.file) for situation in firing)
        found.append(Covered(number, claim, citing, len(firing), tuple(files)))
    return tuple(found)


def _below(file: Path) -> str:
    return "/".join(file.parts[-2:])
