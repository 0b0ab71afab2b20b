"""The files of the rule book's tables: read once, hashed, their faults gathered."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence
from pathlib import Path

from cds.errors import Fault
from cds.knowledge.sheet import Notes, Sheet
from cds.knowledge.yaml_marks import MapNode, parse


class Files:
    """Reads the tables under one folder; `digest` covers every byte read, `notes.faults` everything wrong so far."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.notes = folder, Notes()
        self._hash = hashlib.sha256()

    @property
    def digest(self) -> str:
        """SHA-256 of the names and contents of all files read, in the order of reading."""
        return self._hash.hexdigest()

    def named(self, folder: str) -> list[str]:
        """The stems of the YAML files in a folder, sorted; none is a fault."""
        found = sorted(path.stem for path in (self.folder / folder).glob("*.yaml"))
        if not found:
            self.notes.faults.append(Fault(folder, 1, "no YAML file in this folder"))
        return found

    def sheet(self, name: str) -> Sheet:
        """A YAML file whose top is a mapping; an empty one where it cannot be read."""
        empty = MapNode({}, {}, 1)
        content = self._content(name)
        if content is None:
            return Sheet(empty, name, self.notes)
        node, faults = parse(content, name)
        self.notes.faults.extend(faults)
        if node is not None and not isinstance(node, MapNode):
            self.notes.faults.append(Fault(name, node.line, "the top of the file is a mapping"))
        return Sheet(node if isinstance(node, MapNode) else empty, name, self.notes)

    def table(self, name: str, columns: Sequence[str]) -> list[list[str]]:
        """The rows of a CSV file whose first line names exactly these columns."""
        content = self._content(name)
        if content is None:
            return []
        try:
            rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), strict=True))
        except (UnicodeDecodeError, csv.Error) as error:
            self.notes.faults.append(Fault(name, 1, f"not a CSV file in UTF-8: {error}"))
            return []
        if not rows or rows[0] != list(columns):
            self.notes.faults.append(Fault(name, 1, f"the columns are {', '.join(columns)}"))
            return []
        width = len(columns)
        for line, row in enumerate(rows[1:], 2):
            if len(row) != width:
                self.notes.faults.append(Fault(name, line, f"{len(row)} columns where {width} are wanted"))
        return [row for row in rows[1:] if len(row) == width]

    def _content(self, name: str) -> bytes | None:
        try:
            content = (self.folder / name).read_bytes()
        except OSError as error:
            self.notes.faults.append(Fault(name, 1, f"cannot be read: {error.strerror}"))
            return None
        self._hash.update(f"{name}\0{len(content)}\0".encode() + content)
        return content
