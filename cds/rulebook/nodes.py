"""Typed access to a YAML tree: what has another shape than expected is a fault with its line, and reading goes on."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from cds.errors import Fault
from cds.knowledge.yaml_marks import MapNode, Node, SeqNode, Text
from cds.rulebook.topic import Named


@dataclass(slots=True)
class Reading:
    """One file being read, and everything wrong in it so far."""

    file: str
    faults: list[Fault] = field(default_factory=list)
    stand_ins: list[MapNode] = field(default_factory=list)

    def fault(self, line: int, what: str) -> None:
        self.faults.append(Fault(self.file, line, what))

    def mapping(self, node: Node | None, what: str, line: int, known: Collection[str] = ()) -> MapNode:
        """`node` as a mapping with no other keys than `known` (any, if empty); an empty one where it is none."""
        if not isinstance(node, MapNode):
            if node is not None:
                self.fault(node.line, f"{what} must be a mapping")
            self.stand_ins.append(MapNode({}, {}, node.line if node else line))
            return self.stand_ins[-1]
        for key, key_line in node.key_lines.items():
            if known and key not in known:
                self.fault(key_line, f'{what} has no "{key}"; it knows {", ".join(sorted(known))}')
        return node

    def items(self, node: Node | None, what: str) -> Iterator[Node]:
        """The entries of a list; a missing list has none."""
        if isinstance(node, SeqNode):
            yield from node.items
        elif node is not None:
            self.fault(node.line, f"{what} must be a list")

    def text(self, parent: MapNode, key: str, what: str, *, needed: bool = False) -> Text | None:
        """The text under `key`; None, and a fault where it is `needed`, if there is none."""
        node = parent.items.get(key)
        if isinstance(node, Text) and node.value.strip():
            return node
        if node is not None and not (isinstance(node, Text) and not needed):
            self.fault(node.line, f'"{key}" of {what} must be text')
        elif needed and not any(parent is one for one in self.stand_ins):
            self.fault(parent.line, f'{what} needs "{key}"')
        return None

    def names(self, node: Node | None, what: str) -> tuple[Named, ...]:
        """A list of words; a single word is a list of one."""
        if isinstance(node, Text):
            return (Named(node.value, node.line),)
        found = []
        for item in self.items(node, what):
            if isinstance(item, Text):
                found.append(Named(item.value, item.line))
            else:
                self.fault(item.line, f"{what} must hold words only")
        for word in {name.text for name in found if sum(other.text == name.text for other in found) > 1}:
            self.fault(found[0].line, f"{what} names {word} twice")
        return tuple(found)

    def flag(self, parent: MapNode, key: str, what: str) -> bool:
        """`true` or `false` under `key`; false where it is missing."""
        node = parent.items.get(key)
        if node is None:
            return False
        if not isinstance(node, Text) or node.value not in ("true", "false"):
            self.fault(node.line, f'"{key}" of {what} must be true or false')
            return False
        return node.value == "true"
