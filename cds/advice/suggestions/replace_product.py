"""Another product of the site's formulary: one whose page proves that it is free of what the patient must not have.

Those that are labeled for the order's reason come first, and only one of them, named by a code, is recommended.

Without a formulary nothing is suggested. The dose in grams stays, rounded to whole vials of the new product where that
keeps it in range; volumes and rates are recalculated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from decimal import Decimal
from itertools import islice

from cds.advice.changes import Changed, Dose, Exchange, Redosed, exchanged, spelled
from cds.advice.choosing import in_vials
from cds.advice.products import age, concept, fitting, labeled, names
from cds.advice.properties import PROPERTIES
from cds.advice.suggested import Action, Kind, Material, Suggestion
from cds.advice.targets import ig_order, ordered, reasons, strength, targets, tolerance, weight
from cds.advice.told import dose_words, product_name, sentences
from cds.advice.trial import left
from cds.case import Resource
from cds.errors import Unreadable
from cds.facts import IgOrder
from cds.findings import Finding
from cds.knowledge import Product
from cds.knowledge.rates import own_rates

_MOST = 3


def _replace_product(finding: Finding, material: Material, wanted: str) -> Iterable[Suggestion]:
    ref = finding.about.ref
    fact, order = ig_order(ref, material), material.selected(ref)
    if finding.tier == "info" or fact is None or order is None or fact.route != "intravenous":
        return
    offered = _offered(finding, fact, order, wanted, material)
    for page, dose, changed in islice(offered, _MOST):
        doubts = tuple(_doubts(fact, page, changed, material))
        description = sentences((*_said(fact, page, dose, order, material), *changed.told, *doubts))
        sure = finding.tier == "critical" and not doubts and _of_age(page, material)
        yield Suggestion(f"Change to {page.name}", (Action("update", description, changed.order),), sure)


def _doubts(fact: IgOrder, page: Product, changed: Changed, material: Material) -> Iterator[str]:
    """What is left to check of a product, which is why it is not recommended."""
    for reason in reasons(fact.ref, material):
        if not labeled(page, [reason]):
            yield f"It is not known to be labeled for {material.knowledge.indications.name(reason)}"
    if not reasons(fact.ref, material):
        yield "Whether it is labeled for this use was not checked: the order gives no reason that is recognized"
    if not changed.order["medicationCodeableConcept"].get("coding"):
        yield "It has no code here: choose the item in your formulary"


def _of_age(page: Product, material: Material) -> bool:
    """Whether the label's ages were compared with the patient's, or the patient is an adult."""
    years = age(material)
    return bool(page.ages) or (years is not None and years >= material.values["dose.adult_years"])


def _offered(
    finding: Finding, fact: IgOrder, order: Resource, wanted: str, material: Material
) -> Iterator[tuple[Product, Redosed | None, Changed]]:
    for page in fitting(fact.product, wanted, reasons(fact.ref, material), material):
        for dose in _doses(fact, page, order, material):
            tried = [
                (left(finding, order, changed.order, material), changed)
                for changed in _changed(fact, page, order, dose, material)
            ]
            helping = [(still, changed) for still, changed in tried if still is not None]
            if helping:
                yield page, dose, min(helping, key=lambda one: one[0])[1]
                break


def _changed(
    fact: IgOrder, page: Product, order: Resource, dose: Redosed | None, material: Material
) -> Iterator[Changed]:
    """The order with the product, at rates up to the label's, and at those for patients at risk where that differs."""
    named = concept(page, material.knowledge)
    if named is None:
        return
    brands, others = names(fact.product, material.knowledge)
    before: Resource = {}
    for highest, limit in _rates(fact, page, material):
        exchange = Exchange(
            concept=named,
            name=page.name,
            brands=brands,
            others=others,
            old_strength=strength(fact),
            strength=page.strength,
            kg=weight(material),
            highest=highest,
            limit=limit,
        )
        with suppress(Unreadable):
            changed = exchanged(order, exchange, dose)
            if changed.order != before:
                yield changed
            before = changed.order


def _doses(fact: IgOrder, page: Product, order: Resource, material: Material) -> Iterator[Redosed | None]:
    """The dose in whole vials, where the order has one dose, not by weight, that is in range and stays there."""
    old, slack = ordered(fact.ref, material), tolerance(material)
    kg = weight(material)
    if old is not None and old.mg and kg and not _by_weight(order):
        mg = in_vials(old.mg, page.vial_mg, slack)
        allowed = targets(fact.ref, page.id, old, material)
        if mg is not None and mg != old.mg:
            new = Dose(mg, mg / kg)
            if any(one.holds(old.mg_per_kg, slack) and one.holds(new.mg_per_kg, slack) for one in allowed):
                yield Redosed(old, new, slack)
    yield None


def _rates(fact: IgOrder, page: Product, material: Material) -> Iterator[tuple[Decimal | None, str]]:
    """The label's highest rate, and that for patients at risk where it is lower, each with what it is.

    Where the label has no rate for the order's reasons, it is the lowest of all.
    """
    known = [row for row in page.rates if row.highest is not None]
    rows = own_rates(known, reasons(fact.ref, material)) or known
    highest = min((row.highest for row in rows if row.highest is not None), default=None)
    yield highest, "the label's highest"
    risk = page.at_risk.highest if page.at_risk is not None and not page.at_risk.below else None
    if highest is not None and risk is not None and risk < highest:
        yield risk, "the label's highest for patients at risk"


def _parts(fact: IgOrder, page: Product, order: Resource, material: Material) -> Iterator[str]:
    """Whether a dose that is not by weight leaves a part of a vial."""
    old = ordered(fact.ref, material)
    if old is not None and old.mg and not _by_weight(order):
        if not page.vial_mg:
            yield "The sizes of its vials are not known here"
        elif in_vials(old.mg, page.vial_mg, tolerance(material)) != old.mg:
            yield "That is no whole number of its vials"


def _by_weight(order: Resource) -> bool:
    """Whether an order writes a dose by weight, or none that is understood."""
    try:
        units = spelled(order)
    except Unreadable:
        return True
    return not units or any(unit.per_kg for unit in units)


def _said(fact: IgOrder, page: Product, dose: Redosed | None, order: Resource, material: Material) -> tuple[str, ...]:
    said = f"{page.name} in place of {product_name(fact.product, material.knowledge.products)}"
    if dose is None:
        return (f"{said}, at the same dose", *_parts(fact, page, order, material))
    units = spelled(order)
    new, old = dose_words(dose.new, units, page.strength), dose_words(dose.old, units, strength(fact))
    return (f"{said}: {new} in place of {old}, in whole vials",)


KIND = Kind(
    _replace_product,
    arguments=lambda _: frozenset(PROPERTIES),
    says="another product of the site's formulary, with volume and rate recalculated",
)
