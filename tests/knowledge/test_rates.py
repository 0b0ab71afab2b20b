"""Rates and ages of the labels, as the orders are compared with them."""

from __future__ import annotations

from decimal import Decimal as D

import pytest

from cds.knowledge import Knowledge, LabelAge, RateRow
from cds.knowledge.rates import at_risk_rate, rate_rows
from cds.knowledge.sheet import Notes, Sheet
from cds.knowledge.yaml_marks import MapNode, parse


def _row(known: Knowledge, id: str, indication: str) -> RateRow:
    (row,) = [row for row in known.products.page(id).rates if row.indication == indication]
    return row


@pytest.mark.parametrize(
    ("id", "indication", "highest", "initial", "first_minutes"),
    [
        ("privigen", "PI", "8", "0.5", None),
        ("privigen", "ITP", "4", "0.5", None),
        ("octagam_10", "ITP", "12", "1", "30"),
        ("octagam_10", "DM", "4", "1", None),
        ("panzyga", "PI", "14", "1", "30"),
        ("gammaplex_5", "ITP", "4", None, None),
        ("carimune_nf", "ITP", "3", "0.5", "30"),
        ("kiovig", "", "10", "0.83", "30"),
        ("octagam_5", "PI", "3.335", None, None),
        ("qivigy", "PI", "8", "1", "30"),
    ],
)
def test_a_rate_belongs_to_product_and_indication(
    known: Knowledge, id: str, indication: str, highest: str, initial: str | None, first_minutes: str | None
) -> None:
    row = _row(known, id, indication)
    assert row.highest == D(highest)
    assert row.initial == (initial and D(initial))
    assert row.first_minutes == (first_minutes and D(first_minutes))


def test_the_highest_of_the_printed_forms_counts(known: Knowledge) -> None:
    """5 mL/kg/h of 10 % is 8.33 mg/kg/min, printed beside "8 mg/kg/min": not over the label."""
    row = _row(known, "gammagard_liquid", "PI")
    assert row.highest == D(5) * 100 / 60
    assert row.printed == "8 mg/kg/min (0.0833 mL/kg/min, 5 mL/kg/h)"
    assert row.initial == D("0.5") * 100 / 60
    assert row.initial_sources == ("GGL", "SKY-GGL")


def test_the_initial_rate_has_a_status_of_its_own(known: Knowledge) -> None:
    row = _row(known, "octagam_5", "PI")
    assert (row.status, row.sources) == ("label_seen", ("OCT5",))
    assert (row.initial, row.first_minutes, row.initial_sources) == (None, None, ())


@pytest.mark.parametrize("id", ["gammaked", "alyglo", "yimmugo", "gammagard_sd", "gammagard_liquid_erc", "tegeline"])
def test_a_rate_from_memory_is_not_used(known: Knowledge, id: str) -> None:
    assert known.products.page(id).rates == ()


def test_the_cap_at_risk(known: Knowledge) -> None:
    caps = {id: cap for id in known.products.ids if (cap := known.products.page(id).at_risk)}
    assert {id: (cap.highest, cap.below) for id, cap in caps.items() if cap.highest} == {
        "octagam_10": (D("3.3"), False),
        "panzyga": (D("3.3"), False),
        "carimune_nf": (D(2), True),
    }
    assert caps["privigen"].printed == "minimum practicable rate; the label gives no number"
    assert caps["carimune_nf"].printed == "less than 2 mg IgG/kg/min"
    assert "tegeline" not in caps, "its cap is computed, not read"


def test_ages_of_the_labels(known: Knowledge) -> None:
    assert known.products.page("octagam_10").ages == (LabelAge("ITP", 18, ("OCT10",)), LabelAge("DM", 18, ("OCT10",)))
    assert known.products.page("alyglo").ages == (LabelAge("PI", 17, ("ALY",)),)
    assert [age.indication for age in known.products.page("privigen").ages] == ["CIDP"], "3 and 15 are from memory"
    assert known.products.page("gammaked").ages == ()


def test_under_what_age_it_must_not_be_given(known: Knowledge) -> None:
    stated = {id: bar for id in known.products.ids if (bar := known.products.page(id).not_under)}
    assert {id: (bar.years, bar.market) for id, bar in stated.items()} == {
        "flebogamma_5": (2, "EU"),
        "flebogamma_10": (2, "EU"),
    }


def test_proline_and_routes_that_are_forbidden(known: Knowledge) -> None:
    pages = [known.products.page(id) for id in sorted(known.products.ids)]
    assert [page.id for page in pages if page.proline == "yes"] == ["hizentra", "privigen"]
    assert [page.id for page in pages if page.proline == "unknown"] == ["gamastan", "gammagard_liquid_erc", "yimmugo"]
    assert [page.id for page in pages if page.not_routes] == ["cuvitru", "hizentra", "hyqvia"]
    assert known.products.page("cuvitru").not_routes == {"intravenous"}


def _sheet(text: str) -> Sheet:
    node, _ = parse(text.encode(), "page.yaml")
    assert isinstance(node, MapNode)
    return Sheet(node, "page.yaml", Notes(sources={"S": "a source"}))


_PER_HOUR = "rates: [{indication: PI, highest: {ml_per_kg_h: 4}, printed: 4 mL/kg/h, status: STATUS, sources: [S]}]"


@pytest.mark.parametrize(("strengths", "highest"), [((D(100),), D(4) * 100 / 60), ((D(50), D(100)), None), ((), None)])
def test_a_rate_in_ml_needs_the_one_strength(strengths: tuple[D, ...], highest: D | None) -> None:
    sheet = _sheet(_PER_HOUR.replace("STATUS", "label_seen"))
    (row,) = rate_rows(sheet.rows("rates"), strengths)
    assert (row.highest, row.printed) == (highest, "4 mL/kg/h")
    assert not sheet.notes.faults


def test_several_strengths_leave_the_forms_in_mg() -> None:
    sheet = _sheet("{mg_per_kg_min: 3, ml_per_kg_min: 1, printed: x, status: label_seen, sources: [S]}")
    cap = at_risk_rate(sheet, (D(50), D(100)))
    assert cap is not None
    assert cap.highest == 3
    assert not sheet.notes.faults


def test_an_unverified_row_is_read_and_not_used() -> None:
    sheet = _sheet(_PER_HOUR.replace("STATUS", "unverified"))
    assert rate_rows(sheet.rows("rates"), (D(100),)) == ()
    assert not sheet.notes.faults
