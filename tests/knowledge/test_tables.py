"""The tables themselves: everything has a source, nothing from memory is used, statuses say what they mean."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cds.knowledge import Knowledge
from cds.knowledge.yaml_marks import MapNode, Node, SeqNode, Text, compose

RULES = Path(__file__).parents[2] / "rules"
FILES = sorted(p for folder in ("tables", "concepts", "products") for p in (RULES / folder).glob("*.yaml"))


def _maps(node: Node) -> Iterator[MapNode]:
    if isinstance(node, MapNode):
        yield node
        for child in node.items.values():
            yield from _maps(child)
    elif isinstance(node, SeqNode):
        for child in node.items:
            yield from _maps(child)


def _texts(node: Node | None) -> list[str]:
    return [item.value for item in node.items if isinstance(item, Text)] if isinstance(node, SeqNode) else []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_entry_with_a_status_has_sources_that_are_explained(path: Path, known: Knowledge) -> None:
    for entry in _maps(compose(path)):
        status = entry.items.get("status")
        if not isinstance(status, Text):
            continue
        sources = _texts(entry.items.get("sources"))
        assert sources, f"{path.name}:{entry.line}"
        assert set(sources) <= known.sources.keys(), f"{path.name}:{entry.line}"
        if status.value != "unverified":
            assert "MEM" not in sources, f"{path.name}:{entry.line} is used, from memory"


def test_every_source_key_is_one_sentence_and_what_rules_cite_is_there(known: Knowledge) -> None:
    assert all(text.strip() for text in known.sources.values())
    cited = {"KD-AHA", "KD-CTX", "CDSI", "ACIP-T36", "CIG2006", "CDC-14", "CAR", "FDA1999", "DRUGSCOM", "MERCK", "UBA"}
    assert cited | {"KDIGO", "PRV", "GSD", "FLB", "GGL", "PROJECT", "SEED-A", "SEED-B"} <= known.sources.keys()


def test_no_file_names_a_place_of_this_machine() -> None:
    found = [
        f"{path.name}: {match.group()}"
        for path in [*FILES, *RULES.glob("tables/*.md")]
        for match in re.finditer(r"(?<![\w.:/-])/(?:home|root|tmp|opt|usr)/", path.read_text("utf-8"))
    ]
    assert not found


def test_every_row_of_drugs_counts_and_holds_known_ingredients() -> None:
    with (RULES / "tables/drugs.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 2500
    assert len({row["rxcui"] for row in rows}) == len(rows)
    assert {row["status"] for row in rows} <= {"verified", "verified_single"}
    assert all(row["sources"] and row["name"] for row in rows)


def test_the_classes_hold_codes_that_the_table_has() -> None:
    with (RULES / "tables/drugs.csv").open(encoding="utf-8", newline="") as file:
        known = {row["rxcui"] for row in csv.DictReader(file)}
    named = {
        code
        for entry in _maps(compose(RULES / "tables/drug_classes.yaml"))
        for code in _texts(entry.items.get("rxnorm"))
    }
    assert len(named) > 70
    assert named <= known
