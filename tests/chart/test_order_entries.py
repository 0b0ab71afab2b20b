"""Orders that share an id, or have none: none of them vanishes, whatever their order."""

from itertools import permutations

from cds.case import ORDERS, Entry
from cds.chart.order_entries import entries
from tests.chart.charting import case, chart, facts
from tests.chart.ordering import dosage, order

SMALL, LARGE = order(dosage("20 g")), order(dosage("240 g"))


def test_drafts_of_one_id_that_differ_are_different_orders_in_any_order() -> None:
    other = order(dosage("30 g"))
    read = {
        tuple(sorted((one.ref, str(one.resource)) for one in entries(case(orders=listed)) if one.selected))
        for listed in permutations([SMALL, LARGE, other])
    }
    assert len(read) == 1
    assert [ref for ref, _ in read.pop()] == [f"MedicationRequest/o1{more}" for more in ("", " (2)", " (3)")]


def test_the_same_draft_twice_is_one() -> None:
    assert len(entries(case(orders=[SMALL, LARGE, SMALL]))) == 2
    assert len(entries(case(orders=[SMALL, dict(SMALL)], medicationRequests=[LARGE]))) == 1


def test_an_order_on_record_does_not_become_a_second_draft() -> None:
    found = entries(case(orders=[SMALL, LARGE], medicationRequests=[order(dosage("9 g")), order(id="o2")]))
    assert [(one.ref, one.source) for one in found] == [
        ("MedicationRequest/o1", ORDERS),
        ("MedicationRequest/o1 (2)", ORDERS),
        ("MedicationRequest/o2", "medicationRequests"),
    ]


def test_drafts_without_an_id_at_one_address() -> None:
    listed = [Entry({k: v for k, v in one.items() if k != "id"}, "urn:uuid:1") for one in (SMALL, LARGE)]
    assert {one.ref for one in entries(case(orders=listed))} == {"urn:uuid:1", "urn:uuid:1 (2)"}


def test_other_drugs_that_share_an_id() -> None:
    listed = [
        order(medicationCodeableConcept={"text": name}) for name in ("amoxicillin", "ibuprofen 600 mg oral tablet")
    ]
    for both in (listed, listed[::-1]):
        assert len(facts(chart(orders=both), "drug", nsaid=True)) == 1
    assert len(facts(chart(orders=[listed[1], listed[1]], medicationRequests=[listed[1]]), "drug")) == 1
