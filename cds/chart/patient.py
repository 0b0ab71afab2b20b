"""The patient: sex, and age in completed years and days, with two ends where the birth date is partial.

The Patient is validated in full. One that cannot be read, or without a usable birth date, has no age: rules by age are
then silent, and the source says why. Whether the patient is deceased makes no difference to an order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, tzinfo

from fhir.resources.R4B.patient import Patient as R4BPatient
from pydantic import ValidationError

from cds.case import Resource
from cds.chart.parts import Context, Reading
from cds.facts import Patient
from cds.fhir import Span, resource_ref, span
from cds.fhir.read import clean

_SOURCE = "patient"
_SEXES = frozenset({"male", "female"})


@dataclass(frozen=True, slots=True)
class Person:
    """Who the patient is, as far as sizes and results depend on it. `born` is None where it is not known."""

    ref: str = ""
    sex: str = "unknown"
    born: Span | None = None

    def years(self, on: Span) -> tuple[int, int] | None:
        """Completed years at least and at most on a day; never under 0."""
        if self.born is None:
            return None
        return max(0, _years(self.born.last, on.first)), max(0, _years(self.born.first, on.last))

    def days(self, on: Span) -> tuple[int, int] | None:
        """Completed days at least and at most on a day; never under 0."""
        if self.born is None:
            return None
        return max(0, (on.first - self.born.last).days), max(0, (on.last - self.born.first).days)


def read_patient(found: Sequence[Resource], context: Context) -> tuple[Person, tuple[Reading, ...]]:
    """The patient of the call from its Patient resources; the first readable one counts."""
    if not found:
        return Person(), (Reading("", _SOURCE, "no Patient: age and sex are not known", "left out"),)
    readings: list[Reading] = []
    for resource in found:
        ref = resource_ref(resource)
        fault = _fault(resource)
        if fault:
            readings.append(Reading(ref, _SOURCE, f"the Patient cannot be read ({fault})", "left out"))
            continue
        born, trouble = _born(resource, context.today, context.zone)
        gender = clean(resource.get("gender")).lower()
        person = Person(ref, gender if gender in _SEXES else "unknown", born)
        readings.append(Reading(ref, _SOURCE, trouble or "the patient", "left out" if trouble else "read"))
        return person, tuple(readings)
    return Person(), tuple(readings)


def patient_fact(person: Person, today: date) -> Patient:
    """The fact about a person on a day."""
    on = Span(today, today)
    years, days = person.years(on), person.days(on)
    if years is None or days is None:
        return Patient(ref=person.ref, sex=person.sex, says="age not known")
    low, high = years
    return Patient(
        ref=person.ref,
        sex=person.sex,
        says=f"age {low} years" if low == high else f"age {low} or {high} years",
        age_min=low,
        age_max=high,
        age_days_min=days[0],
        age_days_max=days[1],
    )


def _years(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _born(resource: Resource, today: date, zone: tzinfo) -> tuple[Span | None, str]:
    born = span(resource.get("birthDate"), zone)
    if born is None:
        return None, "no birth date: the age is not known"
    if born.first > today:
        return None, "the birth date is in the future: the age is not known"
    return Span(born.first, min(born.last, today)), ""


def _fault(resource: Resource) -> str:
    """Where a Patient is not valid, "" where it is. Ids of the field are longer and freer than FHIR's: not checked."""
    if resource.get("implicitRules") or resource.get("modifierExtension"):
        return "implicitRules or modifierExtension"
    try:
        R4BPatient.model_validate({name: value for name, value in resource.items() if name != "id"})
    except ValidationError as error:
        faults = error.errors(include_input=False, include_url=False, include_context=False)
        return ", ".join(dict.fromkeys(str(fault["loc"][0]) for fault in faults if fault["loc"])) or "its shape"
    except (KeyError, TypeError, AttributeError, RecursionError):
        return "an unknown kind of resource or too deep nesting"
    return ""
