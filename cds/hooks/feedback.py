"""What a client reports about cards: strict in its shape, open to unknown cards, repeats and reasons of the client's.

Anything wrong is BadRequest with its place ("feedback[2].outcome") and never a value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, StrictStr

from cds.errors import BadRequest
from cds.feedback import Feedback, Reason
from cds.fhir.read import clean
from cds.hooks.body import guard_depth
from cds.hooks.validation import Wrong, validated

MOST_ITEMS = 1000
_MOST_SUGGESTIONS = 100
_ID, _TEXT, _COMMENT = 128, 1024, 20_000
"""Characters of an id, of a code or name, and of a comment."""

_RFC_3339 = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,12})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)


def _instant(value: object) -> datetime:
    """A moment in UTC, from RFC 3339 with its offset."""
    written = clean(value)
    try:
        if _RFC_3339.fullmatch(written):
            return datetime.fromisoformat(written.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise Wrong("must be a date and time with its offset, as in 2026-11-20T12:00:00Z")


def _filled(value: str) -> str:
    """The text without white space around it. Raises where nothing is left."""
    if not (cleaned := clean(value)):
        raise Wrong("must not be empty")
    return cleaned


Id = Annotated[StrictStr, Field(min_length=1, max_length=_ID), AfterValidator(_filled)]
Text = Annotated[StrictStr, Field(min_length=1, max_length=_TEXT), AfterValidator(_filled)]


class Coding(BaseModel):
    """A coded reason; clients add their own, and leave the display out."""

    system: Text
    code: Text
    display: Annotated[StrictStr, Field(max_length=_TEXT)] | None = None


class OverrideReason(BaseModel):
    """Why a card was overridden: a code, the clinician's words, or both."""

    reason: Coding | None = None
    userComment: Annotated[StrictStr, Field(max_length=_COMMENT)] | None = Field(default=None, repr=False)


class AcceptedSuggestion(BaseModel):
    """A suggestion that was accepted, by its uuid."""

    id: Id


class FeedbackItem(BaseModel):
    """One report about one card."""

    card: Id
    outcome: Literal["accepted", "overridden"]
    outcomeTimestamp: Annotated[datetime, BeforeValidator(_instant)]
    acceptedSuggestions: Annotated[list[AcceptedSuggestion], Field(max_length=_MOST_SUGGESTIONS)] | None = None
    overrideReason: OverrideReason | None = None


class FeedbackBody(BaseModel):
    """The body of a call of feedback: reports about cards of one or many calls. Unknown members are ignored."""

    feedback: Annotated[list[FeedbackItem], Field(min_length=1, max_length=MOST_ITEMS)]


def read_feedback(content: Mapping[str, Any]) -> tuple[Feedback, ...]:
    """Every report in the body, in its order."""
    guard_depth(content)
    items = validated(FeedbackBody, content).feedback
    return tuple(_read(item, f"feedback[{number}]") for number, item in enumerate(items))


def _read(item: FeedbackItem, where: str) -> Feedback:
    accepted = item.outcome == "accepted"
    if accepted and not item.acceptedSuggestions:
        raise BadRequest("must name the suggestions that were accepted", f"{where}.acceptedSuggestions")
    why = item.overrideReason
    comment = clean(why.userComment) if why is not None else ""
    if why is not None and why.reason is None and not comment:
        raise BadRequest("must hold a reason or a userComment", f"{where}.overrideReason")
    reason = why.reason if why is not None else None
    return Feedback(
        card=item.card,
        outcome=item.outcome,
        at=item.outcomeTimestamp,
        suggestions=tuple(one.id for one in item.acceptedSuggestions or ()) if accepted else (),
        reason=Reason(reason.system, reason.code, clean(reason.display)) if reason is not None else None,
        comment=comment,
    )
