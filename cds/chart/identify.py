"""Whether an order is for immune globulin, and what is known of its product.

Codes come before words, and ingredients are never enough by themselves: the tables decide. The sugar may be named only
as an ingredient of a contained Medication, the strength as an ingredient's ratio.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import get_args

from cds.case import Resource
from cds.chart.medication import Named, medication
from cds.chart.parts import Resolver
from cds.chart.quantities import strength_of
from cds.chart.references import References
from cds.chart.route import Route, in_words, stated
from cds.fhir import texts
from cds.fhir.read import clean, items
from cds.knowledge import Identified, Knowledge
from cds.knowledge.products import Sugar

_LONGEST = 32
"""Characters of a name that is not in our tables: what a summary has room for."""
_SUGARS: tuple[tuple[Sugar, re.Pattern[str]], ...] = (
    ("sucrose", re.compile(r"\b(?:sucrose|saccharose)\b(?![- ]free)", re.I)),
    ("maltose", re.compile(r"\bmaltose\b(?![- ]free)", re.I)),
    ("sorbitol", re.compile(r"\bsorbitol\b(?![- ]free)", re.I)),
    ("glucose", re.compile(r"\b(?:glucose|dextrose)\b(?![- ]free)", re.I)),
)
_DENIED = re.compile(r"\b(?:no|without|free of)\s+\w+", re.I)
_PERCENT = re.compile(r"(?<![\d.])(\d{1,4}(?:\.\d{1,4})?)\s*%")
_PARENTERAL: frozenset[Route] = frozenset({"subcutaneous", "intramuscular"})
assert {sugar for sugar, _ in _SUGARS} <= set(get_args(Sugar))


@dataclass(frozen=True, slots=True)
class Drug:
    """The medication of an order as the tables know it. `name` is short enough for a summary.

    `route_in_words`: the route was read from the words of a dosage.
    """

    identified: Identified
    named: Named
    name: str
    route: Route
    sugar: Sugar
    strength: Decimal | None
    route_in_words: bool = False

    @property
    def is_ivig(self) -> bool:
        return self.identified.verdict == "ivig"

    @property
    def is_extravascular(self) -> bool:
        """It is normal immune globulin that is for under the skin or into a muscle, or is ordered so."""
        return self.identified.verdict == "extravascular"

    @property
    def undecided(self) -> bool:
        """It may be intravenous immune globulin, but which product it is cannot be told."""
        return self.identified.verdict == "unresolved"


def drug(order: Resource, find: Resolver, knowledge: Knowledge) -> Drug:
    """What an order (of any drug) names. Never raises; a medication that cannot be read is no immune globulin.

    A product for veins and for under the skin that is ordered under the skin or into a muscle is another immune
    globulin; an intravenous product ordered so keeps the wrong route. By mouth is a route only where it stands as one:
    the words of a dosage tell what else is taken by mouth before an infusion.
    """
    if isinstance(find, References):
        return find.once("drug", order, lambda: _drug(order, find, knowledge))
    return _drug(order, find, knowledge)


def _drug(order: Resource, find: Resolver, knowledge: Knowledge) -> Drug:
    named = _named(order, find)
    dosages = list(items(order.get("dosageInstruction")))
    route, worded = stated(dosages), in_words(dosages)
    found = knowledge.products.identify(named.codes, named.texts, intravenous=route == "intravenous")
    if found.verdict == "no":
        return Drug(found, named, named.label, "unknown", "unknown", None)
    if route is None or (worded and route == "oral"):
        route = "intravenous" if found.verdict == "ivig" and not found.routes & _PARENTERAL else "unknown"
    elif found.verdict == "ivig" and route in _PARENTERAL and (route in found.routes or not found.routes):
        found = replace(found, verdict="extravascular", why=f"ordered {route}")
    product = find(order.get("medicationReference"), order) or {}
    ingredients = list(items(product.get("ingredient")))
    words = [word for ingredient in ingredients for word in _words(ingredient, product, order, find)]
    sugar = next((name for name, pattern in _SUGARS if any(map(pattern.search, words))), None)
    strength = found.strength_mg_per_ml or _single(filter(None, (strength_of(one) for one in ingredients)))
    if strength is None:
        strength = _single(Decimal(p) * 10 for word in named.texts for p in _PERCENT.findall(word))
    return Drug(found, named, _name(found, named, knowledge), route, sugar or found.sugar, strength, worded)


def _named(order: Resource, find: Resolver) -> Named:
    written = clean(order.get("medicationCodeableConcept"))
    return Named(texts=(written,)) if written else medication(order, find)


def _words(ingredient: Resource, product: Resource, order: Resource, find: Resolver) -> Iterable[str]:
    """The words of an ingredient, which may be contained in the Medication or, beside it, in the order."""
    reference = ingredient.get("itemReference")
    inner = find(reference, product) or find(reference, order) or {}
    for concept in (ingredient.get("itemCodeableConcept"), inner.get("code")):
        for word in texts(concept):
            yield _DENIED.sub("", word)


def _single(values: Iterable[Decimal]) -> Decimal | None:
    found = set(values)
    return found.pop() if len(found) == 1 else None


def _name(found: Identified, named: Named, knowledge: Knowledge) -> str:
    if found.product in knowledge.products.ids:
        return knowledge.products.page(found.product).name
    name = found.name or named.label or "Immune globulin"
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1].rstrip()}…"
