"""Another medication in an order: the concept in the place of whatever named the old one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cds.advice.changes.plain import objects
from cds.case import Resource
from cds.fhir.read import clean

_NAMED_BY = ("medicationCodeableConcept", "medicationReference")


def with_medication(order: Resource, concept: Mapping[str, Any]) -> dict[str, Any]:
    """The order for what the concept names.

    A contained Medication that only the old reference led to is left out, and so is what only that one refers to.
    """
    reference = order.get("medicationReference")
    made = {name: value for name, value in order.items() if name not in _NAMED_BY}
    made["medicationCodeableConcept"] = concept
    if "contained" not in order:
        return made
    contained = objects(order, "contained")
    gone = _only_for(reference, {name: value for name, value in made.items() if name != "contained"}, contained)
    kept = [one for one in contained if _id(one) not in gone]
    if kept:
        return made | {"contained": kept}
    return {name: value for name, value in made.items() if name != "contained"}


def _only_for(reference: object, rest: Mapping[str, Any], contained: Iterable[Mapping[str, Any]]) -> set[str]:
    """The contained resources that nothing but this reference leads to, directly or by way of one another."""
    inside = {_id(one): one for one in contained if _id(one)}
    reached = _led_to(_targets(reference), inside)
    return reached - _led_to(_targets(rest), inside)


def _led_to(start: Iterable[str], inside: Mapping[str, Mapping[str, Any]]) -> set[str]:
    ahead, found = list(start), set[str]()
    while ahead:
        id_ = ahead.pop()
        if id_ in inside and id_ not in found:
            found.add(id_)
            ahead += _targets(inside[id_])
    return found


def _targets(part: object) -> set[str]:
    """The ids of all contained resources that references in this part name."""
    ahead, found = [part], set[str]()
    while ahead:
        one = ahead.pop()
        if isinstance(one, Mapping):
            named = clean(one.get("reference"))
            if named.startswith("#"):
                found.add(named.lstrip("#"))
            ahead += one.values()
        elif isinstance(one, list):
            ahead += one
    return found


def _id(resource: Mapping[str, Any]) -> str:
    return clean(resource.get("id")).lstrip("#")
