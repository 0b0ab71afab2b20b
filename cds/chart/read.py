"""The chart of one call: every part of the record read into facts, with how each resource was read.

Whatever had to be left out makes its source partial, so that the rules that read it can say what was not checked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from decimal import Decimal

from cds.case import Case, Entry, Obtained, Source
from cds.chart import orders
from cds.chart.aki import creatinine_change
from cds.chart.allergies import read_allergies
from cds.chart.body import read_body
from cds.chart.clearance import add_months, clearances
from cds.chart.conditions import read_conditions
from cds.chart.drugs import drugs
from cds.chart.given import given_doses
from cds.chart.given_courses import course_facts, courses
from cds.chart.lab_orders import lab_orders
from cds.chart.labs import read_labs
from cds.chart.measured import Result, read_results
from cds.chart.meter import meter_use
from cds.chart.order_entries import entries
from cds.chart.parts import Context, Reading, Sizes
from cds.chart.patient import Person, patient_fact, read_patient
from cds.chart.sources import History, read_sources, source_states
from cds.chart.trough import troughs
from cds.chart.vaccines import vaccine_orders, vaccines_given
from cds.chart.weight import read_weight
from cds.facts import Call, Fact
from cds.fhir import Span
from cds.knowledge import Knowledge

_OBSERVED = ("vitals", "labs", "glucoseMeter")
"""The sources of results."""


@dataclass(frozen=True, slots=True)
class Chart:
    """What is known of a patient and the orders at hand, and how each resource came to say so.

    `history` is what it was read from.
    """

    facts: tuple[Fact, ...]
    readings: tuple[Reading, ...]
    history: History = field(repr=False, compare=False)


def read(case: Case, now: datetime, knowledge: Knowledge, values: Mapping[str, Decimal], zone: tzinfo) -> Chart:
    """The chart of a case as of `now`, an aware time; its day is the one in `zone`.

    Raises TooMuch where more was sent than one call may hold, and nothing else for what was sent.
    """
    context = Context(knowledge, values, zone, now, now.astimezone(zone).date(), case.hook, case.encounter_id)
    history = read_sources(case, knowledge)
    person, patient_readings = read_patient(history["patient"], context)
    context = replace(context, years=person.years(Span(context.today, context.today)))
    observed = [(source, resource) for source in _OBSERVED for resource in history[source]]
    results, result_readings = read_results(observed, context)
    sizes, record, record_readings = _record(case, history, results, person, context)
    ordered, order_readings = _orders(case, history, results, sizes, context)
    readings = (*history.readings, *patient_readings, *result_readings, *record_readings, *order_readings)
    return Chart(
        facts=(
            Call(day=context.today, hook=case.hook, record="some" if case.obtained else "none"),
            *source_states(case, readings),
            patient_fact(person, context.today),
            *ordered,
            *record,
        ),
        readings=readings,
        history=history,
    )


def _record(
    case: Case, history: History, results: Sequence[Result], person: Person, context: Context
) -> tuple[Sizes, list[Fact], list[Reading]]:
    """The sizes and the facts of vital signs, results, conditions and allergies."""
    vitals = case.sources.get("vitals")
    unread = (vitals.reason or "") if vitals is not None else ""
    vitals_read = vitals is not None and vitals.obtained is not Obtained.MISSING and not vitals.reason
    weighed = read_weight(results, person, context, unread)
    sizes, body = read_body(results, weighed.sizes, person, context)
    labs, lab_readings = read_labs(results, person, context, vitals_read)
    sizes = _growing(sizes, person, context)
    change, meter = creatinine_change(results, context), meter_use(results)
    conditions, condition_readings = read_conditions(history["conditions"], context)
    allergies, allergy_readings = read_allergies(history["allergies"], context)
    facts = [*weighed.facts, body, *labs, change, meter, *conditions, *allergies]
    readings = [*weighed.readings, *lab_readings, *condition_readings, *allergy_readings]
    return sizes, [fact for fact in facts if fact is not None], readings


def _growing(sizes: Sizes, person: Person, context: Context) -> Sizes:
    """The sizes, with how far the weights of a child reach."""
    if person.born is None:
        return sizes
    grown = add_months(person.born.last, 12 * int(context.values["dose.adult_years"]))
    return replace(sizes, grown=grown, child_days=int(context.values["dose.weight_stale_child_days"]))


def _orders(
    case: Case, history: History, results: Sequence[Result], sizes: Sizes, context: Context
) -> tuple[list[Fact], list[Reading]]:
    """The facts of the orders at hand, and of drugs, vaccines and immune globulin before."""
    find = history.resolve
    given, given_readings = given_doses(history.usable, sizes, context, find)
    found = orders.read(
        entries(_ours(case, history)),
        find=find,
        context=context,
        sizes=sizes,
        given=given,
    )
    resources = [entry.resource for entry in history.orders]
    requests, statements = history["medicationRequests"], history["medicationStatements"]
    watched, drug_readings = drugs(resources, requests, statements, case.selections, context, find)
    due = requests if case.hook == "patient-view" else ()
    vaccines, vaccine_readings = vaccine_orders([*resources, *due], case.selections, context, find)
    tests, test_readings = lab_orders(resources, context)
    before, before_readings = vaccines_given(history["immunizations"], context)
    past = courses(given, context)
    facts: list[Fact] = [
        *found.facts,
        *orders.not_checked(history.readings, case.selections),
        *course_facts(past, context),
        *clearances(past, found.planned, context, given),
        *troughs(results, given, found.planned, context),
        *watched,
        *vaccines,
        *tests,
        *before,
    ]
    ordered = (*found.readings, *drug_readings, *vaccine_readings, *test_readings)
    return facts, [*given_readings, *ordered, *before_readings]


def _ours(case: Case, history: History) -> Case:
    """The case with the usable orders only, those of the record among them."""
    source = case.sources.get("medicationRequests", Source(Obtained.MISSING))
    usable = replace(source, entries=tuple(Entry(resource) for resource in history["medicationRequests"]))
    return replace(case, orders=history.orders, sources={**case.sources, "medicationRequests": usable})
