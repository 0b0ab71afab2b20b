"""The same mg/kg by the adjusted weight, in the whole vials nearest to it. For orders in grams, milligrams or mL only.

What is ordered in mg/kg is left alone: there it is the weight to dose by that changes, not the order.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from decimal import Decimal

from cds.advice.changes import Dose, redosed, spelled
from cds.advice.choosing import in_vials
from cds.advice.suggested import Action, Kind, Material, Suggestion
from cds.advice.targets import doses_in_course, ig_order, ordered, strength, tolerance
from cds.advice.told import course_words, dose_words, each_of, product_name, sentences
from cds.advice.trial import helps
from cds.errors import Unreadable
from cds.facts import AdjustedDose
from cds.findings import Finding


def _dose_by_adjusted_weight(finding: Finding, material: Material, _: str) -> Iterable[Suggestion]:
    ref, products = finding.about.ref, material.knowledge.products
    fact, order, old = ig_order(ref, material), material.selected(ref), ordered(ref, material)
    adjusted = next((one for one in material.facts_of(AdjustedDose) if one.order == ref), None)
    if fact is None or order is None or old is None or adjusted is None or fact.product not in products.ids:
        return
    actual_kg, adjusted_kg = Decimal(str(adjusted.actual_kg)), Decimal(str(adjusted.adjusted_kg))
    mg = in_vials(old.mg_per_kg * adjusted_kg, products.page(fact.product).vial_mg, tolerance(material))
    if mg is None or old.mg is None or mg >= old.mg:
        return
    new = Dose(mg, mg / actual_kg)
    with suppress(Unreadable):
        units = spelled(order)
        if any(unit.per_kg for unit in units):
            return
        changed = redosed(order, old, new, strength(fact), tolerance(material))
        if helps(finding, order, changed.order, material):
            words, before = (dose_words(dose, units, strength(fact)) for dose in (new, old))
            name = product_name(fact.product, products)
            course = doses_in_course(ref, old, material)
            what = f"{name}: {words}{each_of(course)} in place of {before}, in whole vials"
            by = f"{old.mg_per_kg:.0f} mg/kg by the adjusted weight of {adjusted_kg:.1f} kg"
            action = Action(
                "update", sentences((what, by, course_words(course, new.mg_per_kg), *changed.told)), changed.order
            )
            yield Suggestion(f"Change the dose to {words}{each_of(course)}", (action,))


KIND = Kind(_dose_by_adjusted_weight, says="the dose by adjusted weight, in whole vials of the product")
