"""Answers on short names, kept: the same names of drugs and diseases come again in every call of a hospital."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

_MOST, _LONGEST = 2048, 40

Answer = TypeVar("Answer")


def remembered(read: Callable[[str], Answer]) -> Callable[[str], Answer]:
    """`read`, a pure function of a text, with the last answers on names kept.

    A text of more than 40 characters or with a digit is free text that may name a person, a birthday or a record
    number: it is read each time and never kept.
    """
    kept = lru_cache(_MOST)(read)

    def answer(text: str) -> Answer:
        free = len(text) > _LONGEST or any(map(str.isdigit, text))
        return read(text) if free else kept(text)

    return answer
