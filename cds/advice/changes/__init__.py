"""Changing the client's own order, and only where the advice does: all else of the resource stays as it came.

A shape that is not understood for certain raises Unreadable, saying why: then nothing is suggested.
"""

from __future__ import annotations

from cds.advice.changes.dose import Dose, redosed, spelled
from cds.advice.changes.plain import Changed, copied, extended, remarks
from cds.advice.changes.product import Redosed, exchanged
from cds.advice.changes.solution import Exchange

__all__ = [
    "Changed",
    "Dose",
    "Exchange",
    "Redosed",
    "copied",
    "exchanged",
    "extended",
    "redosed",
    "remarks",
    "spelled",
]
