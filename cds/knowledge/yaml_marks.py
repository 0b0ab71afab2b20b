"""YAML as the rule book writes it: every scalar stays text, and everything knows its line.

A code such as `03` or `on` is never turned into a number or a truth value; whoever reads the tree types it. What would
make a file mean something else than it shows is a fault: a key given twice, anchors and aliases, explicit tags.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from cds.errors import BookFault, Fault


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar as written, without its quotes; `null` and an empty value are the texts "null" and ""."""

    value: str
    line: int


@dataclass(frozen=True, slots=True)
class SeqNode:
    """A list with the line it starts on."""

    items: list[Node]
    line: int


@dataclass(frozen=True, slots=True)
class MapNode:
    """A mapping in the order of the file; `key_lines` holds the line of each key."""

    items: dict[str, Node]
    key_lines: dict[str, int]
    line: int


Node = Text | SeqNode | MapNode


def compose(path: Path) -> Node:
    """The one document of a file. Raises BookFault with everything wrong in it."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BookFault([Fault(str(path), 1, f"cannot be read: {error.strerror}")]) from None
    node, faults = parse(content, str(path))
    if faults or node is None:
        raise BookFault(faults)
    return node


def parse(content: bytes, file: str) -> tuple[Node | None, list[Fault]]:
    """The one document of `content` and the faults found, in the order of the file; None without a whole document.

    `file` is only the name that the faults carry. After a syntax error nothing more of the file can be read.
    """
    faults: list[Fault] = []
    builder = _Builder(file, faults)
    try:
        for event in _events(content.decode("utf-8-sig")):
            builder.take(event)
    except UnicodeDecodeError as error:
        faults.append(Fault(file, content.count(b"\n", 0, error.start) + 1, "not UTF-8"))
        return None, faults
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        faults.append(Fault(file, mark.line + 1 if mark else 1, f"not YAML: {error.problem or error.context}"))
        return None, faults
    except yaml.YAMLError as error:
        faults.append(Fault(file, 1, f"not YAML: {' '.join(str(error).split())}"))
        return None, faults
    if builder.root is None:
        faults.append(Fault(file, 1, "the file is empty"))
    return builder.root, faults


def _events(text: str) -> Iterator[yaml.Event]:
    return yaml.parse(text, Loader=yaml.CSafeLoader)


class _Builder:
    """Builds the tree from parser events; nesting is a list here, so that depth never exhausts the stack."""

    def __init__(self, file: str, faults: list[Fault]) -> None:
        self.root: Node | None = None
        self._file, self._faults = file, faults
        self._open: list[tuple[MapNode | SeqNode, list[tuple[str, int]]]] = []

    def take(self, event: yaml.Event) -> None:
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.ScalarEvent):
            self._plain(event.anchor, event.tag, line)
            self._place(Text(event.value, line))
        elif isinstance(event, yaml.CollectionStartEvent):
            self._plain(event.anchor, event.tag, line)
            node = MapNode({}, {}, line) if isinstance(event, yaml.MappingStartEvent) else SeqNode([], line)
            self._place(node)
            self._open.append((node, []))
        elif isinstance(event, yaml.CollectionEndEvent):
            self._open.pop()
        elif isinstance(event, yaml.AliasEvent):
            self._fault(line, f"the alias *{event.anchor} is not allowed: write the value out")
            self._place(Text("", line))

    def _plain(self, anchor: str | None, tag: str | None, line: int) -> None:
        if anchor is not None:
            self._fault(line, f"the anchor &{anchor} is not allowed")
        if tag is not None:
            self._fault(line, f"the tag {tag} is not allowed")

    def _place(self, node: Node) -> None:
        if not self._open:
            if self.root is not None:
                self._fault(node.line, "a file holds one document only")
            self.root = self.root or node
            return
        parent, key = self._open[-1]
        if isinstance(parent, SeqNode):
            parent.items.append(node)
        elif not key:
            key.append(self._key(node))
        else:
            name, line = key.pop()
            if name in parent.items:
                self._fault(line, f"the key {name} is given twice")
            parent.items[name] = node
            parent.key_lines[name] = line

    def _key(self, node: Node) -> tuple[str, int]:
        if isinstance(node, Text):
            return node.value, node.line
        self._fault(node.line, "a key is one word, not a list or a mapping")
        return "", node.line

    def _fault(self, line: int, what: str) -> None:
        self._faults.append(Fault(self._file, line, what))
