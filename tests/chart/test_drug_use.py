"""Whether a watched drug is ordered, in use or ended: statuses, dates, and what never counts."""

from __future__ import annotations

from datetime import date

import pytest

from tests.chart.drug_reading import none, one, read
from tests.chart.records import bounds, request, statement


def test_a_draft_order_of_the_call_is_a_draft_and_selected() -> None:
    drug = one(request(status="draft"), in_call=True)
    assert (drug.state, drug.selected, drug.ended) == ("draft", True, None)


def test_only_the_selected_order_is_selected() -> None:
    orders = (request(status="draft"), request(status="draft", id="order-2"))
    found, _ = read(orders, selections=frozenset({"MedicationRequest/order-2"}))
    assert [(drug.ref, drug.selected) for drug in found] == [
        ("MedicationRequest/order-1", False),
        ("MedicationRequest/order-2", True),
    ]


def test_drugs_of_the_record_are_never_selected() -> None:
    assert one(request()).selected is False


def test_an_order_in_the_call_and_in_the_record_counts_once_as_in_the_call() -> None:
    found, readings = read((request(status="draft"),), (request(status="active"),))
    assert [(drug.state, drug.selected) for drug in found] == [("draft", True)]
    assert len(readings) == 1


def test_orders_without_an_id_are_each_an_order() -> None:
    first, second = request(), request()
    del first["id"], second["id"]
    assert len(read(requests=(first, second))[0]) == 2


@pytest.mark.parametrize("state", ["draft", "on-hold", "unknown", "active"])
def test_an_order_of_the_call_that_starts_later_is_a_draft(state: str) -> None:
    assert one(request(status=state, dosageInstruction=bounds("2026-11-21")), in_call=True).state == "draft"


def test_an_active_order_of_the_call_is_in_use() -> None:
    assert one(request(dosageInstruction=bounds("2026-11-20")), in_call=True).state == "active"


def test_an_active_order_of_the_record_is_in_use_since_its_start() -> None:
    drug = one(request(dosageInstruction=bounds("2026-11-10")))
    assert drug.state == "active"
    assert "in use since 2026-11-10" in drug.says


@pytest.mark.parametrize(
    ("start", "counts"), [("2026-11-20", True), ("2026-11-21", False), ("2026-11", True), ("2026-12", False)]
)
def test_an_order_of_the_record_that_starts_after_today_does_not_count(start: str, counts: bool) -> None:
    if counts:
        assert one(request(dosageInstruction=bounds(start))).state == "active"
    else:
        assert "starts later" in none(request(dosageInstruction=bounds(start)))


@pytest.mark.parametrize(
    ("end", "state", "ended"),
    [
        ("2026-11-21", "active", None),
        ("2026-11-20", "active", None),
        ("2026-11-19", "ended", "2026-11-19"),
        ("2026-11", "active", None),
        ("2026-10", "ended", "2026-10-31"),
        ("2025", "ended", "2025-12-31"),
    ],
)
def test_an_active_order_whose_bounds_are_over_has_ended_on_their_last_day(
    end: str, state: str, ended: str | None
) -> None:
    drug = one(request(dosageInstruction=bounds("2025-01-01", end)))
    assert (drug.state, drug.ended) == (state, date.fromisoformat(ended) if ended else None)


def test_an_active_order_whose_prescription_is_no_longer_valid_has_ended() -> None:
    drug = one(request(dispenseRequest={"validityPeriod": {"start": "2026-10-01", "end": "2026-11-15"}}))
    assert (drug.state, drug.ended) == ("ended", date(2026, 11, 15))


def test_a_single_dose_has_ended_on_its_day() -> None:
    drug = one(request(dosageInstruction=[{"timing": {"event": ["2026-11-18T08:00:00Z"]}}]))
    assert (drug.state, drug.ended) == ("ended", date(2026, 11, 18))


def test_one_dosage_without_an_end_keeps_the_order_in_use() -> None:
    assert (
        one(request(dosageInstruction=[*bounds("2026-11-01", "2026-11-05"), *bounds("2026-11-06")])).state == "active"
    )


@pytest.mark.parametrize("state", ["completed", "stopped"])
def test_an_order_that_is_over_has_ended_on_its_last_day(state: str) -> None:
    drug = one(request(status=state, dosageInstruction=bounds("2026-11-01", "2026-11-13")))
    assert (drug.state, drug.ended) == ("ended", date(2026, 11, 13))
    assert "2026-11-13" in drug.says


def test_an_order_that_is_over_before_its_planned_end_counts_as_ended_today_and_says_so() -> None:
    drug = one(request(status="stopped", dosageInstruction=bounds("2026-11-01", "2026-11-30")))
    assert drug.ended == date(2026, 11, 20)
    assert "planned until 2026-11-30, counted as 2026-11-20" in drug.says


def test_a_partial_last_day_counts_as_its_latest_and_says_so() -> None:
    drug = one(request(status="completed", dosageInstruction=bounds("2026-09-01", "2026-11")))
    assert drug.ended == date(2026, 11, 20)
    assert "ended 2026-11, counted as 2026-11-20" in drug.says


def test_how_long_a_prescription_is_valid_does_not_tell_when_it_was_stopped() -> None:
    drug = one(
        request(status="stopped", dispenseRequest={"validityPeriod": {"start": "2026-01-01", "end": "2027-01-01"}})
    )
    assert (drug.state, drug.ended) == ("ended", date(2026, 1, 1))


def test_the_end_of_validity_is_the_last_day_where_no_other_is_stated() -> None:
    drug = one(request(status="completed", dispenseRequest={"validityPeriod": {"end": "2026-11-14"}}))
    assert drug.ended == date(2026, 11, 14)


