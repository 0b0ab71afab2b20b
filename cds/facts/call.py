"""Facts about the call itself: its day, how well each source is known, and what could not be checked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cds.facts.base import Fact, day, flag, term, text


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Fact):
    """The call itself: the day it is evaluated on, in the site's time zone, and its hook.

    `record` tells whether anything of the patient's record could be obtained, were it only that there is nothing.
    """

    kind = "call"
    day: date = day()
    hook: str = term("order-select", "order-sign", "patient-view")
    selected: bool = flag(True)
    record: str = term("some", "none", default="some")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState(Fact):
    """How well a source is known: read, missing, or partial (something in it could not be read).

    A part of a source ("labs/iga") has a state only where something in it could not be read.
    """

    kind = "source"
    name: str = text()
    state: str = term("read", "missing", "partial")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchecked(Fact):
    """A check that could not be made: which rule, about which order ("" for all), for want of what.

    Made by the engine's driver and by rules. One with `speaks` false is said on the other cards of the order only.
    """

    kind = "unchecked"
    rule: str = text()
    source: str = text()
    order: str = text("")
    speaks: bool = flag(True)
