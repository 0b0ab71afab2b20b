"""Which drug a resource names: every coding and word of its medication, wherever they stand.

A medication may be a concept, a contained or referenced Medication, or only the display of a reference that leads
nowhere. The display of a reference that does lead somewhere is not read: it may name another drug.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cds.case import Resource
from cds.chart.parts import Resolver
from cds.fhir import codings, texts
from cds.fhir.read import clean, items
from cds.knowledge.codes import Code, read


@dataclass(frozen=True, slots=True)
class Named:
    """The codes and the words of one medication, of the product first and of its active ingredients after it."""

    codes: tuple[Code, ...] = ()
    texts: tuple[str, ...] = ()

    @property
    def shown(self) -> tuple[str, ...]:
        """The codes as a person reads them."""
        return tuple(str(code) for code in self.codes)

    @property
    def label(self) -> str:
        """The name as it was ordered; "" where no word names it."""
        return self.texts[0] if self.texts else ""


def of_concepts(concepts: list[object]) -> Named:
    """What CodeableConcepts name, all texts before all displays; codes without a system are no codes."""
    codes = (read(coding.system, coding.code) for coding in codings(concepts))
    return Named(tuple(dict.fromkeys(code for code in codes if code is not None)), texts(concepts))


def medication(resource: Resource, resolve: Resolver) -> Named:
    """What an order, dispense, administration or statement names as its medication."""
    return of_concepts(medication_concepts(resource, resolve))


def medication_concepts(resource: Resource, resolve: Resolver) -> list[object]:
    """The CodeableConcepts that name the medication of a resource: of the product first, then of its ingredients."""
    concepts: list[object] = list(items(resource.get("medicationCodeableConcept")))
    reference = resource.get("medicationReference")
    if isinstance(reference, Mapping):
        found = resolve(reference, resource)
        if found is None:
            concepts.append({"text": clean(reference.get("display"))})
        else:
            concepts += _product(found, resource, resolve)
    return concepts


def form_words(resource: Resource, resolve: Resolver) -> tuple[str, ...]:
    """The words for the dose form of the Medication that a resource refers to."""
    reference = resource.get("medicationReference")
    found = resolve(reference, resource) if isinstance(reference, Mapping) else None
    return texts(found.get("form")) if found is not None else ()


def _product(found: Mapping[str, Any], outer: Resource, resolve: Resolver) -> list[object]:
    """The concept of a Medication and those of its active ingredients."""
    concepts: list[object] = [found.get("code")]
    for ingredient in items(found.get("ingredient")):
        if ingredient.get("isActive") is False:
            continue
        concepts.append(ingredient.get("itemCodeableConcept"))
        if isinstance(ingredient.get("itemReference"), Mapping):
            inner = resolve(ingredient["itemReference"], found) or resolve(ingredient["itemReference"], outer)
            concepts.append(inner.get("code") if inner is not None else None)
    return concepts
