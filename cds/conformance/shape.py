"""What every check asks of JSON whose shape nothing vouches for: texts, objects, addresses, empty members."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from cds.wording import spoken

_LONGEST = 160
_MOST = 20
"""So many empty members are named; a body may hold millions of them."""

_Path = tuple[Any, ...]


def brief(text: str) -> str:
    """The text on one line, without what a terminal would act on, and shortened."""
    line = spoken(text[: 4 * _LONGEST])
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def quoted(value: object) -> str:
    """A few words of what a service said."""
    text = str(value) if isinstance(value, str | int | float) else type(value).__name__
    return f"“{text[:40]}…”" if len(text) > 40 else f"“{text}”"


def is_text(value: object) -> bool:
    """Whether it is a string with something in it."""
    return isinstance(value, str) and bool(value.strip())


def objects(value: object) -> list[dict[str, Any]]:
    """The objects in a list; none where it is no list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def is_absolute(value: object) -> bool:
    """Whether it is an http or https URL with a host."""
    if not isinstance(value, str):
        return False
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def units(text: str) -> int:
    """The length in UTF-16 units, as clients in JavaScript, Java and C# count it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def empties(value: Any, allowed: frozenset[str] = frozenset()) -> Iterator[str]:
    """The JSON paths of members and items that are null, "", [] or {}, at most twenty.

    Top-level members named in `allowed` may be an empty list. What a member `resource` holds is FHIR, with rules of
    its own, and is left alone.
    """
    found = 0
    waiting: list[tuple[Any, _Path]] = [(value, ())] if isinstance(value, dict | list) else []
    while waiting and found < _MOST:
        parent, path = waiting.pop()
        pairs = parent.items() if isinstance(parent, dict) else enumerate(parent)
        deeper: list[tuple[Any, _Path]] = []
        for key, child in pairs:
            if child is None or child in ("", [], {}):
                if not (child == [] and not path and key in allowed):
                    yield _written((path, key))
                    found += 1
                    if found == _MOST:
                        return
            elif isinstance(child, dict | list) and key != "resource":
                deeper.append((child, (path, key)))
        waiting += reversed(deeper)


def _written(path: _Path) -> str:
    """The path, which is linked from its end, as text; of a very deep one the end."""
    steps: list[str] = []
    while path and len(steps) < _MOST:
        path, key = path
        steps.append(f"[{key}]" if isinstance(key, int) else f".{key[:40]}")
    return "".join(reversed(steps)).removeprefix(".")
