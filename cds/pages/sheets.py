"""Any table of the rule book as parts of a page: its YAML as it stands, each entry with its status and sources."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from markupsafe import Markup

from cds.knowledge.yaml_marks import MapNode, Node, SeqNode, Text, compose
from cds.pages.links import anchor, source_link
from cds.pages.vocabulary import Names, called, label

STATUS = {
    "verified": "verified",
    "verified_single": "one source",
    "label_seen": "label read",
    "unverified": "open",
}
"""What the status of a fact is called on the pages."""

_LAST = ("status", "sources", "note")
_WHOLE = ("concepts", "allergens", "indications", "measurements", "lookalikes")
_SAID = {"true": "yes", "false": "no"}
_TABLES = {"indication": "indication", "concept": "concept", "products": "product"}


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a part: its cells, its anchor, and whether it is open: to be signed, never used."""

    cells: tuple[Markup, ...]
    anchor: str = ""
    open: bool = False


@dataclass(slots=True)
class Part:
    """A heading of some depth with a table under it. Columns that are empty in every row are left out."""

    heading: str
    depth: int
    anchor: str
    columns: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    def trimmed(self) -> Part:
        """The part without empty columns."""
        kept = [n for n in range(len(self.columns)) if any(row.cells[n] for row in self.rows)]
        self.columns = [self.columns[n] for n in kept]
        self.rows = [Row(tuple(row.cells[n] for n in kept), row.anchor, row.open) for row in self.rows]
        return self


def statuses(folder: Path) -> dict[str, int]:
    """How many entries of the tables, concepts and products have each status."""
    found = dict.fromkeys(STATUS, 0)
    for name in ("tables", "concepts", "products"):
        for path in sorted((folder / name).glob("*.yaml")):
            for node in _maps(compose(path)):
                status = _text(node.items.get("status"))
                if status in found:
                    found[status] += 1
    return found


