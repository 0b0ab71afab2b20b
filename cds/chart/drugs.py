"""Watched drugs that are ordered, in use or ended: NSAIDs, aspirin, estrogens, drugs that can injure the kidney.

Acetaminophen is watched as well, so that what is to be given in place of an NSAID is not ordered twice. One fact per
order or statement; an order that stands both in the call and in the record counts once, as in the call. Orders and
statements of other drugs are left in peace: they make no fact and no reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from cds.case import ORDERS, Resource
from cds.chart.drug_route import systemic
from cds.chart.drug_use import use
from cds.chart.medication import Named, form_words, medication
from cds.chart.parts import Context, Reading, Resolver
from cds.facts import Drug
from cds.fhir import resource_ref
from cds.knowledge.drugs import DrugMatch, Drugs, Weight

_HEAVIEST: tuple[Weight, ...] = ("high", "moderate", "low", "no")


def drugs(
    orders: Sequence[Resource],
    requests: Sequence[Resource],
    statements: Sequence[Resource],
    selections: frozenset[str] | None,
    context: Context,
    resolve: Resolver,
) -> tuple[tuple[Drug, ...], tuple[Reading, ...]]:
    """The drug facts of the orders of the call, and of the requests and statements of the record.

    `selections` are the selected orders as "Type/id", None where all are. How each watched resource was read comes
    with them, also where it does not count.
    """
    facts: list[Drug] = []
    readings: list[Reading] = []
    for source, resource in _each(orders, requests, statements):
        named = medication(resource, resolve)
        match = _classified(named, context.knowledge.drugs)
        if match is None or not _watched(match):
            continue
        ref, in_call = resource_ref(resource), source == ORDERS
        used = use(resource, context, in_call=in_call)
        if isinstance(used, str):
            readings.append(Reading(ref, source, f"{match.name}: {used}", "ignored", named.shown))
            continue
        reached = systemic(match, resource, form_words(resource, resolve), context.knowledge.drugs)
        fact = Drug(
            ref=ref,
            says=_sentence(match, named, used.says, reached, source),
            selected=in_call and (selections is None or ref in selections),
            name=match.name,
            state=used.state,
            ended=used.ended,
            systemic=reached,
            combined=match.combined,
            nsaid=match.nsaid,
            aspirin=match.aspirin,
            nephrotoxic=match.nephrotoxic,
            estrogen=match.estrogen,
        )
        facts.append(fact)
        readings.append(Reading(ref, source, fact.says, "read", named.shown))
    return tuple(facts), tuple(readings)


def _each(
    orders: Iterable[Resource], requests: Iterable[Resource], statements: Iterable[Resource]
) -> Iterable[tuple[str, Resource]]:
    """Every order and statement with its source; a request that the call holds as well only as in the call.

    Orders of the call that share an id and differ are different orders.
    """
    seen: set[str] = set()
    for source, type_, resources in (
        (ORDERS, "MedicationRequest", orders),
        ("medicationRequests", "MedicationRequest", requests),
        ("medicationStatements", "MedicationStatement", statements),
    ):
        here: dict[str, list[Resource]] = {}
        for resource in resources:
            ref = resource_ref(resource)
            alike = here.get(ref, [])
            if (
                resource.get("resourceType") != type_
                or ref in seen
                or (alike and source != ORDERS)
                or resource in alike
            ):
                continue
            if "/" in ref:
                here.setdefault(ref, []).append(resource)
            yield source, resource
        seen.update(here)


def _classified(named: Named, known: Drugs) -> DrugMatch | None:
    """All that the codes name together, else what the words name: each ingredient may be coded by itself.

    Codes of one drug agree on its form where one of them tells it, else the words for the same drug do; of several
    drugs the one that works systemically counts.
    """
    coded = [match for code in named.codes if (match := known.classify((code,), ())) is not None]
    if not coded:
        return known.classify((), named.texts)
    forms: dict[str, set[str]] = {}
    for match in coded:
        forms.setdefault(match.name, set()).add(match.systemic)
    worded = known.classify((), named.texts)
    if worded is not None and forms.get(worded.name) == {"unknown"}:
        forms[worded.name] = {worded.systemic}
    told = {"yes" if "yes" in said else "no" if "no" in said else "unknown" for said in forms.values()}
    weights = {match.nephrotoxic for match in coded}
    return replace(
        coded[0],
        name=" / ".join(forms),
        nsaid=any(match.nsaid for match in coded),
        aspirin=any(match.aspirin for match in coded),
        nephrotoxic=next(weight for weight in _HEAVIEST if weight in weights),
        estrogen=any(match.estrogen for match in coded),
        acetaminophen=any(match.acetaminophen for match in coded),
        combined=len(forms) > 1 or any(match.combined for match in (*coded, worded) if match is not None),
        systemic="yes" if "yes" in told else "unknown" if "unknown" in told else "no",
    )


def _watched(match: DrugMatch) -> bool:
    return match.nsaid or match.aspirin or match.estrogen or match.acetaminophen or match.nephrotoxic != "no"


def _sentence(match: DrugMatch, named: Named, used: str, reached: str, source: str) -> str:
    label = named.label or match.name
    if match.name.lower() not in label.lower():
        label = f"{label} ({match.name})"
    parts = [f"{label}: {used}"]
    if reached == "no":
        parts.append("not counted in this form")
    elif reached == "unknown":
        parts.append("form not stated")
    if match.from_text:
        parts.append("read from text")
    if source == "medicationStatements":
        parts.append("medication statement")
    return ", ".join(parts)
