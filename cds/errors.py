"""What can go wrong, said as: what was wrong, where, what to do. Never a patient's value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal


class CdsError(Exception):
    """Base of every error this package raises on purpose.

    `what` says what was wrong and what to do, `where` names the place (a JSON path, a file and line).
    Neither ever holds a value that came from a patient.
    """

    def __init__(self, what: str, where: str = "") -> None:
        super().__init__(f"{where}: {what}" if where else what)
        self.what = what
        self.where = where


class BadRequest(CdsError):
    """The envelope of a hook request is wrong: answered with 400."""


class TooMuch(CdsError):
    """More was sent than one call may hold: answered with 413, never with a part of the advice."""


class Unreadable(CdsError):
    """One FHIR resource, or one element of it, cannot be used."""


Trouble = Literal["unreachable", "late", "refused", "not found", "busy", "failed", "broken", "too large", "elsewhere"]
"""What kept the answer of a FHIR server from being had, for the counters."""


class Unavailable(CdsError):
    """A FHIR server gave no answer that can be used; `what` goes on after its name and holds no address."""

    def __init__(self, trouble: Trouble, what: str) -> None:
        super().__init__(what)
        self.trouble = trouble


class Unanswerable(CdsError):
    """Nothing at all can be said of a call, because what is required could not be obtained: answered with 412."""


class EngineFault(CdsError):
    """An evaluation did not come to its end: answered with 5xx, never with an empty list of cards."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong in a rule, table or concept file."""

    file: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}"


class BookFault(CdsError):
    """The rule book cannot be used; `faults` lists everything wrong in it, sorted by file and line."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = sorted(set(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))


def hint(word: str, known: Iterable[str]) -> str:
    """What may have been meant by an unknown word, as the end of a fault's sentence."""
    close = get_close_matches(word, list(known), 1)
    return f"; did you mean {close[0]}?" if close else ""
