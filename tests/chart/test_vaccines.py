"""Vaccines that immune globulin keeps from taking: ordered, with their planned day, and given."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cds.chart.parts import Reading
from cds.chart.vaccines import vaccine_orders, vaccines_given
from cds.facts import VaccineGiven, VaccineOrder
from tests.chart.records import IBUPROFEN, PRIVIGEN, Resource, bounds, concept, context, find, immunization, request

MMR = concept("M-M-R II", cvx="03")


def service(code: Resource = MMR, **more: Any) -> Resource:
    made = {"resourceType": "ServiceRequest", "id": "service-1", "status": "draft", "intent": "order", "code": code}
    return {**made, "subject": {"reference": "Patient/p"}, **more}


def ordered(
    *orders: Resource, selections: frozenset[str] | None = None
) -> tuple[tuple[VaccineOrder, ...], tuple[Reading, ...]]:
    return vaccine_orders(orders, selections, context(), find())


def order(resource: Resource) -> VaccineOrder:
    (found,), _ = ordered(resource)
    return found


def given(*records: Resource) -> tuple[tuple[VaccineGiven, ...], tuple[Reading, ...]]:
    return vaccines_given(records, context())


# ordered


@pytest.mark.parametrize("cvx", ["03", "04", "05", "06", "07", "21", "38", "94", "3"])
def test_every_measles_mumps_rubella_and_varicella_vaccine_by_cvx(cvx: str) -> None:
    assert order(service(concept(cvx=cvx))).planned == date(2026, 11, 20)


@pytest.mark.parametrize(
    "code",
    [
        concept(rxnorm="804186"),
        concept(rxnorm="1292459"),
        concept(rxnorm="1292443"),
        concept(rxnorm="2603508"),
        concept(ndc="0006-4681-00"),
    ],
)
def test_a_medication_request_by_rxnorm_or_ndc(code: Resource) -> None:
    found = order(request(code, status="draft"))
    assert (found.ref, found.selected) == ("MedicationRequest/order-1", True)


def test_a_vaccine_only_in_text_is_said_to_be_read_from_text() -> None:
    assert order(request({"text": "MMR vaccine"}, status="draft")).says.endswith("read from text")
    assert "text" not in order(service()).says


def test_the_detail_of_an_order_for_vaccination_names_the_vaccine() -> None:
    made = service({"text": "Administration of vaccine"}, orderDetail=[concept(cvx="21")])
    assert order(made).ref == "ServiceRequest/service-1"


@pytest.mark.parametrize(
    "cvx", ["37", "25", "116", "111", "149", "121", "187", "188", "75", "10", "141", "86", "87", "117"]
)
def test_yellow_fever_typhoid_rotavirus_nasal_influenza_zoster_and_inactivated_vaccines_never(cvx: str) -> None:
    assert ordered(service(concept(cvx=cvx)), request(concept(cvx=cvx), id="o2")) == ((), ())


@pytest.mark.parametrize("code", ["1292432", "1986825"])
def test_zoster_vaccines_by_rxnorm_never(code: str) -> None:
    assert ordered(request(concept(rxnorm=code))) == ((), ())


@pytest.mark.parametrize(
    "text", ["Shingrix", "Zostavax", "varicella zoster vaccine", "FluMist", "MMR titer", "varicella IgG"]
)
def test_words_that_only_resemble_such_a_vaccine_never(text: str) -> None:
    assert ordered(request({"text": text}), service({"text": text})) == ((), ())


@pytest.mark.parametrize("text", ["varicella-zoster immune globulin", "VariZIG 125 units"])
def test_varicella_zoster_immune_globulin_is_no_vaccine(text: str) -> None:
    assert ordered(request({"text": text})) == ((), ())


def test_other_orders_are_left_in_peace() -> None:
    assert ordered(request(PRIVIGEN), request(IBUPROFEN, id="o2"), service({"text": "Chest X-ray"})) == ((), ())


@pytest.mark.parametrize("state", ["draft", "active", "on-hold"])
def test_draft_active_and_held_orders_count(state: str) -> None:
    assert order(service(status=state)).name


@pytest.mark.parametrize("state", ["completed", "revoked", "entered-in-error", "entered-in-error "])
def test_orders_that_are_over_do_not_count(state: str) -> None:
    found, readings = ordered(service(status=state))
    assert found == ()
    assert [reading.verdict for reading in readings] == ["ignored"]


def test_an_order_not_to_vaccinate_does_not_count() -> None:
    assert ordered(service(doNotPerform=True))[0] == ()


def test_only_the_selected_order_is_selected() -> None:
    found, _ = ordered(service(), request(MMR), selections=frozenset({"MedicationRequest/order-1"}))
    assert [one.selected for one in found] == [False, True]


@pytest.mark.parametrize(
    ("timed", "planned"),
    [
        (service(), "2026-11-20"),
        (service(authoredOn="2026-11-01"), "2026-11-20"),
        (service(occurrenceDateTime="2027-03-01"), "2027-03-01"),
        (service(occurrenceDateTime="2027-03-01T09:00:00+01:00"), "2027-03-01"),
        (service(occurrencePeriod={"start": "2027-02-01", "end": "2027-02-28"}), "2027-02-01"),
        (service(occurrenceTiming={"event": ["2027-05-02", "2027-04-02"]}), "2027-04-02"),
        (request(MMR, dosageInstruction=[{"timing": {"event": ["2026-12-24"]}}]), "2026-12-24"),
        (request(MMR, dosageInstruction=bounds("2027-01-15", "2027-01-20")), "2027-01-15"),
        (request(MMR, authoredOn="2026-01-01"), "2026-11-20"),
        (service(occurrenceDateTime="2027"), "2027-01-01"),
        (service(occurrenceDateTime="2026-11"), "2026-11-20"),
        (service(occurrenceDateTime="2026"), "2026-11-20"),
        (service(occurrenceDateTime="2026-10"), "2026-10-31"),
        (service(occurrenceDateTime="next spring"), "2026-11-20"),
    ],
)
def test_the_planned_day_is_that_of_the_order_never_the_day_it_was_written(timed: Resource, planned: str) -> None:
    assert order(timed).planned == date.fromisoformat(planned)


def test_a_partial_planned_day_and_a_missing_one_are_said() -> None:
    assert "planned 2026-12, counted as 2026-12-01" in order(service(occurrenceDateTime="2026-12")).says
    assert "no planned day, taken as 2026-11-20" in order(service()).says
    assert "its own date cannot be read" in order(service(occurrenceDateTime="soon")).says


# given


def test_a_vaccine_given_has_its_day() -> None:
    (found,), (reading,) = given(immunization(MMR))
    assert (found.ref, found.earliest, found.latest) == (
        "Immunization/vaccine-1",
        date(2026, 11, 10),
        date(2026, 11, 10),
    )
    assert found.says == f"M-M-R II ({found.name}) given 2026-11-10"
    assert reading.verdict == "read"


@pytest.mark.parametrize(
    ("written", "earliest", "latest"),
    [
        ("2026-11", "2026-11-01", "2026-11-20"),
        ("2026-10", "2026-10-01", "2026-10-31"),
        ("2026", "2026-01-01", "2026-11-20"),
        ("2026-11-20", "2026-11-20", "2026-11-20"),
        ("2026-11-20T23:59:00Z", "2026-11-20", "2026-11-20"),
    ],
)
def test_a_partial_date_is_two_days_and_none_after_today(written: str, earliest: str, latest: str) -> None:
    (found,), _ = given(immunization(MMR, written))
    assert (found.earliest, found.latest) == (date.fromisoformat(earliest), date.fromisoformat(latest))


@pytest.mark.parametrize("state", ["not-done", "entered-in-error", "entered-in-error ", "", "unknown"])
def test_only_completed_immunizations_count(state: str) -> None:
    found, readings = given(immunization(MMR, status=state))
    assert found == ()
    assert [reading.verdict for reading in readings] == ["ignored"]


def test_a_completed_status_with_a_stray_space_is_still_completed() -> None:
    assert len(given(immunization(MMR, status="completed "))[0]) == 1


def test_a_day_in_the_future_does_not_count() -> None:
    found, (reading,) = given(immunization(MMR, "2026-11-21"))
    assert (found, reading.verdict) == ((), "ignored")


@pytest.mark.parametrize("words", ["about six weeks ago", "spring 2026", ""])
def test_a_day_in_words_is_left_out_and_said(words: str) -> None:
    record = immunization(MMR, occurrenceString=words)
    del record["occurrenceDateTime"]
    found, (reading,) = given(record)
    assert found == ()
    assert reading.verdict == "left out"
    assert "the day it was given cannot be read" in reading.what


def test_a_date_inside_a_string_is_a_date() -> None:
    record = immunization(MMR, occurrenceString="2026-11-08")
    del record["occurrenceDateTime"]
    assert given(record)[0][0].earliest == date(2026, 11, 8)


@pytest.mark.parametrize("cvx", ["121", "187", "111", "37", "86", "87"])
def test_other_vaccines_and_immune_globulins_given_make_no_fact(cvx: str) -> None:
    assert given(immunization(concept(cvx=cvx))) == ((), ())
