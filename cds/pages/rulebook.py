"""The rule book as pages: the name of each page, and its bytes when they are asked for."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any

from cds.evaluation import Book
from cds.knowledge.yaml_marks import MapNode, compose
from cds.pages.cases import Cases
from cds.pages.coverage import coverage
from cds.pages.environment import STYLE, template
from cds.pages.sheets import Sheets, statuses
from cds.pages.topics import Topics
from cds.pages.vocabulary import Names, label
from cds.situations import situations

_OWN = ("sources", "claims")
"""Tables that have a page of their own kind."""

Renderer = Callable[[], str]


class Pages(Mapping[str, bytes]):
    """Every page of the rule book by its name (`rules/renal.sucrose.html`), rendered when it is first asked for.

    `edition` is that of the day; what a page says depends on nothing else. Links between pages are relative.
    """

    def __init__(self, book: Book, folder: Path, day: date) -> None:
        """`folder` is where `book` was read from; the cases are those of the package."""
        written = tuple(situations())
        self.edition = book.rules.edition(day)
        self._book, self._folder = book, folder
        concepts = _concepts(folder)
        names = Names(book.knowledge, concepts, {rule.id for topic in book.rules.topics for rule in topic.rules})
        self._sheets = Sheets(folder, names)
        self._topics = Topics(book, day, names, Cases(book, written))
        self._coverage = coverage(book.knowledge.claims, book.rules.topics, written)
        self._done: dict[str, bytes] = {}
        self._lock = Lock()
        self._renderers = dict(self._listed())

    def __getitem__(self, name: str) -> bytes:
        with self._lock:
            if name not in self._done:
                self._done[name] = self._renderers[name]().encode()
            return self._done[name]

    def __contains__(self, name: object) -> bool:
        return name in self._renderers

    def __iter__(self) -> Iterator[str]:
        return iter(self._renderers)

    def __len__(self) -> int:
        return len(self._renderers)

    def _listed(self) -> Iterator[tuple[str, Renderer]]:
        yield "style.css", lambda: STYLE
        yield "index.html", self._index
        for topic in self._book.rules.topics:
            yield f"topics/{topic.stem}.html", partial(self._page, "topic.html", topic.title, self._topics.topic, topic)
            for rule in topic.rules:
                yield f"rules/{rule.id}.html", partial(self._page, "rule.html", rule.id, self._topics.rule, topic, rule)
        for id in sorted(self._book.knowledge.products.ids):
            name = self._book.knowledge.products.page(id).name
            yield f"products/{id}.html", partial(self._page, "table.html", name, self._table, f"products/{id}.yaml")
        for folder in ("concepts", "tables"):
            for stem in _stems(self._folder / folder):
                if stem not in _OWN:
                    file = f"{folder}/{stem}.yaml"
                    title = f"Concepts: {label(stem)}" if folder == "concepts" else label(stem)
                    yield f"{folder}/{stem}.html", partial(self._page, "table.html", title, self._table, file)
        sources = partial(self._page, "table.html", "Sources", self._table, "tables/sources.yaml")
        yield "tables/sources.html", sources
        yield "tables/claims.html", partial(self._page, "claims.html", "Claims", lambda: {"covered": self._coverage})

    def _page(self, name: str, title: str, content: Callable[..., Mapping[str, Any]], *arguments: Any) -> str:
        return template(name).render(root="../", title=title, edition=self.edition, **content(*arguments))

    def _index(self) -> str:
        products = self._book.knowledge.products
        return template("index.html").render(
            root="",
            title="Rule book",
            edition=self.edition,
            topics=self._book.rules.topics,
            unsigned=self._book.rules.unsigned,
            values=sum(len(dates) for topic in self._book.rules.topics for dates in topic.values.values()),
            off=self._book.rules.off,
            statuses=statuses(self._folder),
            cases=self._topics.cases.count,
            products=[(id, products.page(id)) for id in sorted(products.ids)],
            tables=[(f"tables/{s}.html", label(s)) for s in _stems(self._folder / "tables") if s not in _OWN],
            concepts=[(f"concepts/{s}.html", label(s)) for s in _stems(self._folder / "concepts")],
            lists=_lists(self._folder / "tables"),
        )

    def _table(self, file: str) -> dict[str, Any]:
        return {"table_parts": self._sheets.parts(file), "file": file}


def _stems(folder: Path) -> list[str]:
    return sorted(path.stem for path in folder.glob("*.yaml"))


def _lists(folder: Path) -> list[tuple[str, int]]:
    """The code lists that are too long for a page, with their number of rows."""
    found = []
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as lines:
            found.append((path.name, sum(1 for _ in csv.reader(lines)) - 1))
    return found


def _concepts(folder: Path) -> dict[str, str]:
    """The page of each concept."""
    found: dict[str, str] = {}
    for stem in _stems(folder / "concepts"):
        node = compose(folder / "concepts" / f"{stem}.yaml")
        for section in node.items.values() if isinstance(node, MapNode) else ():
            if isinstance(section, MapNode):
                found |= dict.fromkeys(section.items, f"concepts/{stem}.html")
    return found
