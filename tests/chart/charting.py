"""A whole chart, read from R4 resources as an EHR sends them, with the project's own tables and values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from cds.case import SOURCES, Case, Entry, Obtained, Source
from cds.chart import Chart, Reading, read
from tests.chart.ordering import knowledge, values

ZONE = ZoneInfo("America/New_York")
TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=ZONE)
UCUM = "http://unitsofmeasure.org"
LOINC, ICD, SCT = "http://loinc.org", "http://hl7.org/fhir/sid/icd-10-cm", "http://snomed.info/sct"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
HL7 = "http://terminology.hl7.org/CodeSystem/"
SUBJECT = {"reference": "Patient/p1"}
WOMAN = {"resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1976-05-01"}
Resource = dict[str, Any]


def ago(days: int) -> str:
    return (TODAY - timedelta(days=days)).isoformat()


def born(days: int = 0, years: int = 0) -> Resource:
    """The woman, born so many years and days ago."""
    day = TODAY.replace(year=TODAY.year - years) - timedelta(days=days)
    return {**WOMAN, "birthDate": day.isoformat()}


def coded(system: str, code: str, text: str = "", display: str = "") -> Resource:
    coding = {"system": system, "code": code}
    made: Resource = {"coding": [{**coding, "display": display} if display else coding]}
    return {**made, "text": text} if text else made


def quantity(value: object, unit: str = "", comparator: str = "") -> Resource:
    made: Resource = {"value": value}
    if unit:
        made |= {"unit": unit, "code": unit, "system": UCUM}
    return {**made, "comparator": comparator} if comparator else made


def observation(
    code: str | Resource, value: object = None, unit: str = "", day: str | None = ago(2), **more: Any
) -> Resource:
    """A final Observation: of a LOINC code or concept, with a number, words or a whole Quantity; None leaves out."""
    made: Resource = {
        "resourceType": "Observation",
        "status": "final",
        "code": coded(LOINC, code) if isinstance(code, str) else code,
        "subject": SUBJECT,
        "effectiveDateTime": day,
    }
    if isinstance(value, str):
        made["valueString"] = value
    elif value is not None:
        made["valueQuantity"] = value if isinstance(value, Mapping) else quantity(value, unit)
    return {name: given for name, given in (made | more).items() if given is not None}


weight = partial(observation, "29463-7")
height = partial(observation, "8302-2")
creatinine = partial(observation, "2160-0")
egfr = partial(observation, "98979-8")
iga = partial(observation, "2458-8")
anti_iga = partial(observation, "44583-3")


def condition(
    code: Resource, clinical: str | None = "active", verified: str | None = "confirmed", **more: Any
) -> Resource:
    made: Resource = {
        "resourceType": "Condition",
        "code": code,
        "subject": SUBJECT,
        "clinicalStatus": clinical and coded(f"{HL7}condition-clinical", clinical),
        "verificationStatus": verified and coded(f"{HL7}condition-ver-status", verified),
    }
    return {name: given for name, given in (made | more).items() if given is not None}


def allergy(
    code: Resource, clinical: str | None = "active", verified: str | None = "confirmed", **more: Any
) -> Resource:
    made: Resource = {
        "resourceType": "AllergyIntolerance",
        "code": code,
        "patient": SUBJECT,
        "clinicalStatus": clinical and coded(f"{HL7}allergyintolerance-clinical", clinical),
        "verificationStatus": verified and coded(f"{HL7}allergyintolerance-verification", verified),
    }
    return {name: given for name, given in (made | more).items() if given is not None}


def case(
    patient: Resource | Entry | None = WOMAN,
    orders: Iterable[object] = (),
    missing: Mapping[str, str | None] = {},
    encounter: str | None = None,
    extras: Iterable[Entry] = (),
    **sources: Iterable[object],
) -> Case:
    """A case with these resources (or Entries) by source; ids are given out where there are none."""
    given: dict[str, Iterable[object]] = {"patient": [patient] if patient else [], **sources}
    found = {
        name: Source(Obtained.MISSING, reason=missing[name])
        if name in missing
        else Source(Obtained.PREFETCH, entries(name, given.get(name, ())))
        for name in SOURCES
    }
    return Case("order-sign", "h1", "p1", encounter, entries("order", orders), None, found, tuple(extras))


def entries(name: str, resources: Iterable[object]) -> tuple[Entry, ...]:
    made = []
    for position, one in enumerate(resources, 1):
        if isinstance(one, Entry):
            made.append(one)
        elif isinstance(one, dict) and "resourceType" in one:
            made.append(Entry({"id": f"{name}-{position}", **one}))
        else:
            made.append(Entry(one))  # what an EHR must not send
    return tuple(made)


def chart(*args: Any, **more: Any) -> Chart:
    """The chart of such a case."""
    return read(case(*args, **more), NOW, knowledge(), values(), ZONE)


def facts(found: Chart, kind: str, **where: Any) -> list[Any]:
    """The facts of a kind with these attributes."""
    return [
        fact
        for fact in found.facts
        if fact.kind == kind and all(getattr(fact, name) == value for name, value in where.items())
    ]


def fact(found: Chart, kind: str, **where: Any) -> Any:
    """The only such fact."""
    listed = facts(found, kind, **where)
    assert len(listed) == 1, listed
    return listed[0]


def state(found: Chart, source: str) -> tuple[str, str]:
    """How well a source is known, and why; where only parts of it are not known whole, `partial` and why."""
    known = fact(found, "source", name=source)
    parts = [one for one in facts(found, "source") if one.name.startswith(f"{source}/")]
    if known.state == "read" and parts:
        return "partial", "; ".join(dict.fromkeys(one.says for one in parts))
    return known.state, known.says


def unread_parts(found: Chart, source: str) -> set[str]:
    """The parts of a source that are not known whole."""
    return {one.name.partition("/")[2] for one in facts(found, "source") if one.name.startswith(f"{source}/")}


def readings(found: Chart, verdict: str) -> list[Reading]:
    return [reading for reading in found.readings if reading.verdict == verdict]
