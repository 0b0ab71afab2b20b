"""One YAML table being read: typed access, every fault noted with its file and line, reading goes on.

A missing or wrong entry is noted and an empty stand-in comes back, so that one pass finds everything wrong; what was
read counts only if no fault was noted.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

from cds.errors import Fault
from cds.knowledge.yaml_marks import MapNode, Node, SeqNode, Text, parse

USED = frozenset({"verified", "verified_single", "label_seen"})
"""The status words of facts that are matched and used."""
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_STATUS = USED | {"unverified"}


@dataclass(slots=True)
class Notes:
    """What reading has in common: the faults so far and the source keys that may be named."""

    faults: list[Fault] = field(default_factory=list)
    sources: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A mapping of a table, with the file it stands in."""

    node: MapNode
    file: str
    notes: Notes

    def fault(self, what: str, line: int | None = None) -> None:
        """Note something wrong, here or at `line`."""
        self.notes.faults.append(Fault(self.file, line or self.node.line, what))

    def __contains__(self, key: str) -> bool:
        return key in self.node.items

    def known(self, keys: Collection[str]) -> None:
        """Note every key that this table does not have."""
        for key in self.node.items.keys() - set(keys):
            self.fault(f"unknown key {key}; known are {', '.join(sorted(keys))}", self.line(key))

    def line(self, key: str) -> int:
        """The line a key stands on, else that of the table."""
        return self.node.key_lines.get(key, self.node.line)

    def sub(self, key: str) -> Sheet:
        """The mapping under a key; an empty one where there is none."""
        return self._sheet(self._get(key, required=True), key)

    def each(self) -> Iterator[tuple[str, Sheet]]:
        """Every key with its mapping."""
        for key, node in self.node.items.items():
            yield key, self._sheet(node, key)

    def rows(self, key: str) -> list[Sheet]:
        """The mappings of the list under a key."""
        return [self._sheet(node, key) for node in self._items(key)]

    def words(self, key: str) -> tuple[str, ...]:
        """The texts of the list under a key; none where there is no such key."""
        return tuple(word.value for word in self.marked(key))

    def marked(self, key: str) -> tuple[Text, ...]:
        """The same with the line of each."""
        found = []
        for node in self._items(key):
            if isinstance(node, Text) and node.value.strip():
                found.append(node)
            else:
                self.fault(f"{key}: a list of words is wanted", node.line)
        return tuple(found)

    def once(self, key: str) -> tuple[Text, ...]:
        """The same without what stands in it again, which is noted."""
        found: dict[str, Text] = {}
        for word in self.marked(key):
            if word.value in found:
                self.fault(f"{key}: {word.value} is given twice", word.line)
            found.setdefault(word.value, word)
        return tuple(found.values())

    def text(self, key: str, default: str | None = None) -> str:
        """The text under a key; noted as missing unless there is a default."""
        node = self._get(key, required=default is None)
        if node is None:
            return default or ""
        if isinstance(node, Text):
            return node.value
        self.fault(f"{key}: one word or text is wanted", node.line)
        return ""

    def word(self, key: str, allowed: Collection[str], default: str | None = None) -> str:
        """One of the allowed words."""
        found = self.text(key, default)
        if found not in allowed and (key in self.node.items):
            self.fault(f"{key}: {found} is not one of {', '.join(sorted(allowed))}", self.line(key))
        return found

    def number(self, key: str) -> Decimal | None:
        """The number under a key, None without the key."""
        return self._decimal(self.text(key), key, self.line(key)) if key in self.node.items else None

    def numbers(self, key: str) -> tuple[Decimal, ...]:
        """The numbers of the list under a key."""
        read = [self._decimal(word, key, self.line(key)) for word in self.words(key)]
        return tuple(number for number in read if number is not None)

    def flag(self, key: str) -> bool:
        """True or false; false without the key."""
        return self.word(key, ("true", "false"), "false") == "true"

    def proven(self) -> bool:
        """Whether this entry's status lets it be matched and used; its status and sources are checked on the way."""
        status = self.word("status", _STATUS)
        named = self.words("sources")
        if not named:
            self.fault("an entry names its sources")
        for key in named:
            if key not in self.notes.sources:
                self.fault(f"the source {key} is not in sources.yaml", self.line("sources"))
        return status in USED

    def _decimal(self, word: str, key: str, line: int) -> Decimal | None:
        if _NUMBER.fullmatch(word):
            return Decimal(word)
        self.fault(f"{key}: {word or 'nothing'} is not a number", line)
        return None

    def _items(self, key: str) -> list[Node]:
        node = self._get(key, required=False)
        if node is None:
            return []
        if isinstance(node, SeqNode):
            return node.items
        self.fault(f"{key}: a list is wanted", node.line)
        return []

    def _get(self, key: str, required: bool) -> Node | None:
        node = self.node.items.get(key)
        if node is None and required:
            self.fault(f"{key} is missing")
        return node

    def _sheet(self, node: Node | None, key: str) -> Sheet:
        if isinstance(node, MapNode):
            return Sheet(node, self.file, self.notes)
        if node is not None:
            self.fault(f"{key}: a mapping is wanted", node.line)
        return Sheet(MapNode({}, {}, node.line if node else self.node.line), self.file, self.notes)


def own_file(path: Path) -> tuple[Sheet | None, list[Fault], str]:
    """A YAML file of the site whose top is a mapping, the faults that reading it adds to, and its SHA-256.

    None where the file cannot be read at all, which the faults tell.
    """
    file = str(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        return None, [Fault(file, 1, f"cannot be read: {error.strerror}")], ""
    node, faults = parse(content, file)
    if not isinstance(node, MapNode):
        return None, faults or [Fault(file, node.line if node else 1, "the top of the file is a mapping")], ""
    return Sheet(node, file, Notes(faults)), faults, sha256(content).hexdigest()
