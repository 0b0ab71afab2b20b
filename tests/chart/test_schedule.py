"""Planned days: every Timing shape in use, and the ones that leave the number of doses open."""

from datetime import date
from typing import Any

import pytest

from cds.chart.pauses import gap
from cds.chart.schedule import Schedule, schedule
from tests.chart.ordering import TODAY, ZONE, daily, day, every, on

WINDOW = 7


def plan(timing: Any) -> Schedule:
    return schedule(timing, TODAY, WINDOW, ZONE)


def offsets(found: Schedule) -> list[int]:
    return [(one - TODAY).days for one in found.days]


def bounded(start: str, end: str, **more: Any) -> dict[str, Any]:
    return {"repeat": {"boundsPeriod": {"start": start, "end": end}, **more}}


ONCE_A_DAY = {"frequency": 1, "period": 1, "periodUnit": "d"}


def lasting(value: int, unit: str, frequency: int, period: int, period_unit: str) -> dict[str, Any]:
    bounds = {"value": value, "code": unit}
    return {"repeat": {"boundsDuration": bounds, "frequency": frequency, "period": period, "periodUnit": period_unit}}


@pytest.mark.parametrize(
    ("timing", "expected"),
    [
        (None, [0]),
        ({"code": {"text": "Once"}}, [0]),
        (on(3), [3]),
        (on(1, 0), [0, 1]),
        ({"event": ["2026-11-21T22:00:00-05:00", "2026-11-22T03:00:00Z"]}, [1, 1]),
        (daily(5), [0, 1, 2, 3, 4]),
        ({"repeat": {"count": 2, **ONCE_A_DAY}}, [0, 1]),
        ({"repeat": {"count": 3, "frequency": 1, "period": 2, "periodUnit": "d"}}, [0, 2, 4]),
        ({"repeat": {"count": 1, "countMax": 3, **ONCE_A_DAY}}, [0, 1, 2]),
        ({"repeat": {"count": 2}}, [0, 1]),
        (bounded("2026-11-21", "2026-11-23", **ONCE_A_DAY), [1, 2, 3]),
        (bounded("2026-11-21", "2026-11-21"), [1]),
        ({"repeat": {"boundsPeriod": {"start": "2026-11-24"}}}, [4]),
        ({"repeat": {"boundsDuration": {"value": 2, "unit": "days"}, **ONCE_A_DAY}}, [0, 1]),
        (lasting(5, "d", 1, 2, "d"), [0, 2, 4]),
        (lasting(1, "d", 2, 1, "d"), [0, 0]),
        (lasting(1, "d", 1, 8, "h"), [0, 0, 0]),
        (lasting(2, "wk", 1, 1, "wk"), [0, 7]),
        (
            {"repeat": {"boundsRange": {"low": {"value": 2}, "high": {"value": 4, "code": "d"}}, **ONCE_A_DAY}},
            [0, 1, 2, 3],
        ),
        ({"repeat": {"boundsDuration": {"value": 2, "code": "d"}, "period": 1, "periodUnit": "d"}}, [0, 1]),
        ({"repeat": {"count": 2, "period": 1, "periodUnit": "mo"}}, [0, 30]),
        ({"repeat": {"count": 2, "dayOfWeek": ["mon"], "period": 1, "periodUnit": "wk"}}, [3, 10]),
        ({"repeat": {"count": 2, "dayOfWeek": ["mon"], "period": 2, "periodUnit": "wk"}}, [3, 17]),
        ({"repeat": {"count": 3, "frequency": 1, "frequencyMax": 3, "period": 1, "periodUnit": "d"}}, [0, 0, 0]),
        ({"code": {"coding": [{"code": "BID"}]}, "repeat": {"boundsDuration": {"value": 1, "code": "d"}}}, [0, 0]),
    ],
)
def test_countable_timings(timing: Any, expected: list[int]) -> None:
    found = plan(timing)
    assert offsets(found) == expected
    assert found.course_known
    assert not found.endless


