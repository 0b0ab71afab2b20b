"""The pages in a real browser: no page scrolls sideways, on a phone or at a desk, and print has no navigation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cds.pages import Pages

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from playwright.sync_api import Page as Tab

PHONE, DESK = 375, 1280
SLOW = 120_000
"""Milliseconds that a busy machine may take for one step."""
KINDS = (
    "index.html",
    "topics/dose.html",
    "topics/renal.html",
    "rules/iga-deficiency.contraindicated.html",
    "rules/live-vaccine.too-soon.html",
    "products/carimune_nf.html",
    "products/privigen.html",
    "concepts/kidney.html",
    "tables/claims.html",
    "tables/drug_classes.html",
    "tables/indications.html",
    "tables/lookalikes.html",
    "tables/measurements.html",
    "tables/sources.html",
    "tables/timing.html",
    "tables/vaccine_intervals.html",
)
"""Pages of every kind, the longest and the shortest of them."""


@pytest.fixture
def tab(browser: Browser) -> Iterator[Tab]:
    opened = browser.new_page()
    opened.set_default_timeout(SLOW)
    yield opened
    opened.close()


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("name", KINDS)
def test_no_page_scrolls_sideways(tab: Tab, folder: Path, name: str, width: int) -> None:
    tab.set_viewport_size({"width": width, "height": 900})
    tab.goto((folder / name).as_uri())
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    wide = tab.evaluate(
        """width => [...document.querySelectorAll('main *')]
            .filter(one => one.tagName !== 'CAPTION' && !one.closest('.wide, .skip'))
            .filter(one => one.getBoundingClientRect().right > width + 1)
            .map(one => one.outerHTML.slice(0, 80))""",
        width,
    )
    assert wide == []


def test_every_kind_of_page_is_looked_at(pages: Pages) -> None:
    assert {name.partition("/")[0] for name in pages} - {name.partition("/")[0] for name in KINDS} == {"style.css"}


@pytest.mark.parametrize("name", KINDS)
def test_print_has_no_navigation_and_whole_cards(tab: Tab, folder: Path, name: str) -> None:
    tab.goto((folder / name).as_uri())
    assert tab.locator("nav").first.is_visible()
    tab.emulate_media(media="print")
    shown = [one for one in tab.locator("nav").all() if one.is_visible()]
    assert shown == []
    assert tab.locator("h1").is_visible()
    split = tab.evaluate(
        """() => [...document.querySelectorAll('.card, tr')]
            .filter(one => getComputedStyle(one).breakInside !== 'avoid').length"""
    )
    assert split == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["index.html", "rules/renal.at-risk.html", "products/carimune_nf.html"])
def test_every_text_stands_out_from_what_is_behind_it(tab: Tab, folder: Path, name: str, scheme: str) -> None:
    tab.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    tab.goto((folder / name).as_uri())
    assert tab.evaluate(CONTRAST) == []


CONTRAST = """() => {
  const light = color => {
    const [r, g, b] = color.match(/[0-9.]+/g).slice(0, 3).map(part => {
      const share = part / 255;
      return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = one => {
    for (let at = one; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if (!color.startsWith('rgba(0, 0, 0, 0')) return color;
    }
    return 'rgb(255, 255, 255)';
  };
  return [...document.querySelectorAll('body *')]
    .filter(one => [...one.childNodes].some(child => child.nodeType === 3 && child.textContent.trim()))
    .filter(one => {
      const [a, b] = [light(getComputedStyle(one).color), light(behind(one))];
      return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < 4.5;
    })
    .map(one => one.outerHTML.slice(0, 80));
}"""
"""Elements with text whose contrast is under 4.5, the level AA of WCAG 2."""


def test_a_page_of_the_service_is_styled_under_its_own_policy(tab: Tab, service_url: str) -> None:
    errors: list[str] = []
    tab.on("console", lambda message: errors.append(message.text))
    tab.goto(f"{service_url}/rules")
    assert tab.url == f"{service_url}/rules/"
    tab.get_by_role("link", name="renal.sucrose", exact=True).click()
    assert tab.url == f"{service_url}/rules/rules/renal.sucrose.html"
    tab.wait_for_load_state()
    assert tab.evaluate("getComputedStyle(document.querySelector('.card')).borderLeftStyle") == "solid"
    assert [error for error in errors if "favicon" not in error] == []
