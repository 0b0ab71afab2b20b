"""Laboratory tests that are ordered in this call: ServiceRequests that name a measurement as its results do.

A test counts while its order is draft, active or on hold, whether it is selected or not. A panel is not taken apart:
one that holds a test is no order of it. Other services make no fact and no reading.
"""

from __future__ import annotations

from collections.abc import Iterable

from cds.case import ORDERS, Resource
from cds.chart.medication import of_concepts
from cds.chart.named import measurement_of
from cds.chart.orders import ADVISED
from cds.chart.parts import Context, Reading
from cds.chart.printed import measurement_name
from cds.chart.validated import forbids
from cds.facts import LabOrder
from cds.fhir import resource_ref, status


def lab_orders(orders: Iterable[Resource], context: Context) -> tuple[tuple[LabOrder, ...], tuple[Reading, ...]]:
    """One fact for each measurement that is ordered, of the first order that names it, and how each was read."""
    facts: dict[str, LabOrder] = {}
    readings: list[Reading] = []
    for resource in orders:
        if resource.get("resourceType") != "ServiceRequest":
            continue
        named = of_concepts([resource.get("code")])
        measurement = measurement_of(resource.get("code"), named, context.knowledge)
        if measurement is None:
            continue
        ref, state, name = resource_ref(resource), status(resource), measurement_name(measurement)
        if forbids(resource) or state not in ADVISED:
            why = "an order not to do it" if forbids(resource) else f"status {state or 'missing'}"
            readings.append(Reading(ref, ORDERS, f"test of {name}: {why}", "ignored", named.shown))
            continue
        says = f"{name} is ordered"
        facts.setdefault(measurement, LabOrder(ref=ref, says=says, concept=measurement))
        readings.append(Reading(ref, ORDERS, says, "read", named.shown))
    return tuple(facts.values()), tuple(readings)
