"""Hostile words for C9: put where people write in a request, looked for in the Markdown that comes back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

MARK = "qzx"
"""A word that stands in nothing else."""
WORDS = f" <script>{MARK}()</script> [{MARK}](https://{MARK}.example) `{MARK}` **{MARK}** <img src=x onerror={MARK}>"

_WRITTEN = ("display", "text", "family")
"""Members that hold what a person wrote or reads."""
_DEEP = 50
_LONGEST = 5_000
"""Characters of a detail that are read as Markdown."""


def spoilt(content: Mapping[str, Any]) -> dict[str, Any]:
    """The request with the hostile words after everything that a person could have written in it."""
    made = _spoilt(content, _DEEP)
    assert isinstance(made, dict)
    return made


def _spoilt(value: Any, depth: int) -> Any:
    if isinstance(value, Mapping) and depth:
        return {
            name: child + WORDS if name in _WRITTEN and isinstance(child, str) else _spoilt(child, depth - 1)
            for name, child in value.items()
        }
    return [_spoilt(child, depth - 1) for child in value] if isinstance(value, list) and depth else value


def parsed(detail: str) -> list[Token]:
    """The Markdown, its beginning at least, as what a client would show."""
    tokens = MarkdownIt("commonmark").parse(detail[:_LONGEST])
    return [part for token in tokens for part in (token, *(token.children or ())) if part.type != "inline"]


def html(tokens: Iterable[Token]) -> list[str]:
    """The pieces of HTML in a Markdown text."""
    return [token.content for token in tokens if token.type in ("html_block", "html_inline")]


def taken_for_markup(tokens: Iterable[Token]) -> list[str]:
    """What the hostile words became in a Markdown text other than words: HTML, a link, code, emphasis."""
    found: dict[str, None] = {}
    bold = False
    for token in tokens:
        bold = (bold or token.type == "strong_open") and token.type != "strong_close"
        if token.type == "link_open" and MARK in str(token.attrGet("href")):
            found["a link"] = None
        elif MARK not in token.content:
            continue
        elif token.type.startswith("html"):
            found["HTML"] = None
        elif token.type in ("code_inline", "code_block", "fence", "image"):
            found["code" if token.type != "image" else "an image"] = None
        elif token.type == "text" and bold and token.content.strip() == MARK:
            found["emphasis"] = None
    return list(found)
