"""Pages as a reader's program sees them; and a real browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from cds.pages import Pages

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_INLINE = ("a", "code", "span", "strong", "em")
_VOID = {"meta", "link", "br", "hr", "img", "input"}


@dataclass
class Page(HTMLParser):
    """A page read by a parser: its elements' names, ids, links and headings, its title, and its plain text."""

    tags: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)
    attributes: dict[str, dict[str, str | None]] = field(default_factory=dict)
    title: str = ""
    text: str = ""
    open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append(tag)
        self.attributes.setdefault(tag, found)
        self.ids += [value for name, value in attrs if name == "id" and value]
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        if tag[0] == "h" and tag[1:].isdigit():
            self.headings.append(int(tag[1:]))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open
        assert self.open.pop() == tag, f"</{tag}> closes another element"
        self.text += " " * (tag not in _INLINE)

    def handle_data(self, data: str) -> None:
        if "title" in self.open:
            self.title += data
        else:
            self.text += data


def read(content: bytes) -> Page:
    """A page, parsed to its end."""
    page = Page()
    page.feed(content.decode())
    page.close()
    assert not page.open
    page.text = " ".join(page.text.split())
    return page


@pytest.fixture(scope="session")
def parsed(pages: Pages) -> Mapping[str, Page]:
    """Every HTML page, parsed."""
    return {name: read(pages[name]) for name in pages if name.endswith(".html")}


@pytest.fixture(scope="session")
def folder(pages: Pages, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages as files."""
    made = tmp_path_factory.mktemp("pages")
    for name in pages:
        (made / name).parent.mkdir(exist_ok=True)
        (made / name).write_bytes(pages[name])
    return made


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium without a window. Where there is none the test is skipped, but under CI it fails."""
    found = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if found is None:
        missing = "there is no Chromium: install Debian's package chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=found, args=["--no-sandbox"], timeout=120_000)
        yield started
        started.close()


@pytest.fixture
def service_url(service: httpx.Client) -> str:
    """The address of the whole service."""
    return str(service.base_url).rstrip("/")
