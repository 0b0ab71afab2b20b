"""Another product in an order: medication, volumes and rates recalculated, words that speak of it rewritten.

The dose in grams stays, but for whole vials of the new product where they are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from cds.advice.changes.dispense import Amount, dispensed
from cds.advice.changes.dose import Dose, redosed
from cds.advice.changes.medication import with_medication
from cds.advice.changes.plain import Changed, copied, extended, lines, remarks
from cds.advice.changes.solution import Conversion, Exchange, naming
from cds.advice.changes.words import no_amount, reworded
from cds.case import Resource
from cds.errors import Unreadable
from cds.fhir.read import clean

_PREPARED = re.compile(
    r"\b(?:(?:reconstitut|dilut|diluent|filter|dissolv|lyophili|vial|bottle)\w*|d5w?|dextrose|saline|sterile water"
    r"|powder|percent|sucrose|sorbitol|maltose)\b",
    re.IGNORECASE,
)
"""Words about how the old product is made ready, and what it comes in and with."""
_FIXED = re.compile(
    r"\b(?:(?:do not|don't|dont|no|not|never|without)\b.{0,20}\b(?:substitut|switch|chang|replac|exchang|interchang)\w*"
    r"|dispense as written|daw|(?:brand|this product|this brand)\b.{0,20}\b(?:only|necessary))\b",
    re.IGNORECASE,
)
"""Words that keep an order with its product."""
_LASTING = re.compile(
    r"\b(?:over|within|during|lasting|duration)\b|(?<!per )\bh(?:ou)?rs?\b|\d\s{0,2}-?(?:h|min(?:utes?)?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Redosed:
    """Another dose to go with another product, where the order writes one dose: the old one, the new one."""

    old: Dose
    new: Dose
    tolerance: Decimal


def exchanged(order: Resource, exchange: Exchange, dose: Redosed | None = None) -> Changed:
    """The order for another product, with the new dose in the place of the old one if there is one.

    Raises Unreadable where anything in the order may belong to the old product and cannot be told.
    """
    for remark in (*remarks(order), *extended(order)):
        reworded(remark, no_amount)
        if naming((*exchange.brands, *exchange.others)).search(remark):
            raise Unreadable("a remark names a product")
    _may_be_exchanged(order)
    made = with_medication(copied(order), exchange.concept)
    told: list[str] = []
    if dose is not None:
        changed = redosed(made, dose.old, dose.new, exchange.old_strength, dose.tolerance)
        made, told = dict(changed.order), [*changed.told]
    if "dosageInstruction" in made:
        conversion = Conversion(exchange)
        made["dosageInstruction"] = conversion.lines(lines(made))
        if conversion.slowed and _lasts(order):
            raise Unreadable("it tells how long it takes at the old rate")
        told += conversion.told
    made, more = dispensed(made, Amount(None, exchange.old_strength), Amount(None, exchange.strength))
    return Changed(made, (*told, *more))


def _words(order: Resource) -> list[str]:
    """All that people wrote about how the order is to be carried out."""
    said = [clean(line.get(name)) for line in lines(order) for name in ("text", "patientInstruction")]
    return [*said, *remarks(order), *extended(order)]


def _may_be_exchanged(order: Resource) -> None:
    """Raises Unreadable where an order is to keep its product, or says how that one is made ready."""
    substitution = order.get("substitution", {"allowedBoolean": True})
    if not isinstance(substitution, Mapping) or substitution.get("allowedBoolean") is not True:
        raise Unreadable("it may not be substituted")
    if any(_PREPARED.search(words) or _FIXED.search(words) for words in _words(order)):
        raise Unreadable("its words are about the old product alone")


def _lasts(order: Resource) -> bool:
    """Whether an order tells how long an infusion takes, in numbers or in words."""
    timings = [line.get("timing") for line in lines(order)]
    repeats = [timing.get("repeat") for timing in timings if isinstance(timing, Mapping)]
    told = [name for repeat in repeats if isinstance(repeat, Mapping) for name in repeat]
    return any(name.startswith("duration") for name in told) or any(map(_LASTING.search, _words(order)))