@pytest.mark.parametrize(
    "timing",
    [
        {"repeat": ONCE_A_DAY},
        {"repeat": {"frequency": 1, "period": 6, "periodUnit": "d"}},
        {"code": {"coding": [{"code": "QOD"}]}},
    ],
)
def test_an_endless_repetition_within_a_course_leaves_the_course_open(timing: Any) -> None:
    found = plan(timing)
    assert found.endless
    assert found.day_known
    assert not found.course_known
    assert gap(found.days, WINDOW) is None


@pytest.mark.parametrize(
    "timing",
    [
        {"code": {"text": "every 4 weeks"}},
        {"code": {"coding": [{"system": "urn:local", "code": "X9"}]}},
        {"repeat": {"boundsDuration": {"value": 5, "code": "d"}}},
        bounded("2026-11-21", "2026-11-25"),
        bounded("2026-11-25", "2026-11-21", **ONCE_A_DAY),
        {"repeat": {"boundsDuration": {"value": 5, "unit": "treatments"}, **ONCE_A_DAY}},
        {"repeat": {"boundsRange": {"low": {"value": 2, "code": "d"}}, **ONCE_A_DAY}},
        {"repeat": {"frequency": 3}},
        {"repeat": {"frequency": 1, "period": 1}},
        {"repeat": {"frequency": 1, "period": 0, "periodUnit": "d"}},
    ],
)
def test_a_timing_that_cannot_be_counted_is_not_guessed(timing: Any) -> None:
    found = plan(timing)
    assert not found.course_known
    assert not found.day_known


@pytest.mark.parametrize(("timing", "expected"), [(every(4, "wk"), 28), (every(28, "d"), 28), (every(7, "d"), 7)])
def test_a_pause_longer_than_a_course_repeats(timing: Any, expected: int) -> None:
    found = plan(timing)
    assert found.endless
    assert found.course_known
    assert gap(found.days, WINDOW) == expected


def test_the_pause_counts_from_the_last_dose_of_a_course() -> None:
    found = plan(on(0, 1, 21, 22))
    assert gap(found.days, WINDOW) == 20
    assert gap(plan(on(0, 6)).days, WINDOW) is None
    assert gap(plan(on(0, 7)).days, WINDOW) == 7


def test_a_month_is_a_calendar_month() -> None:
    found = schedule({"repeat": {"count": 2, "period": 1, "periodUnit": "mo"}}, date(2026, 1, 31), WINDOW, ZONE)
    assert found.days == (date(2026, 1, 31), date(2026, 2, 28))


def test_a_partial_date_means_its_day_nearest_to_today() -> None:
    assert plan({"event": ["2026-11"]}).days == (TODAY,)
    assert plan({"event": ["2026-12"]}).days == (date(2026, 12, 1),)
    assert plan({"event": ["2025"]}).days == (date(2025, 12, 31),)


def test_an_unreadable_event_leaves_the_course_open() -> None:
    found = plan({"event": ["2026-11-20", "soon"]})
    assert found.days == (day(0),)
    assert not found.course_known


def test_two_weekdays_without_an_end_leave_the_course_open() -> None:
    found = plan({"repeat": {"dayOfWeek": ["mon", "thu"], "frequency": 1, "period": 1, "periodUnit": "d"}})
    assert offsets(found)[:3] == [3, 6, 10]
    assert not found.course_known


@pytest.mark.parametrize("year", ["0001-01-01", "9999-12-31"])
def test_days_beyond_all_reason_are_no_days(year: str) -> None:
    assert plan({"event": [year]}).days == (TODAY,)
    assert plan({"repeat": {"boundsPeriod": {"start": year}, **ONCE_A_DAY}}).days[0] == TODAY


def test_what_a_day_has_at_most() -> None:
    assert plan(daily(5)).times_a_day == 1
    assert plan({"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}}).times_a_day == 2
