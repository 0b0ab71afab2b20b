"""The pages of products and tables: every fact with its status and sources, what is open marked as never used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from cds.knowledge.yaml_marks import MapNode, Node, SeqNode, Text, compose
from cds.pages import Pages
from tests.pages.conftest import Page
from tests.support.run import RULES

FILES = sorted(p for folder in ("tables", "concepts", "products") for p in (RULES / folder).glob("*.yaml"))
LAID_OUT = [path for path in FILES if path.stem not in ("claims",)]
_SHOWN = {"verified": "verified", "verified_single": "one source", "label_seen": "label read", "unverified": "open"}


def page_of(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}.html"


def maps(node: Node) -> Iterator[MapNode]:
    if isinstance(node, MapNode):
        yield node
    for child in node.items.values() if isinstance(node, MapNode) else getattr(node, "items", ()):
        yield from maps(child)


def texts(node: Node) -> Iterator[tuple[str, str]]:
    """Every text of a table with the key it stands under."""
    for one in maps(node):
        for key, child in one.items.items():
            items = child.items if isinstance(child, SeqNode) else [child]
            yield from ((key, item.value) for item in items if isinstance(item, Text))


@pytest.mark.parametrize("path", LAID_OUT, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_nothing_of_a_table_is_left_out(path: Path, parsed: Mapping[str, Page]) -> None:
    text = parsed[page_of(path)].text
    names = ("indication", "concept", "products", "status", "depth")
    flags = ("true", "false")
    missing = [
        (key, value)
        for key, value in texts(compose(path))
        if key not in names and value not in flags and " ".join(value.split()) not in text
    ]
    assert missing == []


@pytest.mark.parametrize("path", LAID_OUT, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_status_is_shown_and_what_is_open_is_marked(path: Path, pages: Pages) -> None:
    html = pages[page_of(path)].decode().partition('<aside class="legend"')[0]
    found = [value for key, value in texts(compose(path)) if key == "status"]
    for status, shown in _SHOWN.items():
        assert html.count(f'<span class="mark {status}">{shown}</span>') == found.count(status), status
    assert html.count('class="open"') == found.count("unverified")


def test_a_product_page(parsed: Mapping[str, Page]) -> None:
    text = parsed["products/carimune_nf.html"].text
    assert "IgA, µg/mL 1000, 2000 (range, at 6%) label read CAR" in text
    assert "Sugar sucrose (1.67 g per g IgG) label read CAR, HASKIN" in text
    assert "Strength, mg/mL 30, 60, 90, 120 open MEM" in text
    assert "Free of sucrose yes label read HLH24, FORMWEB" in parsed["products/privigen.html"].text


def test_words_that_hold_commas_are_told_apart(parsed: Mapping[str, Page]) -> None:
    assert "M-M-R; Priorix; MMR vaccine; measles mumps rubella vaccine; measles, mumps, rubella vaccine;" in (
        parsed["tables/vaccines.html"].text
    )


def test_what_entries_name_is_a_link(parsed: Mapping[str, Page]) -> None:
    links = parsed["products/privigen.html"].links
    assert "../tables/indications.html#PI" in links
    assert "../concepts/excipient.html#hyperprolinemia" in links
    assert "../tables/sources.html#PRV" in links
    assert "../products/panzyga.html" in parsed["tables/indications.html"].links


def test_the_first_page_counts_what_is_open(parsed: Mapping[str, Page]) -> None:
    found = [value for path in FILES for key, value in texts(compose(path)) if key == "status"]
    assert f"{found.count('unverified')} open: to be signed, never used" in parsed["index.html"].text
    assert f"{found.count('verified_single')} seen in one source" in parsed["index.html"].text


def test_code_lists_that_are_too_long_are_named_with_their_rows(parsed: Mapping[str, Page]) -> None:
    rows = len((RULES / "tables/ndc.csv").read_text("utf-8").splitlines()) - 1
    assert f"ndc.csv ({rows:,} rows)" in parsed["index.html"].text