@pytest.mark.parametrize(
    "state", ["entered-in-error", "entered-in-error ", "not-taken", "intended", "cancelled", "refuted"]
)
def test_what_was_never_taken_makes_no_fact(state: str) -> None:
    assert state.strip() in none(statement(status=state))


def test_a_cancelled_order_makes_no_fact() -> None:
    assert "cancelled" in none(request(status="cancelled"))
    assert "cancelled" in none(request(status="cancelled", dosageInstruction=bounds("2026-11-21", "2026-11-25")))


def test_a_cancelled_order_that_ran_by_its_own_dates_has_ended() -> None:
    drug = one(request(status="cancelled", dosageInstruction=bounds("2026-11-01", "2026-11-15")))
    assert (drug.state, drug.ended) == ("ended", date(2026, 11, 15))


def test_a_stopped_order_that_was_to_start_later_makes_no_fact() -> None:
    assert "planned for later" in none(request(status="stopped", dosageInstruction=bounds("2026-11-25", "2026-11-30")))


@pytest.mark.parametrize("in_call", [True, False])
def test_an_order_not_to_give_a_drug_makes_no_fact(in_call: bool) -> None:
    assert "not to give" in none(request(doNotPerform=True), in_call=in_call)


def test_an_order_on_hold_in_the_record_is_not_in_use_since_an_unknown_day() -> None:
    drug = one(request(status="on-hold"))
    assert (drug.state, drug.ended) == ("ended", None)
    assert "on hold" in drug.says


@pytest.mark.parametrize("state", ["completed", "stopped", "on-hold"])
@pytest.mark.parametrize(
    ("written", "start", "ended"),
    [
        ("2026-11-15T08:00:00Z", None, "2026-11-15"),
        ("2026-11-15", "2026-11-18", "2026-11-18"),
        ("2026-11-15", "2026-11-01", "2026-11-15"),
        ("2026-11", None, "2026-11-20"),
        (None, "2026-11-18", "2026-11-18"),
        (None, None, None),
    ],
)
def test_an_end_that_is_not_stated_is_the_first_day_that_it_can_be(
    state: str, written: str | None, start: str | None, ended: str | None
) -> None:
    dates = {"authoredOn": written} if written else {}
    drug = one(request(status=state, dosageInstruction=bounds(start), **dates))
    assert (drug.state, drug.ended) == ("ended", date.fromisoformat(ended) if ended else None)
    assert "not stated" in drug.says
    assert (f"counted as {ended}, the first that it can be" in drug.says) is (ended is not None)


def test_an_order_on_hold_in_the_call_is_ordered() -> None:
    assert one(request(status="on-hold"), in_call=True).state == "draft"


@pytest.mark.parametrize("state", ["unknown", "banana"])
def test_an_unknown_status_counts_as_in_use_and_says_so(state: str) -> None:
    drug = one(request(status=state))
    assert drug.state == "active"
    assert f"status {state}, counted as in use" in drug.says


def test_a_missing_status_counts_as_in_use_and_says_so() -> None:
    made = request()
    del made["status"]
    assert "status missing, counted as in use" in one(made).says


def test_an_active_statement_is_in_use() -> None:
    drug = one(statement(effectiveDateTime="2026-01-10"))
    assert drug.state == "active"
    assert drug.says.endswith("medication statement")


@pytest.mark.parametrize("state", ["completed", "stopped"])
def test_a_statement_that_is_over_has_ended_on_its_effective_day(state: str) -> None:
    assert one(statement(status=state, effectiveDateTime="2026-11-14")).ended == date(2026, 11, 14)
    period = {"start": "2026-11-01", "end": "2026-11-13"}
    assert one(statement(status=state, effectivePeriod=period)).ended == date(2026, 11, 13)


def test_an_active_statement_whose_period_is_over_has_ended() -> None:
    drug = one(statement(effectivePeriod={"start": "2026-10-01", "end": "2026-11-12"}))
    assert (drug.state, drug.ended) == ("ended", date(2026, 11, 12))


def test_of_the_end_of_a_statement_and_of_its_dosage_the_later_one_counts() -> None:
    period = {"start": "2026-11-01", "end": "2026-11-13"}
    for end, ended in (("2026-11-10", 13), ("2026-11-15", 15)):
        made = statement(status="completed", effectivePeriod=period, dosage=bounds("2026-11-01", end))
        assert one(made).ended == date(2026, 11, ended)


def test_a_future_statement_makes_no_fact() -> None:
    assert "starts later" in none(statement(effectivePeriod={"start": "2026-12-01"}))


def test_the_offset_of_an_instant_decides_its_day() -> None:
    drug = one(statement(status="completed", effectiveDateTime="2026-11-13T23:30:00-05:00"))
    assert drug.ended == date(2026, 11, 14)


def test_readings_name_the_source_and_the_codes() -> None:
    _, readings = read((request(status="draft"),), (), (statement(),))
    assert [(reading.ref, reading.source, reading.verdict) for reading in readings] == [
        ("MedicationRequest/order-1", "orders", "read"),
        ("MedicationStatement/statement-1", "medicationStatements", "read"),
    ]
    assert readings[0].codes == ("RxNorm 197806",)


@pytest.mark.parametrize("end", ["9999-12-31", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-12:00"])
def test_an_end_that_means_never_leaves_the_drug_in_use(end: str) -> None:
    assert one(statement(effectivePeriod={"start": "2026-01-01", "end": end})).state == "active"
