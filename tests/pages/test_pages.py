"""All pages at once: their form, their size, and that every link leads somewhere."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

import pytest

from cds.pages import Pages
from tests.pages.conftest import Page
from tests.support.run import AS_OF, RULES, book

LARGEST = 300_000
"""Bytes of a page, with room for a phone on a slow line."""


def test_every_link_leads_to_a_page_and_an_anchor_that_exist(pages: Pages, parsed: Mapping[str, Page]) -> None:
    dead = []
    for name, page in parsed.items():
        for link in page.links:
            file, _, anchor = link.partition("#")
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), file)) if file else name
            if target not in pages or (anchor and anchor not in parsed[target].ids):
                dead.append(f"{name}: {link}")
    assert dead == []


def test_links_are_relative_and_go_to_no_other_place(parsed: Mapping[str, Page]) -> None:
    links = {link for page in parsed.values() for link in page.links}
    assert len(links) > 500
    assert [link for link in links if link.startswith("/") or ":" in link] == []


def test_every_page_can_be_reached_from_the_first(pages: Pages, parsed: Mapping[str, Page]) -> None:
    found, ahead = {"index.html"}, ["index.html"]
    while ahead:
        name = ahead.pop()
        for link in parsed[name].links if name in parsed else ():
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), link.partition("#")[0]))
            if link.partition("#")[0] and target not in found:
                found.add(target)
                ahead.append(target)
    assert set(pages) - found == set()


def test_ids_are_unique_and_headings_are_in_order(parsed: Mapping[str, Page]) -> None:
    for name, page in parsed.items():
        assert len(page.ids) == len(set(page.ids)), name
        assert page.headings.count(1) == 1, name
        assert page.headings[0] == 1, name
        steps = zip(page.headings, page.headings[1:], strict=False)
        assert all(after <= before + 1 for before, after in steps), (name, page.headings)


def test_every_page_says_its_language_and_has_landmarks_and_no_script(parsed: Mapping[str, Page]) -> None:
    for name, page in parsed.items():
        assert page.attributes["html"] == {"lang": "en"}, name
        assert {"header", "nav", "main", "footer", "h1"} <= set(page.tags), name
        assert not {"script", "iframe", "img", "style"} & set(page.tags), name


def test_titles_tell_pages_apart(parsed: Mapping[str, Page]) -> None:
    titles = [page.title for page in parsed.values()]
    assert sorted(titles) == sorted(set(titles))


def test_no_page_is_too_large(pages: Pages) -> None:
    assert {name: len(pages[name]) for name in pages if len(pages[name]) > LARGEST} == {}


def test_the_same_edition_gives_the_same_bytes(pages: Pages) -> None:
    again = Pages(book(), RULES, AS_OF)
    assert again.edition == pages.edition
    for name in ("index.html", "topics/product.html", "rules/renal.sucrose.html", "tables/claims.html"):
        assert again[name] == pages[name]


@pytest.mark.parametrize("name", ["rules/renal.nothing.html", "../rules/renal.yaml", "", "index"])
def test_what_is_no_page(pages: Pages, name: str) -> None:
    assert name not in pages
    with pytest.raises(KeyError):
        pages[name]


def test_no_condition_begins_with_and(parsed: Mapping[str, Page]) -> None:
    for name, page in parsed.items():
        assert not re.search(r"This rule (speaks|holds) when\s+and\b", page.text), name
