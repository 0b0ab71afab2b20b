"""Evaluating documents one after the other, each by itself: one that cannot be evaluated does not stop the others.

How a document becomes a case, and a case cards, is handed in: this room reads files and knows no other room.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cds.case import Case
from cds.errors import BadRequest, CdsError
from cds.replay.files import Document

Content = Mapping[str, Any]
Card = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Readers:
    """What reads JSON, and what makes a case of a Bundle with a patient's record and of a CDS Hooks request.

    All raise CdsError for what they cannot read, with the place but never a value.
    """

    decode: Callable[[bytes], Content]
    bundle: Callable[[Content], Case]
    request: Callable[[Content], Case]


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of one document: the hook and its cards, or why it could not be evaluated."""

    file: str
    hook: str = ""
    cards: tuple[Card, ...] = ()
    error: str = ""


FAULTS = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What a fault of this program may raise; one document's must not keep the others from being evaluated."""


def reported(fault: BaseException) -> str:
    """Such a fault for people, without its message, which may hold a patient's value."""
    return f"could not be evaluated ({type(fault).__name__}); please report this"


def case_of(document: Document, readers: Readers) -> Case:
    """The case in a document. Raises CdsError where it cannot be read."""
    if document.error:
        raise BadRequest(document.error)
    content = readers.decode(document.body)
    if content.get("resourceType") == "Bundle":
        return readers.bundle(content)
    if "hook" in content:
        return readers.request(content)
    raise BadRequest("neither a FHIR Bundle (resourceType) nor a CDS Hooks request (hook)")


def replay(
    documents: Iterable[Document], readers: Readers, evaluate: Callable[[Case], Sequence[Card]]
) -> Iterator[Replayed]:
    """What comes of each document, in their order, made as it is asked for."""
    for document in documents:
        try:
            case = case_of(document, readers)
            yield Replayed(document.name, case.hook, tuple(evaluate(case)))
        except CdsError as fault:
            yield Replayed(document.name, error=str(fault))
        except FAULTS as fault:
            yield Replayed(document.name, error=reported(fault))
