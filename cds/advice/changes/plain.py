"""What every change of an order shares: numbers as JSON has them, and what of a resource may go stale with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cds.case import Resource
from cds.errors import Unreadable
from cds.fhir.read import clean, items, status, texts

_EXTENSIONS = ("extension", "modifierExtension")
_CODED = frozenset({"url", "system", "code", "unit"})
"""What in an extension are no words of their own."""
_LARGEST = Decimal(10) ** 12
_RENDERED = frozenset({"generated", "extensions", "empty"})
"""The statuses of a narrative that says nothing but what the data say."""


@dataclass(frozen=True, slots=True)
class Changed:
    """An order as changed; `told` are sentences on what else became of it."""

    order: Resource
    told: tuple[str, ...] = ()


def lines(order: Resource) -> list[Mapping[str, Any]]:
    """The dosage instructions, none where there are none; raises Unreadable where they do not stand as FHIR has it."""
    return objects(order, "dosageInstruction")


def objects(part: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The objects in the list of this name; raises Unreadable for anything else in its place."""
    found = part.get(name, [])
    if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
        raise Unreadable(f"its {name} is no list of objects")
    return found


def json_number(value: Decimal) -> int | float:
    """A decimal as a JSON number, whole where it is; raises Unreadable for one beyond all doses."""
    if abs(value) > _LARGEST:
        raise Unreadable("a number is beyond all doses")
    return int(value) if value == value.to_integral_value() else float(value)


def with_number(element: Any, value: Decimal) -> Mapping[str, Any]:
    """A Quantity with another number; raises Unreadable where its number does not stand as one."""
    written = element.get("value") if isinstance(element, Mapping) else None
    if isinstance(written, bool) or not isinstance(written, int | float):
        raise Unreadable("a number does not stand as one")
    return {**element, "value": json_number(value)}


def copied(order: Resource) -> dict[str, Any]:
    """The order to be changed: without white space around its status, and without the narrative that was made of it.

    Raises Unreadable where people wrote in the narrative.
    """
    made = {**order, "status": status(order)}
    narrative = made.pop("text", None)
    told = clean(narrative.get("status")) if isinstance(narrative, Mapping) else ""
    if narrative is not None and told not in _RENDERED:
        raise Unreadable("it has a narrative of its own")
    return made


def remarks(order: Resource) -> list[str]:
    """The words of its notes and of the further instructions of its dosages, which are not rewritten."""
    said = [clean(note.get("text")) for note in objects(order, "note")]
    return [*said, *(words for line in lines(order) for words in texts(line.get("additionalInstruction")))]


def extended(order: Resource) -> Iterator[str]:
    """The words and the amounts in the extensions anywhere in the order, which are not rewritten either."""
    ahead: list[tuple[object, bool]] = [(order, False)]
    while ahead:
        part, inside = ahead.pop()
        if isinstance(part, list):
            ahead += [(one, inside) for one in part]
        elif isinstance(part, Mapping):
            ahead += [(value, inside or name in _EXTENSIONS) for name, value in part.items()]
            if inside:
                yield from (clean(value) for name, value in part.items() if name not in _CODED)
                amount = part.get("value", part.get("valueDecimal"))
                if isinstance(amount, int | float) and not isinstance(amount, bool):
                    yield f"{amount} {clean(part.get('unit')) or clean(part.get('code'))}"


def medication_words(order: Resource) -> list[str]:
    """What the order itself calls its medication; the displays of codes are names of packages."""
    concept, reference = order.get("medicationCodeableConcept"), order.get("medicationReference")
    said = [clean(one.get("text")) for one in items(concept)]
    return [*said, *(clean(one.get("display")) for one in items(reference))]
