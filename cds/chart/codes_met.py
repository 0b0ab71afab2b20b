"""The codes of a call, and whether the tables or the site know them: worked out only when it is asked for.

Of a CodeableConcept one code that is known is enough; words are not asked, so that a code whose words were read is
still there to be mapped. Orders of the call count like those of the record; nothing of them is validated for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from cds.case import ORDERS, SOURCES, Resource
from cds.chart.identify import drug
from cds.chart.medication import medication_concepts
from cds.chart.reasons import reason_concepts
from cds.chart.sources import History
from cds.fhir import codings, resource_ref
from cds.fhir.read import items
from cds.knowledge import Knowledge
from cds.knowledge.codes import Code, read

REASONS = "reasons"
"""The source of the reasons of immune globulin orders."""

_OBSERVED = tuple(source for source, types in SOURCES.items() if types == ("Observation",))
_ORDERED = ("medicationRequests", "medicationStatements", "medicationAdministrations", "medicationDispenses")
Knows = Callable[[Code], bool]


@dataclass(frozen=True, slots=True)
class Met:
    """One coding as it was met: in which source and resource, and whether its concept was recognized by a code.

    `own` marks a code of the site that decided.
    """

    source: str
    ref: str
    code: Code
    display: str
    recognized: bool
    own: bool


def codes_met(history: History, known: Knowledge) -> Iterator[Met]:
    """Every coding that a reader of the chart looks at, in the order of the sources."""
    knows, own = _knows(known), known.site.own
    for source, resource, concepts in _concepts(history, known):
        for concept in concepts:
            found = [(coding, read(coding.system, coding.code)) for coding in codings(concept)]
            coded = [(code, coding.display, knows[source](code)) for coding, code in found if code is not None]
            recognized = any(known_code for _, _, known_code in coded)
            ref = resource_ref(resource)
            for code, display, hit in coded:
                yield Met(source, ref, code, display, recognized, hit and code in own)


def _concepts(history: History, known: Knowledge) -> Iterator[tuple[str, Resource, list[object]]]:
    """Every resource with the CodeableConcepts that are asked together: each stands by itself."""
    orders = [entry.resource for entry in history.orders if entry.resource.get("resourceType") == "MedicationRequest"]
    for resource in orders:
        yield ORDERS, resource, [_together(medication_concepts(resource, history.resolve))]
        if drug(resource, history.resolve, known).is_ivig:
            yield REASONS, resource, [concept for concept, _ in reason_concepts(resource, history.resolve)]
    observed: set[str] = set()
    for source in SOURCES:
        for resource in history[source]:
            if source in _OBSERVED:
                if (ref := resource_ref(resource)) in observed:
                    continue
                observed |= {ref} if "/" in ref else set()
                parts = [part.get("code") for part in items(resource.get("component"))]
                yield source, resource, [_together([resource.get("code"), *parts])]
            elif source == "conditions":
                yield source, resource, [resource.get("code")]
            elif source == "allergies":
                substances = [one.get("substance") for one in items(resource.get("reaction"))]
                yield source, resource, [_together([resource.get("code"), *substances])]
            elif source == "immunizations":
                yield source, resource, [resource.get("vaccineCode")]
            elif source in _ORDERED:
                yield source, resource, [_together(medication_concepts(resource, history.resolve))]


def _together(concepts: list[object]) -> Resource:
    return {"coding": [coding for concept in items(concepts) for coding in items(concept.get("coding"))]}


def _knows(known: Knowledge) -> Mapping[str, Knows]:
    """What counts as known in each source."""
    concepts, allergens = known.concepts, known.concepts.allergens

    def ordered(code: Code) -> bool:
        return known.drugs.known(code) or known.vaccines.known(code) or known.products.named_by(code) is not None

    def measured(code: Code) -> bool:
        return known.measurements.of(code) is not None

    def condition(code: Code) -> bool:
        return bool((concepts.of(code) | concepts.too_wide(code)) - allergens) or bool(known.indications.of(code))

    def allergen(code: Code) -> bool:
        return (
            bool((concepts.of(code) | concepts.too_wide(code)) & allergens) or known.products.named_by(code) is not None
        )

    def given(code: Code) -> bool:
        return ordered(code) or known.vaccines.is_ivig_given(code)

    return {
        REASONS: lambda code: bool(known.indications.of(code)),
        **dict.fromkeys(_OBSERVED, measured),
        "conditions": condition,
        "allergies": allergen,
        "immunizations": given,
        **dict.fromkeys((ORDERS, *_ORDERED), ordered),
    }
