"""From bytes to JSON: what a client sends, or BadRequest with the place. Nothing of the content is ever quoted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from cds.errors import BadRequest

DEPTH = 100
"""Levels of nesting that are read; FHIR in a hook request needs about twenty."""

_ZERO_WIDTH = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))


def decode(body: bytes) -> dict[str, Any]:
    """The JSON object in a body of UTF-8, a byte-order mark and zero-width characters between its parts ignored.

    Of a member that is written twice the last one counts: to look for such costs more than reading the whole body.
    """
    try:
        content = _parse(body)
    except orjson.JSONDecodeError as fault:
        raise BadRequest(f"not valid JSON: see line {fault.lineno} column {fault.colno}") from None
    if not isinstance(content, dict):
        raise BadRequest("the body must be a JSON object")
    return content


def _parse(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        try:
            cleaned = body.decode().translate(_ZERO_WIDTH)
        except UnicodeDecodeError as fault:
            raise BadRequest(f"the body is not UTF-8: see byte {fault.start}") from None
        return orjson.loads(cleaned)


def guard_depth(content: Mapping[str, Any]) -> None:
    """Raises BadRequest for deeper nesting than any record has: readers further in walk resources by recursion."""
    level: list[Any] = [content]
    for _ in range(DEPTH):
        level = [
            child
            for parent in level
            for child in (parent.values() if type(parent) is dict else parent)
            if type(child) is dict or type(child) is list
        ]
        if not level:
            return
    raise BadRequest(f"nested more than {DEPTH} levels deep")
