"""Allergies and intolerances to the substances that rules ask about, active or resolved.

Hyperimmune globulins, anti-D and antithymocyte globulin are not immune globulin here; subcutaneous products are. An
anaphylaxis without a cause is no allergy to anything. Severe is a severe reaction, high criticality, or anaphylaxis.
"""

from __future__ import annotations

from collections.abc import Iterable

from cds.case import Resource
from cds.chart.medication import of_concepts
from cds.chart.named import concepts_of
from cds.chart.parts import Context, Reading
from cds.facts import Allergy
from cds.fhir import resource_ref, status
from cds.fhir.read import clean, items
from cds.knowledge import Knowledge

_SOURCE = "allergies"
_IMMUNE_GLOBULIN = "immune_globulin"
_ANAPHYLAXIS = "anaphylaxis"
_HELD = frozenset({"", "confirmed", "unconfirmed", "presumed"})
_DENIED = frozenset({"refuted", "entered-in-error"})
_MILDER = frozenset({"mild", "moderate"})


def read_allergies(found: Iterable[Resource], context: Context) -> tuple[tuple[Allergy, ...], tuple[Reading, ...]]:
    """One Allergy per substance, state and severity."""
    facts: dict[tuple[str, str, str], Allergy] = {}
    readings: list[Reading] = []
    for resource in found:
        reading, each = _read(resource, context)
        readings.append(reading)
        for fact in each:
            facts.setdefault((fact.concept, fact.state, fact.severe), fact)
    return tuple(facts.values()), tuple(readings)


def _read(resource: Resource, context: Context) -> tuple[Reading, list[Allergy]]:
    known, ref = context.knowledge, resource_ref(resource)
    reactions = list(items(resource.get("reaction")))
    ids, from_text = _substances([resource.get("code"), *(one.get("substance") for one in reactions)], known)
    shown = of_concepts([resource.get("code")]).shown
    if not ids:
        return Reading(ref, _SOURCE, "no substance that is watched", "not recognized", shown), []
    what = ", ".join(known.concepts.name(id) for id in ids)
    verified = status(resource, "verificationStatus")
    if verified in _DENIED:
        return Reading(ref, _SOURCE, f"{what}: {verified}", "ignored", shown), []
    if verified not in _HELD:
        return Reading(ref, _SOURCE, f"{what}: its status is not known", "left out", shown), []
    severe, why = _severity(resource, known)
    words = [why]
    state = "active" if (clinical := status(resource, "clinicalStatus")) in ("", "active") else "past"
    if state == "past":
        words.append(clinical)
    if verified == "unconfirmed":
        words.append(verified)
    if from_text:
        words.append("read from text")
    told = ", ".join(words)
    facts = [
        Allergy(
            ref=ref,
            says=f"allergy to {known.concepts.name(id)} ({told})",
            concept=id,
            state=state,
            severe=severe,
        )
        for id in ids
    ]
    return Reading(ref, _SOURCE, f"allergy to {what} ({told})", "read", shown), facts


def _substances(elements: list[object], known: Knowledge) -> tuple[list[str], bool]:
    """The watched substances that the allergy's code or a reaction's substance names, and whether only words do."""
    ids: set[str] = set()
    words_only = False
    for element in elements:
        named, product = concepts_of(element, known), of_concepts([element])
        identified = known.products.identify(product.codes, product.texts)
        here = set(named.ids & known.terms["allergen"])
        from_text = named.from_text
        if identified.verdict == "other_ig":
            here.discard(_IMMUNE_GLOBULIN)
        elif identified.verdict in ("ivig", "extravascular") and _IMMUNE_GLOBULIN not in here:
            here.add(_IMMUNE_GLOBULIN)
            from_text = identified.from_text
        words_only = words_only or bool(here and from_text)
        ids |= here
    return sorted(ids), words_only


def _severity(resource: Resource, known: Knowledge) -> tuple[str, str]:
    """`yes`, `no` or `unknown`, with the words for it."""
    reactions = list(items(resource.get("reaction")))
    severities = {clean(one.get("severity")).lower() for one in reactions} - {""}
    shown = [manifestation for one in reactions for manifestation in items(one.get("manifestation"))]
    criticality = clean(resource.get("criticality")).lower()
    if any(_ANAPHYLAXIS in concepts_of(one, known).ids for one in shown):
        return "yes", "anaphylaxis"
    if "severe" in severities:
        return "yes", "severe reaction"
    if criticality == "high":
        return "yes", "criticality high"
    if severities & _MILDER:
        return "no", f"{' and '.join(sorted(severities & _MILDER))} reaction"
    return ("no", "criticality low") if criticality == "low" else ("unknown", "severity not recorded")
