"""What became of a card, as a client reports it. Plain data: the wire reads it, the metrics count it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Outcome = Literal["accepted", "overridden"]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a card was overridden: a coding of ours, of the site or of the client; often without a display."""

    system: str
    code: str
    display: str = ""


@dataclass(frozen=True, slots=True)
class Feedback:
    """One report about one card.

    `card` is the card's uuid, known here or not. The same card may be reported again, with the same or another outcome:
    reports are equal where all of them is. `at` is the moment of the outcome, in UTC. `suggestions` are the uuids of
    those that were accepted. `comment` is a clinician's own words and may tell of the patient: never to be logged.
    """

    card: str
    outcome: Outcome
    at: datetime
    suggestions: tuple[str, ...] = ()
    reason: Reason | None = None
    comment: str = field(default="", repr=False)
