"""A dose inside the printed range of the order's indication, in whole vials of its product, nearest to what is ordered.

At most two: the nearest under and the nearest over the ordered dose. An order in mg/kg stays one, goes to what is
printed, and needs neither weight nor vials. For an order in grams or mL of a product whose vials are not known nothing
is suggested. A dose is raised only to one that is printed for a single administration: a course that falls short may
lack days instead. A dose that is printed itself is left alone in a course that is too much: it has days too many.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal

from cds.advice.changes import Changed, Dose, redosed, spelled
from cds.advice.choosing import Choice, choices
from cds.advice.suggested import Action, Kind, Material, Suggestion
from cds.advice.targets import (
    doses_in_course,
    held,
    ig_order,
    ordered,
    printed_between,
    strength,
    targets,
    tolerance,
    weight,
)
from cds.advice.told import course_words, dose_words, each_of, product_name, sentences
from cds.advice.trial import helps
from cds.case import Resource
from cds.errors import Unreadable
from cds.facts import IgOrder, WeightProblem
from cds.fhir.units import DoseUnit
from cds.findings import Finding


@dataclass(frozen=True, slots=True)
class _Order:
    """A selected order of one dose, as it came and as the checks read it: how many of it on how many days."""

    resource: Resource
    fact: IgOrder
    dose: Dose
    units: Collection[DoseUnit]
    course: tuple[Decimal, Decimal] | None

    @property
    def by_weight(self) -> bool:
        return all(unit.per_kg for unit in self.units)


def _dose_in_range(finding: Finding, material: Material, _: str) -> Iterable[Suggestion]:
    order = _order(finding.about.ref, material)
    if order is None or finding.tier == "info" or held(order.fact.ref, order.fact.product, material):
        return
    found = _choices(order, material)
    made = [(choice, *changed) for choice in found for changed in _changed(choice, order, material)]
    helping = [one for one in made if helps(finding, order.resource, one[2].order, material)]
    for choice, new, changed in helping:
        clear = len(found) == 1 and _clear(choice, order, material) and not _others(finding, material)
        yield _suggestion(choice, new, changed, order, material, clear)


def _clear(choice: Choice, order: _Order, material: Material) -> bool:
    """Whether nothing but the dose can be meant: it is lowered, to a whole row, by a weight that nobody doubts."""
    doubt = any(True for _ in material.facts_of(WeightProblem))
    low, high, fact = choice.dose.mg_per_kg, order.dose.mg_per_kg, order.fact
    doubt = doubt or choice.target.doubt or printed_between(low, high, fact.ref, fact.product, material)
    return low < high and not doubt


def _others(finding: Finding, material: Material) -> bool:
    """Whether another warning about the dose stands on the order, which a changed dose would not answer."""
    hidden = (finding.rule.id, *finding.rule.over)
    return any(
        one.about.ref == finding.about.ref
        and one.tier != "info"
        and one.rule.id.startswith("dose.")
        and one.rule.id not in hidden
        for one in material.findings
    )


def _order(ref: str, material: Material) -> _Order | None:
    fact, resource, dose = ig_order(ref, material), material.selected(ref), ordered(ref, material)
    if fact is None or resource is None or dose is None:
        return None
    try:
        return _Order(resource, fact, dose, spelled(resource), doses_in_course(ref, dose, material))
    except Unreadable:
        return None


def _choices(order: _Order, material: Material) -> tuple[Choice, ...]:
    product, products = order.fact.product, material.knowledge.products
    vials = products.page(product).vial_mg if product in products.ids and not order.by_weight else ()
    allowed = targets(order.fact.ref, product, order.dose, material)
    return choices(allowed, order.dose, vials, weight(material), tolerance(material))


def _changed(choice: Choice, order: _Order, material: Material) -> Iterable[tuple[Dose, Changed]]:
    """The dose to write and the order with it, where both are certain."""
    raised = choice.dose.mg_per_kg > order.dose.mg_per_kg
    if not choice.target.fits or (raised and choice.target.sum) or not (choice.vials or order.by_weight):
        return
    new = choice.dose
    if any(unit.per_kg for unit in order.units):
        new = Dose(new.mg, choice.whole)
    with suppress(Unreadable):
        yield new, redosed(order.resource, order.dose, new, strength(order.fact), tolerance(material))


def _suggestion(
    choice: Choice, new: Dose, changed: Changed, order: _Order, material: Material, clear: bool
) -> Suggestion:
    words, before = (dose_words(dose, order.units, strength(order.fact)) for dose in (new, order.dose))
    name, course = product_name(order.fact.product, material.knowledge.products), order.course
    what = f"{name}: {words}{each_of(course)} in place of {before}{', in whole vials' if choice.vials else ''}"
    total = course_words(course, new.mg_per_kg)
    description = sentences((what, total, choice.target.printed, *changed.told))
    return Suggestion(
        f"Change the dose to {words}{each_of(course)}", (Action("update", description, changed.order),), clear
    )


KIND = Kind(_dose_in_range, says="a dose inside the printed range, in whole vials of the product")
