"""The rows an order is held against, on both sides of their tolerance."""

import pytest

from cds.chart.orders import OrdersRead
from tests.chart.ordering import daily, dosage, every, facts, one, order, run


def fits(result: OrdersRead, origin: str) -> bool:
    """Whether an amount lies in a row of its basis, as the topic file asks."""
    return any(
        row.low <= amount.low and amount.high <= row.high
        for row in facts(result, "dose_range", origin=origin, checkable=True)
        for amount in facts(result, "amount", basis=row.basis)
    )


@pytest.mark.parametrize(
    ("written", "kg", "inside"),
    [
        ("179 mg/kg", None, False),
        ("179.9 mg/kg", None, False),
        ("180 mg/kg", None, True),
        ("880 mg/kg", None, True),
        ("880.1 mg/kg", None, False),
        ("881 mg/kg", None, False),
        ("9 g", "50", True),
        ("8.95 g", "50", False),
        ("44 g", "50", True),
        ("44.05 g", "50", False),
        ("400 mg/kg to 880 mg/kg", None, True),
        ("400 mg/kg to 881 mg/kg", None, False),
        ("179 mg/kg to 400 mg/kg", None, False),
    ],
)
def test_primary_immunodeficiency(written: str, kg: str | None, inside: bool) -> None:
    assert fits(run(order(dosage(written)), kg=kg), "indication") == inside


def test_the_label_of_a_product_may_be_narrower() -> None:
    result = run(order(dosage("700 mg/kg"), medicationCodeableConcept={"text": "Gammagard S/D"}))
    assert fits(result, "indication")
    assert not fits(result, "label")


def test_a_generic_order_has_no_label() -> None:
    result = run(order(dosage("700 mg/kg"), medicationCodeableConcept={"text": "IVIG"}))
    assert not facts(result, "dose_range", origin="label")


def test_a_row_of_one_product_holds_for_it_alone() -> None:
    privigen = run(order(dosage("1 g/kg"), reason="KAWASAKI"))
    gammagard = run(order(dosage("1 g/kg"), reason="KAWASAKI", medicationCodeableConcept={"text": "Gammagard S/D"}))
    assert (fits(privigen, "indication"), fits(gammagard, "indication")) == (False, True)


def test_a_row_per_course_needs_a_countable_course() -> None:
    known = run(order(dosage("400 mg/kg", timing=daily(5)), reason="CIDP"))
    assert fits(known, "indication")
    endless = run(order(dosage("400 mg/kg", timing=every(1, "d")), reason="CIDP"))
    assert {row.checkable for row in facts(endless, "dose_range", basis="course")} == {False}


def test_a_row_per_month_counts_28_days() -> None:
    result = run(order(dosage("600 mg/kg", timing=every(1, "wk")), reason="MMN"))
    assert one(result, "amount", basis="month").high == 2400
    assert fits(result, "indication")
    over = run(order(dosage("661 mg/kg", timing=every(1, "wk")), reason="MMN"))
    assert not fits(over, "indication")


def test_each_indication_of_an_order_has_its_rows() -> None:
    both = order(dosage("1 g/kg"))
    both["reasonCode"] += order(reason="ITP")["reasonCode"]
    result = run(both)
    assert {row.indication for row in facts(result, "dose_range", origin="indication")} == {"PI", "ITP"}
    assert fits(result, "indication")


def test_rows_say_what_is_printed_and_where() -> None:
    row = next(row for row in facts(run(order(dosage("400 mg/kg"))), "dose_range") if row.low == 180)
    assert (row.high, row.indication_name) == (880, "primary immunodeficiency")
    assert row.printed == "200-800 mg/kg every 3-4 weeks (21-28 days)"
    assert row.says == "200-800 mg/kg every 3-4 weeks (21-28 days) (Privigen prescribing information, read in 2026)"


def test_without_a_table_there_is_no_row() -> None:
    assert not facts(run(order(dosage("400 mg/kg"), reason="MG")), "dose_range")
    assert not facts(run(order(dosage("400 mg/kg"), reason=None)), "dose_range")
