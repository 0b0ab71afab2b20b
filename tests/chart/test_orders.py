"""Which orders are read, which are left out and said, and what of them is selected."""

import json
from dataclasses import replace
from typing import Any

import pytest

from cds.case import ORDERS, Case, Entry, Obtained, Source
from cds.chart.order_entries import OrderEntry, entries
from cds.chart.orders import concerns, not_checked
from cds.chart.parts import Reading
from cds.chart.references import References
from tests.chart.ordering import TODAY, daily, day, dosage, facts, knowledge, on, one, order, quantity, run


@pytest.mark.parametrize("status", ["draft", "active", "on-hold", "active ", " draft", "Draft"])
def test_statuses_advised_on(status: str) -> None:
    found = one(run(order(dosage("60 g"), status=status)), "ig_order")
    assert found.status == status.strip().lower()


@pytest.mark.parametrize("status", ["cancelled", "completed", "entered-in-error", "entered-in-error ", "stopped"])
def test_statuses_not_advised_on(status: str) -> None:
    result = run(order(dosage("60 g"), status=status))
    assert result.facts == ()
    assert result.readings[0].what == f"Privigen 10%: status {status.strip()}"


@pytest.mark.parametrize("intent", ["proposal", "plan", "order", "option"])
def test_the_intent_does_not_matter(intent: str) -> None:
    assert facts(run(order(dosage("60 g"), intent=intent)), "ig_order")


@pytest.mark.parametrize("said", [True, "true"])
def test_an_order_not_to_give_is_none(said: Any) -> None:
    result = run(order(dosage("60 g"), doNotPerform=said))
    assert result.facts == ()
    assert result.readings[0].verdict == "ignored"


def test_the_planned_day_is_never_the_day_of_writing() -> None:
    assert one(run(order(dosage("60 g"), authoredOn="2026-10-01")), "ig_order").first_day == TODAY
    assert one(run(order(dosage("60 g", timing=on(3)))), "ig_order").first_day == day(3)


BROKEN: list[dict[str, Any]] = [
    {"status": "banana"},
    {"status": None},
    {"subject": None},
    {"medicationCodeableConcept": "Privigen"},
    {"reasonCode": "D83.9"},
    {"contained": [{"resourceType": "Unheard"}]},
    {"modifierExtension": [{"url": "http://ehr.example/not", "valueBoolean": True}]},
    {"implicitRules": "http://ehr.example/rules"},
    {"dosageInstruction": [{"modifierExtension": [{"url": "http://ehr.example/not", "valueBoolean": True}]}]},
]


@pytest.mark.parametrize("fault", BROKEN, ids=lambda fault: json.dumps(fault)[:60])
def test_an_order_that_does_not_validate_is_left_out_and_said(fault: dict[str, Any]) -> None:
    made = order(dosage("60 g")) | fault
    result = run({key: value for key, value in made.items() if value is not None})
    assert not facts(result, "ig_order")
    assert result.unread == ("MedicationRequest/o1",)
    assert [reading.verdict for reading in result.readings] == ["left out"]
    gap = one(result, "unchecked")
    assert (gap.source, gap.order, gap.ref) == (ORDERS, "MedicationRequest/o1", "MedicationRequest/o1")


def test_an_order_that_is_not_selected_is_left_out_in_silence() -> None:
    result = run(record=[order(dosage("60 g", route=None), medicationCodeableConcept={"text": "Immune globulin"})])
    assert [reading.verdict for reading in result.readings] == ["left out"]
    assert not result.facts


def test_nesting_without_end_in_what_is_not_read_is_said() -> None:
    extension: dict[str, Any] = {"url": "http://ehr.example/deep"}
    for _ in range(500):
        extension = {"url": "http://ehr.example/deep", "extension": [extension]}
    assert one(run(order(dosage("60 g"), extension=[extension])), "unchecked").speaks
    deep = {"text": "Privigen", "extension": [extension]}
    assert run(order(dosage("60 g"), medicationCodeableConcept=deep)).unread


def test_what_is_left_out_says_nothing_of_the_patient() -> None:
    made = order(dosage("60 g"), subject={"reference": ["Ada Example, born 1961"]})
    result = run(made)
    assert "Ada" not in repr(result)
    assert "subject" in result.readings[0].what


def test_the_rest_is_still_read() -> None:
    broken = order(dosage("60 g"), subject=None, id="o2")
    result = run(broken, order(dosage("60 g")))
    assert one(result, "ig_order").ref == "MedicationRequest/o1"


@pytest.mark.parametrize("id", ["x" * 65, "with a space"])
def test_ids_as_they_really_are(id: str) -> None:
    assert one(run(order(dosage("60 g"), id=id)), "ig_order").ref == f"MedicationRequest/{id}"


def test_an_order_of_the_record_is_not_selected_and_not_validated() -> None:
    recorded = order(dosage("60 g"), id="o2", status="active", subject=None)
    result = run(record=[recorded])
    assert not one(result, "ig_order").selected
    assert not facts(result, "amount")


