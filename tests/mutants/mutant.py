"""One change of one file of the rules: where it is, what it is called, and the file as it would be."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cds.knowledge.yaml_marks import MapNode, Node, SeqNode, Text, compose

Path_ = tuple[str | int, ...]
DROPPED = None


@dataclass(frozen=True, slots=True)
class Mutant:
    """`file` is relative to the folder of rules. `name` holds no line, so that it stays when a file grows.

    `value` takes the place of what stands at `place`; None drops it. `own` are the ids of the rules whose conditions
    are another with it; none where charts are read otherwise with it: then only those of calls that say one of `words`
    (as `whole` writes them) or have a fact with the attribute and word of `fact`, where these are given. `rules` are
    all that follow from it, whose cases are asked first. `idle` is true where no rule reads it so far, so that no case
    can be asked for.
    """

    file: str
    line: int
    name: str
    place: Path_
    value: str | None = DROPPED
    own: frozenset[str] = frozenset()
    rules: frozenset[str] = frozenset()
    idle: bool = False
    words: frozenset[str] = frozenset()
    fact: tuple[str, str] | None = None

    @property
    def topic(self) -> str:
        """The folder of cases that is asked next."""
        return TABLE_TOPICS.get(self.file, Path(self.file).stem)


TABLE_TOPICS = {"tables/indications.yaml": "dose", "tables/vaccine_intervals.yaml": "live_vaccine"}


@dataclass(frozen=True, slots=True)
class Spot:
    """A node of a file with the way to it."""

    file: str
    node: Node
    place: Path_ = ()
    line: int = 1

    def __contains__(self, key: str) -> bool:
        return isinstance(self.node, MapNode) and key in self.node.items

    def __getitem__(self, key: str) -> Spot:
        assert isinstance(self.node, MapNode), self.place
        return Spot(self.file, self.node.items[key], (*self.place, key), self.node.key_lines[key])

    def each(self) -> Iterator[Spot]:
        """The entries of a list or of a mapping; of one word, itself."""
        if isinstance(self.node, MapNode):
            yield from (self[key] for key in self.node.items)
        elif isinstance(self.node, SeqNode):
            yield from (Spot(self.file, item, (*self.place, at), item.line) for at, item in enumerate(self.node.items))
        else:
            yield self

    @property
    def key(self) -> str:
        return str(self.place[-1])

    @property
    def text(self) -> str:
        assert isinstance(self.node, Text), self.place
        return self.node.value

    def words(self) -> list[str]:
        """The words of a list; of one word, itself."""
        return [spot.text for spot in self.each() if isinstance(spot.node, Text)]

    def mutant(self, name: str, value: str | None = DROPPED) -> Mutant:
        """What stands here changed to `value`, or dropped."""
        return Mutant(self.file, self.line, name, self.place, value)


def read(folder: Path, file: str) -> Spot:
    """The top of a file of the rules. Raises BookFault where it is no YAML."""
    return Spot(file, compose(folder / file))


def changed(folder: Path, mutant: Mutant) -> bytes:
    """The file with the change, as JSON, which is YAML too."""
    tree = _plain(compose(folder / mutant.file))
    *way, last = mutant.place
    parent = tree
    for step in way:
        parent = parent[step]
    if mutant.value is DROPPED:
        del parent[last]
    else:
        parent[last] = mutant.value
    return json.dumps(tree, ensure_ascii=False).encode()


def _plain(node: Node) -> Any:
    if isinstance(node, MapNode):
        return {key: _plain(item) for key, item in node.items.items()}
    return [_plain(item) for item in node.items] if isinstance(node, SeqNode) else node.value
