"""Whether a call is of our concern at all: asked first, because most calls of a hospital are about other drugs.

Of concern is an order for immune globulin (or what may be one), for a vaccine that immune globulin affects, or for an
NSAID, aspirin or a drug that can injure the kidney. An estrogen counts only beside immune globulin. Nothing of the
record is read for it.
"""

from __future__ import annotations

from collections.abc import Mapping

from cds.case import Case, Resource
from cds.chart import limits, orders
from cds.chart.medication import medication, of_concepts
from cds.chart.parts import Resolver
from cds.chart.references import References
from cds.fhir.read import items
from cds.knowledge import Knowledge


def concerns(case: Case, knowledge: Knowledge) -> bool:
    """Whether any order of the call is of our concern; a view of the patient always is.

    Raises TooMuch where more of them are than one call may have.
    """
    if case.hook == "patient-view":
        return True
    entries = [entry for entry in (*case.orders, *case.extras) if isinstance(entry.resource, Mapping)]
    find = References(entries, case.unlearned)
    count = sum(
        not isinstance(entry.resource, Mapping) or order_concerns(entry.resource, find, knowledge)
        for entry in case.orders
    )
    limits.refuse_drafted(count)
    return count > 0


def order_concerns(order: Resource, find: Resolver, knowledge: Knowledge) -> bool:
    """Whether one order of the call is of our concern."""
    match order.get("resourceType"):
        case "MedicationRequest":
            named = medication(order, find)
        case "ServiceRequest":
            named = of_concepts([order.get("code"), *items(order.get("orderDetail"))])
        case _:
            return False
    vaccine = knowledge.vaccines.classify(named.codes, named.texts)
    if vaccine is not None and vaccine.affected:
        return True
    watched = knowledge.drugs.classify(named.codes, named.texts)
    if watched is not None and (watched.nsaid or watched.aspirin or watched.nephrotoxic != "no"):
        return True
    return orders.concerns(order, find, knowledge)