class Sheets:
    """Lays the tables out. `names` are the names of what entries mention."""

    def __init__(self, folder: Path, names: Names) -> None:
        self._folder, self._names = folder, names

    def parts(self, file: str) -> list[Part]:
        """A whole file, part by part."""
        node = compose(self._folder / file)
        assert isinstance(node, MapNode)
        return [part.trimmed() for part in self._mapping(node, "", 2, "") if part.rows or part.heading]

    def _mapping(self, node: MapNode, heading: str, depth: int, prefix: str) -> Iterator[Part]:
        """A mapping: its facts in one table, then its lists of entries and its mappings, a part each."""
        entries = {key: child for key, child in node.items.items() if isinstance(child, MapNode) and _is_entry(child)}
        together = len(entries) > 1 and all(_flat(one) for one in entries.values())
        yield from self._facts(node, heading, depth, prefix, entries if together else ())
        if together:
            yield self._named(entries, prefix)
        for key, child in node.items.items():
            below, inner = depth + bool(heading), f"{prefix}-{key}" if prefix else key
            if isinstance(child, SeqNode) and not _plain(child):
                yield self._list(key, child, below, inner)
            elif key in entries and not together and not _is_fact(entries[key]):
                yield from self._entry(key, entries[key], below, inner)

    def _entry(self, key: str, node: MapNode, depth: int, prefix: str) -> Iterator[Part]:
        """An entry under a heading of its own; the name of a whole table is no heading."""
        if key in _WHOLE:
            yield from self._mapping(node, "", depth, "")
        else:
            name = _text(node.items.get("name"))
            yield from self._mapping(node, f"{name[:1].upper()}{name[1:]}" or label(key), depth, prefix)

    def _facts(self, node: MapNode, heading: str, depth: int, prefix: str, skipped: Collection[str]) -> Iterator[Part]:
        part = Part(heading, depth, anchor(prefix), ["Fact", "Value", "Status", "Sources", "Note"])
        for key, child in node.items.items():
            if isinstance(child, MapNode) and _is_fact(child) and key not in skipped:
                part.rows.append(self._fact(label(key), child))
            elif isinstance(child, MapNode) and _is_code(child):
                code = Markup("{} {}").format(_text(child.items["code"]), _text(child.items.get("display")))
                part.rows.append(Row((Markup.escape(label(key)), code, *[Markup()] * 3)))
            elif isinstance(child, Text) or (isinstance(child, SeqNode) and _plain(child)):
                if key != "status" and not (isinstance(child, SeqNode) and not child.items):
                    part.rows.append(Row((Markup.escape(label(key)), self._cell(key, child), *[Markup()] * 3)))
                elif key == "status":
                    part.rows.append(Row((Markup("Status"), status(child), *[Markup()] * 3), "", _open(node)))
        if part.rows or heading:
            yield part

    def _fact(self, name: str, node: MapNode) -> Row:
        shown = self._value(node) if "value" in node.items else self._said(node, _LAST)
        last = (status(node.items.get("status")), self._cell("sources", node.items.get("sources")))
        return Row((Markup.escape(name), shown, *last, self._cell("note", node.items.get("note"))), "", _open(node))

    def _value(self, node: MapNode) -> Markup:
        """The value of a fact with its amount, what kind of figure it is, and at which strength."""
        value = self._cell("value", node.items["value"])
        amount, basis, at = (_text(node.items.get(key)) for key in ("amount", "basis", "at"))
        more = ", ".join(filter(None, (amount, basis, f"at {at}" if at else "")))
        return Markup("{} ({})").format(value, more) if more else value

    def _list(self, key: str, node: SeqNode, depth: int, prefix: str) -> Part:
        rows = [item for item in node.items if isinstance(item, MapNode)]
        columns = _columns(rows)
        part = Part(label(key), depth, anchor(prefix), [label(column) for column in columns])
        for row in rows:
            cells = tuple(self._cell(column, row.items.get(column)) for column in columns)
            part.rows.append(Row(cells, "", _open(row)))
        return part

    def _named(self, entries: dict[str, MapNode], prefix: str) -> Part:
        columns = _columns(entries.values())
        part = Part("", 0, "", ["Name", *(label(column) for column in columns)])
        for key, row in entries.items():
            cells = (Markup.escape(key), *(self._cell(column, row.items.get(column)) for column in columns))
            part.rows.append(Row(cells, anchor(f"{prefix}-{key}" if prefix else key), _open(row)))
        return part

    def _cell(self, key: str, node: Node | None) -> Markup:
        if node is None:
            return Markup()
        if key == "status":
            return status(node)
        if isinstance(node, MapNode):
            return self._within(node)
        items = [item for item in node.items if isinstance(item, Text)] if isinstance(node, SeqNode) else [node]
        texts = [item.value for item in items if isinstance(item, Text)]
        if key == "sources":
            return Markup(", ").join(source_link(text) for text in texts)
        table = _TABLES.get(key, "")
        return Markup("; " if len(texts) > 1 and any("," in text for text in texts) else ", ").join(
            self._names.entry(table, text) or Markup.escape(_SAID.get(text, text)) for text in texts
        )

    def _within(self, node: MapNode) -> Markup:
        """An entry within a cell, with its own status and sources."""
        said = self._said(node, ("status", "sources"))
        marks = [self._cell(key, node.items.get(key)) for key in ("status", "sources")]
        whole = Markup(" ").join(part for part in (said, *marks) if part)
        return Markup('<span class="open">{}</span>').format(whole) if _open(node) else whole

    def _said(self, node: MapNode, but: Collection[str]) -> Markup:
        """The texts of an entry in one line, but those of some keys."""
        return Markup("; ").join(
            Markup("{}: {}").format(called(key), self._cell(key, child)) if key != "text" else self._cell(key, child)
            for key, child in node.items.items()
            if key not in but
        )


def status(node: Node | None) -> Markup:
    """The mark of a status."""
    text = _text(node)
    return Markup('<span class="mark {}">{}</span>').format(text, STATUS.get(text, text)) if text else Markup()


def _open(node: MapNode) -> bool:
    return _text(node.items.get("status")) == "unverified"


def _text(node: Node | None) -> str:
    return node.value if isinstance(node, Text) else ""


def _is_fact(node: MapNode) -> bool:
    """Whether a mapping is one fact with its status."""
    return "value" in node.items or ("status" in node.items and _flat(node))


def _is_entry(node: MapNode) -> bool:
    """Whether a mapping is more than one fact."""
    return "value" not in node.items and not _is_code(node)


def _is_code(node: MapNode) -> bool:
    """Whether a mapping is no more than a code with its name."""
    return "code" in node.items and node.items.keys() <= {"code", "display"}


def _plain(node: SeqNode) -> bool:
    return all(isinstance(item, Text) for item in node.items)


def _flat(node: MapNode) -> bool:
    return all(
        isinstance(child, Text) or (isinstance(child, SeqNode) and _plain(child)) for child in node.items.values()
    )


def _columns(rows: Iterable[MapNode]) -> list[str]:
    found = dict.fromkeys(key for row in rows for key in row.items)
    return [key for key in found if key not in _LAST] + [key for key in _LAST if key in found]


def _maps(node: Node) -> Iterator[MapNode]:
    if isinstance(node, MapNode):
        yield node
    for child in node.items.values() if isinstance(node, MapNode) else getattr(node, "items", ()):
        yield from _maps(child)
