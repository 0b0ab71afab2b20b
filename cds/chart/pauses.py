"""How long the pauses between planned days are."""

from __future__ import annotations

from datetime import date
from itertools import pairwise


def gap(days: tuple[date, ...], window: int) -> int | None:
    """The shortest pause between planned days that is no shorter than a course; None where there is none."""
    distinct = sorted(set(days))
    pauses = [(later - earlier).days for earlier, later in pairwise(distinct)]
    return min((pause for pause in pauses if pause >= window), default=None)


def pause(days: tuple[date, ...], window: int) -> int | None:
    """The shortest pause between one course of planned days and the next; None where all are one course."""
    begins, last, shortest = None, None, None
    for day in sorted(set(days)):
        if begins is None or last is None or (day - begins).days >= window:
            if last is not None:
                between = (day - last).days
                shortest = between if shortest is None else min(shortest, between)
            begins = day
        last = day
    return shortest
