"""The glance that sets other orders apart misses nothing that a pattern would find."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, product
from pathlib import Path
from re import _constants as sre  # the parser of re has no public name
from re import _parser
from typing import Any

import pytest

from cds.knowledge import Knowledge
from cds.knowledge.yaml_marks import MapNode, SeqNode, Text, compose

_TABLE = Path(__file__).parents[2] / "rules/tables/lookalikes.yaml"


def _section(name: str) -> list[str]:
    tree = compose(_TABLE)
    assert isinstance(tree, MapNode)
    text = tree.items["text"]
    assert isinstance(text, MapNode)
    node = text.items[name]
    nodes = list(node.items.values()) if isinstance(node, MapNode) else node.items if isinstance(node, SeqNode) else []
    return [item.value for item in nodes if isinstance(item, Text)]


def _samples(tree: Any) -> Iterator[str]:
    """Texts that a pattern matches: every alternative, with and without what is optional."""
    for parts in product(*(list(_element(kind, value)) for kind, value in tree)):
        yield "".join(parts)


def _element(kind: Any, value: Any) -> Iterator[str]:
    if kind is sre.LITERAL:
        yield chr(value)
    elif kind is sre.BRANCH:
        for branch in value[1]:
            yield from _samples(branch)
    elif kind is sre.SUBPATTERN:
        yield from _samples(value[3])
    elif kind is sre.MAX_REPEAT:
        low, _, inner = value
        yield from (text * low for text in (_samples(inner) if low else [""]))
        if not low:
            yield from _samples(inner)
    elif kind is sre.IN:
        yield from _element(*value[0]) if value[0][0] is sre.LITERAL else " "
    else:
        yield ""


@pytest.mark.parametrize("section", ["reject", "extravascular", "accept_brand", "accept_generic", "unresolved"])
def test_every_match_of_a_pattern_has_a_part_of_the_glance(section: str) -> None:
    glance = _section("glance")
    for pattern in _section(section):
        samples = list(islice(_samples(_parser.parse(pattern, re.IGNORECASE)), 20_000))
        assert samples
        for text in samples:
            assert any(part in text.casefold() for part in glance), f"{text} of {pattern}"


@pytest.mark.parametrize(
    ("text", "expected"), [("40 g 10 %", 100), ("50 MG/ML", 50), ("16.5%", 165), ("5% or 10%", None), ("40 g", None)]
)
def test_a_strength_is_said_once(known: Knowledge, text: str, expected: int | None) -> None:
    assert known.products.identify([], [f"IVIG {text}"]).strength_mg_per_ml == expected


@pytest.mark.parametrize(("length", "verdict"), [(5000, "ivig"), (5001, "unresolved")])
def test_a_text_far_longer_than_a_name_needs_a_look(known: Knowledge, length: int, verdict: str) -> None:
    assert known.products.identify([], ["IVIG 10%".ljust(length, ".")]).verdict == verdict
    assert known.products.identify([], ["Saline 0.9%".ljust(length, ".")]).verdict == "no"
