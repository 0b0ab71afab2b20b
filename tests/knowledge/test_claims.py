"""The table of the articles' statements: whole, each told once, and its faults with file and line."""

from __future__ import annotations

import pytest

from cds.errors import Fault
from cds.knowledge import Knowledge
from cds.knowledge.claims import Claim, claims
from cds.knowledge.sheet import Notes, Sheet
from cds.knowledge.yaml_marks import MapNode, parse

NUMBERS = [*(f"A{n}" for n in range(1, 12)), *(f"B{n}" for n in range(1, 67))]
"""Article A has eleven statements and article B sixty-six."""


def read(text: str) -> tuple[dict[str, Claim], list[Fault]]:
    node, faults = parse(text.encode(), "claims.yaml")
    assert isinstance(node, MapNode)
    sheet = Sheet(node, "claims.yaml", Notes(faults))
    return dict(claims(sheet)), sheet.notes.faults


def test_every_statement_of_the_articles_is_there_once_in_order(known: Knowledge) -> None:
    assert list(known.claims) == NUMBERS


def test_every_statement_says_what_it_is_about_or_why_it_has_no_rule(known: Knowledge) -> None:
    assert all(claim.about.strip() or claim.why.strip() for claim in known.claims.values())


@pytest.mark.parametrize(
    ("entry", "line", "says"),
    [
        ("B67x: {about: doses}", 2, "B67x is no statement of an article"),
        ("C1: {about: doses}", 2, "C1 is no statement of an article"),
        ("B0: {about: doses}", 2, "B0 is no statement of an article"),
        ("B1: {}", 2, "about is missing"),
        ("B1: {about: doses, why: ''}", 2, "why is empty"),
        ("B1: {about: doses, because: x}", 2, "unknown key because"),
        ("B1: {about: doses}\n  B1: {about: doses}", 3, "the key B1 is given twice"),
        ("B1: doses", 2, "a mapping is wanted"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(entry: str, line: int, says: str) -> None:
    _, faults = read(f"claims:\n  {entry}\n")
    assert [(fault.file, fault.line) for fault in faults if says in fault.what] == [("claims.yaml", line)]


def test_a_sound_table() -> None:
    found, faults = read("claims:\n  A1: {about: doses}\n  B2: {about: prices, why: no card}\n  B3: {why: no}\n")
    assert not faults
    assert found == {"A1": Claim("doses"), "B2": Claim("prices", "no card"), "B3": Claim("", "no")}
