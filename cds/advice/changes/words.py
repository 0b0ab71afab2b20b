"""Amounts in the words of an order: a text that names the old dose must not stay so, nor be rewritten by guess."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from cds.errors import Unreadable
from cds.fhir.units import MASS, VOLUME

_BASES = "|".join(sorted((*MASS, *VOLUME), key=len, reverse=True))
MENTION = re.compile(
    rf"(?<!\d)(\d[\d,]{{0,20}}(?:\.\d{{1,9}})?)([\s-]{{0,3}})"
    rf"((?:(?:{_BASES})(?![a-z])(?:\s{{0,2}}(?:/|\bper\b)\s{{0,2}}[a-z0-9.]{{0,20}}[a-z0-9]){{0,4}})|%)",
    re.IGNORECASE,
)
"""A number with a unit of mass or volume, of what is per these, or percent: number, what is between, unit."""
_BEFORE = 8
"""Characters before a number that may make it part of a range, a product or a longer number."""
_NOT_BEFORE = re.compile(r"(?:\d\s*(?:-|–|to|x|×)?\s*|[.,/])$", re.IGNORECASE)
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_CONCENTRATION = re.compile(rf"(?:{'|'.join(MASS)})\s*(?:/|per)\s*(?:dl|{'|'.join(VOLUME)})", re.IGNORECASE)
_TOLD_TWICE = "its words name an amount that is not its dose"


@dataclass(frozen=True, slots=True)
class Mention:
    """A number with its unit as the words have them; `places` are the decimals that are written."""

    value: Decimal
    unit: str
    places: int

    @property
    def concentration(self) -> bool:
        """Whether it is so much in a volume, as results and strengths are."""
        return _CONCENTRATION.fullmatch(self.unit) is not None

    def means(self, value: Decimal) -> bool:
        """Whether it is this value, as far as it is written."""
        return 2 * abs(value - self.value) <= Decimal(1).scaleb(-self.places)


Swap = Callable[[Mention], Decimal | None]
"""The number to write in place of a mention's, None where it may stay; raises Unreadable where that cannot be told."""


def reworded(text: str, swap: Swap) -> str:
    """The text with every amount as `swap` has it.

    Raises Unreadable for a range, a product and any other number that is not one plain amount.
    """

    def said(found: re.Match[str]) -> str:
        written, space, unit = found.groups()
        if _NOT_BEFORE.search(text[max(0, found.start() - _BEFORE) : found.start()]) or (
            "," in written and not _THOUSANDS.fullmatch(written)
        ):
            raise Unreadable("its words name an amount in a way that is not understood")
        plain = written.replace(",", "")
        number = swap(Mention(Decimal(plain), unit, len(plain.partition(".")[2])))
        return found[0] if number is None else f"{plain_number(number)}{space}{unit}"

    return MENTION.sub(said, text)


def no_amount(mention: Mention) -> Decimal | None:
    """The swap for words that may name no amount at all."""
    if mention.concentration or mention.unit == "%":
        return None
    raise Unreadable(_TOLD_TWICE)


def not_the_dose() -> Unreadable:
    """For an amount in words that is none of those that change."""
    return Unreadable(_TOLD_TWICE)


def plain_number(value: Decimal) -> str:
    """A number as it is written: without an exponent and closing zeros, three decimals at most."""
    plain = f"{round(value, 3):f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
