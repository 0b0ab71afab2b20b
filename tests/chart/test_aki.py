"""KDIGO by creatinine: what rose, how much, and within what time."""

from __future__ import annotations

from typing import Any

import pytest

from tests.chart.charting import ago, chart, creatinine, fact, facts, quantity

EIGHT = "T08:00:00-05:00"


def change(*results: dict[str, Any]) -> Any:
    found = facts(chart(labs=results), "creatinine_change")
    return found[0] if found else None


@pytest.mark.parametrize(
    ("baseline", "now", "rise"),
    [(1.0, 1.29, 0.29), (1.0, 1.3, 0.3), (0.8, 1.1, 0.3), (0.6, 0.9, 0.3), (2.0, 2.3, 0.3)],
)
def test_a_rise_within_48_hours_in_decimals(baseline: float, now: float, rise: float) -> None:
    results = creatinine(baseline, "mg/dL", ago(3) + EIGHT), creatinine(now, "mg/dL", ago(1) + EIGHT)
    assert change(*results).rise == rise


@pytest.mark.parametrize(("time", "rise"), [("08:00:00", 0.5), ("08:00:01", None)])
def test_48_hours_are_48_hours(time: str, rise: float | None) -> None:
    results = creatinine(1.0, "mg/dL", ago(3) + EIGHT), creatinine(1.5, "mg/dL", f"{ago(1)}T{time}-05:00")
    assert change(*results).rise == rise


def test_hours_are_counted_through_a_change_of_the_clock() -> None:
    before, after = creatinine(1.0, "mg/dL", "2026-10-31T09:00:00-04:00"), "2026-11-02T09:00:00-05:00"
    later = creatinine(1.5, "mg/dL", after)
    from datetime import datetime

    from cds.chart import read
    from tests.chart.charting import ZONE, case, knowledge, values

    found = read(case(labs=[before, later]), datetime(2026, 11, 3, 9, tzinfo=ZONE), knowledge(), values(), ZONE)
    assert fact(found, "creatinine_change").rise is None


@pytest.mark.parametrize(("now", "ratio"), [(1.49, 1.49), (1.5, 1.5)])
@pytest.mark.parametrize("days", [1, 7])
def test_the_ratio_to_the_lowest_within_7_days(now: float, ratio: float, days: int) -> None:
    assert change(creatinine(1.0, "mg/dL", ago(days)), creatinine(now, "mg/dL", ago(0))).ratio == ratio


def test_a_baseline_of_8_days_before_is_too_old() -> None:
    assert change(creatinine(1.0, "mg/dL", ago(8)), creatinine(1.6, "mg/dL", ago(0))) is None
    assert change(creatinine(1.0, "mg/dL", ago(9)), creatinine(1.6, "mg/dL", ago(1))) is None


def test_a_rise_of_more_than_7_days_ago_is_past() -> None:
    assert change(creatinine(1.0, "mg/dL", ago(9)), creatinine(1.6, "mg/dL", ago(7))).ratio == 1.6
    assert change(creatinine(1.0, "mg/dL", ago(9)), creatinine(1.6, "mg/dL", ago(8))) is None


def test_a_fall_is_no_rise() -> None:
    assert change(creatinine(1.6, "mg/dL", ago(3)), creatinine(1.0, "mg/dL", ago(1))) is None
    assert change(creatinine(1.6, "mg/dL", ago(3))) is None
    assert change(creatinine(1.0, "mg/dL", ago(3)), creatinine(1.0, "mg/dL", ago(1))) is None


def test_an_injury_that_came_down_again_is_over() -> None:
    results = [creatinine(value, "mg/dL", ago(day)) for value, day in ((0.8, 6), (1.8, 4), (0.8, 1))]
    assert change(*results) is None
    assert change(*results[:2]).ratio == 2.25
    found = change(*results[:2], creatinine(1.2, "mg/dL", ago(1)))
    assert (found.rise, found.ratio, found.ref) == (None, 1.5, "Observation/labs-3")


def test_the_largest_change_to_the_newest_day_counts() -> None:
    days = ((1.0, f"{ago(3)}T08:00:00Z"), (2.1, f"{ago(1)}T08:00:00Z"), (1.2, f"{ago(1)}T18:00:00Z"))
    found = change(*(creatinine(value, "mg/dL", day) for value, day in days))
    assert (found.rise, found.ratio, found.ref) == (1.1, 2.1, "Observation/labs-2")


def test_a_result_that_may_be_of_the_newest_day_counts() -> None:
    results = creatinine(0.8, "mg/dL", ago(6)), creatinine(0.8, "mg/dL", ago(1))
    assert change(*results, creatinine(1.8, "mg/dL", "2026-11")).ratio == 2.25


def test_two_results_of_one_day_without_times_count_as_a_rise() -> None:
    assert change(creatinine(1.4, "mg/dL", ago(1)), creatinine(1.0, "mg/dL", ago(1))).rise == 0.4


@pytest.mark.parametrize(("days", "rise"), [(2, 0.4), (3, None)])
def test_days_without_times_count_where_48_hours_are_possible(days: int, rise: float | None) -> None:
    assert change(creatinine(1.0, "mg/dL", ago(days)), creatinine(1.4, "mg/dL", ago(0))).rise == rise


@pytest.mark.parametrize(("umol", "rise"), [(114.8, 0.299), (114.9, 0.3)])
def test_26_5_umol_l_are_0_3_mg_dl(umol: float, rise: float) -> None:
    assert change(creatinine(88.4, "umol/L", ago(1)), creatinine(umol, "umol/L", ago(0))).rise == rise


def test_it_tells_both_results_of_each_change() -> None:
    results = creatinine(1.0, "mg/dL", "2026-11-17"), creatinine(1.6, "mg/dL", "2026-11-19")
    assert change(*results).says == (
        "creatinine up 0.6 mg/dL within 48 h, from 1 (2026-11-17) to 1.6 mg/dL (2026-11-19); "
        "creatinine × 1.6 within 7 days, from 1 (2026-11-17) to 1.6 mg/dL (2026-11-19)"
    )


def test_undated_results_comparators_and_results_in_trouble_do_not_count() -> None:
    now = creatinine(1.6, "mg/dL", ago(0))
    assert change(creatinine(1.0, "mg/dL", None), now) is None
    assert change(creatinine(quantity(1.0, "mg/dL", "<"), day=ago(2)), now) is None
    assert change(creatinine(1.0, "", ago(2)), now) is None
    assert change(creatinine(1.0, "mg/dL", ago(2), status="entered-in-error"), now) is None
