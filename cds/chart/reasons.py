"""Why an order was written: its own reason, never the problem list.

A reason is a code of the order or of the Condition it points to; words count only where no code of that reason
says what it is. A refuted condition, or one entered in error, is no reason. A reason of children alone is none for an
adult; where the age does not tell, it is not recognized and that is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from cds.case import Resource
from cds.chart.medication import Named, of_concepts
from cds.chart.parts import Context, Resolver
from cds.facts import OrderIndication, Unchecked
from cds.fhir import codings, resource_ref, status
from cds.fhir.read import clean, items
from cds.knowledge import Knowledge
from cds.knowledge.codes import Icd10Cm, OtherCode, read

_NOT = frozenset({"refuted", "entered-in-error"})
_CHECKS = ("dose.out-of-range", "evidence.weak")
"""The rules that read what a reason says of doses and of evidence."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One recognised indication of an order, and the words it was recognised from."""

    indication: str
    name: str
    tabled: bool
    says: str


@dataclass(frozen=True, slots=True)
class Reasons:
    """All recognised reasons, those with a dose table first; `state` is what IgOrder.reason says.

    `ageless` are those of children alone which the patient's age does not decide.
    """

    found: tuple[Reason, ...]
    state: Literal["table", "recognised", "unrecognised", "none"]
    ageless: tuple[Reason, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(reason.indication for reason in self.found)


def reasons(order: Resource, find: Resolver, context: Context) -> Reasons:
    """The reasons of an order, from reasonCode and reasonReference."""
    table, child = context.knowledge.indications, _child(context)
    found: dict[str, Reason] = {}
    ageless: dict[str, Reason] = {}
    stated = False
    for concept, where in reason_concepts(order, find):
        stated = True
        for id, seen in recognised(concept, context.knowledge):
            reason = Reason(id, table.name(id), table.tabled(id), f"{table.name(id)} ({seen}{where})")
            if not table.get(id).children or child:
                found.setdefault(id, reason)
            elif child is None:
                ageless.setdefault(id, reason)
    ordered = tuple(sorted(found.values(), key=lambda reason: (not reason.tabled, reason.indication)))
    if ordered:
        return Reasons(ordered, "table" if ordered[0].tabled else "recognised", tuple(ageless.values()))
    return Reasons((), "unrecognised" if stated else "none", tuple(ageless.values()))


def _child(context: Context) -> bool | None:
    """Whether the patient is surely no adult, or surely one; None where the age does not tell."""
    if context.years is None:
        return None
    grown = {years >= context.values["dose.adult_years"] for years in context.years}
    return None if len(grown) > 1 else not grown.pop()


def facts(ref: str, found: Reasons) -> Iterator[OrderIndication]:
    """One fact per reason of the order `ref`."""
    for reason in found.found:
        yield OrderIndication(
            ref=ref,
            order=ref,
            indication=reason.indication,
            indication_name=reason.name,
            tabled=reason.tabled,
            says=f"Reason: {reason.says}",
        )


def ageless(ref: str, found: Reasons, context: Context) -> Iterator[Unchecked]:
    """That the age does not tell whether a reason of children alone is one of the order `ref`, for what reads it."""
    for reason in found.ageless:
        adult = context.values["dose.adult_years"]
        says = f"The patient's age does not tell whether this is {reason.says}, a reason under {adult} years only"
        for rule in _CHECKS:
            yield Unchecked(ref=ref, rule=rule, source="patient", order=ref, says=says)


def reason_concepts(order: Resource, find: Resolver) -> Iterator[tuple[object, str]]:
    """What an order gives as its reasons, each with the words for where it stands."""
    for concept in items(order.get("reasonCode")):
        yield concept, ""
    for reference in items(order.get("reasonReference")):
        target = find(reference, order)
        if target is None:
            display = clean(reference.get("display"))
            yield ({"text": display} if display else {}), ""
        elif status(target, "verificationStatus") not in _NOT and status(target) != "entered-in-error":
            ref = resource_ref(target)
            yield target.get("code"), f", {ref}" if "/" in ref else ""


def recognised(concept: object, knowledge: Knowledge) -> Iterator[tuple[str, str]]:
    """The indications that a CodeableConcept names, each with what it was recognised from."""
    named = of_concepts([concept])
    by_code = [(id, str(code)) for code in named.codes for id in sorted(knowledge.indications.of(code))]
    if by_code:
        yield from by_code
        return
    for words in _asked(concept, named):
        for id in sorted(knowledge.indications.in_text(words)):
            yield id, f'read from text "{words}"'


def _asked(concept: object, named: Named) -> tuple[str, ...]:
    """The words that may decide: none beside an ICD-10-CM code, only its own display beside another known code."""
    typed = [code for code in named.codes if not isinstance(code, OtherCode)]
    if any(isinstance(code, Icd10Cm) for code in typed):
        return ()
    if not typed:
        return named.texts
    own = [c.display for c in codings(concept) if not isinstance(read(c.system, c.code), OtherCode | None)]
    return tuple(filter(None, own))
