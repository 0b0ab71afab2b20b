"""One line of the checklist: its id, what it asks, and the function that looks; what the function saw, and the result.

A check function yields remarks. The worst of them is the result; without any remark nothing was seen, and that is
"not checked", never a pass.
"""

from __future__ import annotations

import pkgutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from itertools import islice

from cds.conformance.examination import Examination
from cds.conformance.shape import brief

_PARTS = "DRCFSP"
"""The parts of the checklist in their order: discovery, requests, cards, feedback, security, performance."""

_MOST = 5_000
"""So many remarks of one line are heard: an answer may hold a fault in each of a million places."""


class Outcome(StrEnum):
    """What a line can come to, the worst first."""

    FAIL = "fail"
    WARNING = "warning"
    PASS = "pass"
    UNCHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that was seen, in a few words that are safe on any terminal."""

    outcome: Outcome
    text: str


Remarks = Iterator[Remark]


def fails(text: str) -> Remark:
    """The standard does not allow what was seen."""
    return Remark(Outcome.FAIL, brief(text))


def warns(text: str) -> Remark:
    """What was seen is allowed, but is no good practice or meets clients that do not understand it."""
    return Remark(Outcome.WARNING, brief(text))


def passes(text: str) -> Remark:
    """What was seen is as it should be."""
    return Remark(Outcome.PASS, brief(text))


def skips(text: str) -> Remark:
    """Why something could not be looked at."""
    return Remark(Outcome.UNCHECKED, brief(text))


@dataclass(frozen=True, slots=True)
class Result:
    """What a line came to. `seen` are the remarks that made it so, each once, with how often it was made."""

    line: str
    asks: str
    outcome: Outcome
    seen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """A line of the checklist."""

    line: str
    asks: str
    look: Callable[[Examination], Remarks]

    def run(self, examination: Examination) -> Result:
        remarks = tuple(islice(self.look(examination), _MOST)) or (skips(examination.silence),)
        if len(remarks) == _MOST:
            remarks += (warns("there is more than can be looked at"),)
        outcome = next(one for one in Outcome if any(remark.outcome is one for remark in remarks))
        shown = {
            Outcome.FAIL: (Outcome.FAIL, Outcome.WARNING),
            Outcome.PASS: (Outcome.PASS, Outcome.UNCHECKED),
        }.get(outcome, (outcome,))
        counted = Counter(r.text for one in shown for r in remarks if r.outcome is one)
        seen = tuple(f"{text} × {times}" if times > 1 else text for text, times in counted.items())
        return Result(self.line, self.asks, outcome, seen)


def line(id: str, asks: str) -> Callable[[Callable[[Examination], Remarks]], Check]:
    """Makes a check of a function."""
    return lambda look: Check(id, asks, look)


def checks() -> tuple[Check, ...]:
    """Every check in the files of this room, in the order of the checklist."""
    room = __package__ or ""
    found = {
        value.line: value
        for module in pkgutil.iter_modules(import_module(room).__path__, f"{room}.")
        for value in vars(import_module(module.name)).values()
        if isinstance(value, Check)
    }
    return tuple(sorted(found.values(), key=lambda check: (_PARTS.index(check.line[0]), int(check.line[1:]))))
