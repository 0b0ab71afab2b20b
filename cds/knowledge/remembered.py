"""Answers on short texts, kept: the same names of drugs and diseases come again in every call of a hospital."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

_MOST, _LONGEST = 2048, 120

Answer = TypeVar("Answer")


def remembered(read: Callable[[str], Answer]) -> Callable[[str], Answer]:
    """`read`, a pure function of a text, with the last answers on short texts kept; longer ones are read each time."""
    kept = lru_cache(_MOST)(read)

    def answer(text: str) -> Answer:
        return kept(text) if len(text) <= _LONGEST else read(text)

    return answer