def case(orders: list[dict[str, Any]], record: list[dict[str, Any]], selections: frozenset[str] | None) -> Case:
    source = Source(Obtained.PREFETCH, tuple(Entry(one) for one in record))
    return Case(
        hook="order-select",
        hook_instance="h",
        patient_id="p1",
        orders=tuple(Entry(one) for one in orders),
        selections=selections,
        sources={"medicationRequests": source},
    )


def shown(found: tuple[OrderEntry, ...]) -> list[tuple[str, str, bool]]:
    return [(entry.resource["id"], entry.source, entry.selected) for entry in found]


def test_every_draft_is_selected_when_signed() -> None:
    found = entries(case([order(), order(id="o2")], [], None))
    assert shown(found) == [("o1", ORDERS, True), ("o2", ORDERS, True)]


def test_only_selections_are_selected() -> None:
    found = entries(case([order(), order(id="o2")], [order(id="o3")], frozenset({"MedicationRequest/o2"})))
    assert shown(found) == [("o1", ORDERS, False), ("o2", ORDERS, True), ("o3", "medicationRequests", False)]


def test_the_same_order_counts_once_and_the_draft_wins() -> None:
    found = entries(case([order(status="draft")], [order(status="active"), order(id="o3")], None))
    assert shown(found) == [("o1", ORDERS, True), ("o3", "medicationRequests", False)]
    assert found[0].resource["status"] == "draft"


def test_orders_without_an_id_are_each_their_own() -> None:
    made = order(id=None)
    found = entries(case([made, made], [], None))
    assert len({entry.ref for entry in found}) == 2


def test_other_types_are_no_medication_orders() -> None:
    assert entries(case([{"resourceType": "ServiceRequest", "id": "s1"}], [], None)) == ()


@pytest.mark.parametrize(
    ("medicine", "ours"),
    [("Privigen", True), ("Immune globulin", True), ("Hizentra", True), ("HyperHEP B", False), ("Amoxicillin", False)],
)
def test_what_concerns_us(medicine: str, ours: bool) -> None:
    made = order(medicationCodeableConcept={"text": medicine})
    assert concerns(made, References([]), knowledge()) == ours


def test_an_order_that_tells_no_patient_is_said_to_be_unchecked() -> None:
    """Left out before it comes here: for a selected one that is said, for another it is not."""
    found = [Reading("MedicationRequest/o1", ORDERS, "MedicationRequest/o1 was left out", "left out")]
    assert [gap.order for gap in not_checked(found, None)] == ["MedicationRequest/o1"]
    assert not not_checked(found, frozenset({"MedicationRequest/o2"}))
    assert not not_checked([replace(found[0], verdict="ignored")], None)


@pytest.mark.parametrize(
    ("timing", "offset"),
    [(on(-1), None), (on(0), 0), (on(-28, 0, 28), 0), (on(-28, -1, 28), 28), (on(3, 31), 3), (None, 0)],
)
def test_the_next_day_is_the_first_planned_one_from_today_on(timing: Any, offset: int | None) -> None:
    found = one(run(order(dosage("400 mg/kg", timing=timing), status="active")), "ig_order")
    assert found.next_day == (None if offset is None else day(offset))


def test_planned_orders_for_other_parts_of_the_chart() -> None:
    planned = run(order(dosage("400 mg/kg", timing=daily(2)))).planned[0]
    assert (planned.ref, planned.product, planned.indications) == ("MedicationRequest/o1", "privigen", ("PI",))
    assert planned.days == (day(0), day(1))
    assert planned.mg_per_kg == (400, 400)
    assert not planned.repeats


def test_the_order_as_a_sentence() -> None:
    single = one(run(order(dosage("60 g"))), "ig_order").says
    assert single == "Privigen 10% 60 g, planned 2026-11-20, draft, product read from text"
    five = one(run(order(dosage("400 mg/kg", timing=daily(5)))), "ig_order").says
    assert five.startswith("Privigen 10% 400 mg/kg, 5 doses 2026-11-20 to 2026-11-24, draft")


def test_every_extra_element_of_a_dosage_is_survived() -> None:
    busy = dosage(
        "60 g",
        asNeededBoolean=True,
        maxDosePerPeriod={"numerator": quantity("2 g/kg"), "denominator": quantity("5 d")},
        maxDosePerLifetime=quantity("100 g"),
        maxDosePerAdministration=quantity("80 g"),
        additionalInstruction=[{"text": "hydrate"}],
        method={"text": "infusion"},
    )
    assert one(run(order(busy)), "stated_amount").high == 967.741935


def test_an_order_tells_its_strength_and_its_highest_rate() -> None:
    rates = [{"rateQuantity": {"value": value, "unit": "mL/h"}} for value in (60, 240)]
    written = order({**dosage("20 g"), "doseAndRate": [*dosage("20 g")["doseAndRate"], *rates]})
    fact = one(run(written, kg="50"), "ig_order")
    assert (fact.strength, fact.rate) == (100, 8)
