"""What a fact is: typed, frozen, flat.

A fact carries the reference of the resource it came from (`ref`) and the sentence that stands for it as evidence
(`says`). Topic files name kinds by `is:` and attributes by the names here; the compiler checks every one of them.
An attribute that is None is absent. Closed vocabularies always have a value, `unknown` among them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar

TEXT, TERM, NUMBER, DAY, FLAG, HIDDEN = "text", "term", "number", "day", "flag", "hidden"


def _make(type_: str, **extra: Any) -> Callable[..., Any]:
    def attribute(default: Any = ..., **more: Any) -> Any:
        metadata = {"type": type_, **extra, **more}
        return field(metadata=metadata) if default is ... else field(default=default, metadata=metadata)

    return attribute


text = _make(TEXT)
"""An identifier: equality and joins only."""
number = _make(NUMBER)
"""A measured or computed number; `unit` says of what."""
day = _make(DAY)
"""A calendar day."""
flag = _make(FLAG)
"""True or false, never absent."""
hidden = _make(HIDDEN)
"""For wording only: never enters the engine."""


def term(*members: str, of: str = "", default: Any = ...) -> Any:
    """A word of a closed list: `members`, or the list that the tables give under the name `of` (plus `unknown`)."""
    metadata = {"type": TERM, "members": members, "of": of}
    return field(metadata=metadata) if default is ... else field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What every fact has: the resource it came from ("Type/id", or "" for the call itself) and its sentence.

    `sources` are those that facts of the kind are made from; "labs/iga" is that part of a source only. A kind that is
    `parted` by a source and an attribute stands, where a rule names words of the attribute, on those parts of it only.
    """

    kind: ClassVar[str] = ""
    sources: ClassVar[tuple[str, ...]] = ()
    parted: ClassVar[tuple[str, str] | None] = None
    ref: str = field(default="", metadata={"type": TEXT})
    says: str = field(default="", metadata={"type": HIDDEN})


def attributes(cls: type[Fact]) -> Mapping[str, Mapping[str, Any]]:
    """The attributes of a kind: name to {"type", and "unit", "members" or "of"}."""
    return {f.name: f.metadata for f in fields(cls)}
