"""IgG troughs: how long after the last dose a level was drawn, and what dates leave open."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from tests.chart.charting import Chart, ago, chart, facts, observation, quantity, weight
from tests.chart.records import administration

igg = partial(observation, "2465-3")


def given(day: str, **more: Any) -> dict[str, Any]:
    return administration(day, subject={"reference": "Patient/p1"}, **{"id": f"given-{day}", **more})


def read(levels: list[dict[str, Any]], *doses: str | dict[str, Any]) -> Chart:
    administrations = [given(dose) if isinstance(dose, str) else dose for dose in doses]
    return chart(labs=levels, vitals=[weight(60, "kg")], medicationAdministrations=administrations)


def troughs(levels: list[dict[str, Any]], *doses: str | dict[str, Any]) -> list[tuple[bool, float | None]]:
    return [(one.certain, one.at_most) for one in facts(read(levels, *doses), "trough")]


@pytest.mark.parametrize(("days", "found"), [(12, []), (13, []), (14, [(True, 500)]), (15, [(True, 500)])])
def test_a_level_long_enough_after_the_last_dose_is_a_trough(days: int, found: list[Any]) -> None:
    assert troughs([igg(500, "mg/dL", ago(2))], ago(2 + days)) == found


def test_it_tells_the_level_its_day_and_the_day_of_the_dose() -> None:
    (found,) = facts(read([igg(5, "g/L", "2026-11-18")], "2026-10-21"), "trough")
    assert found.says == "IgG 5 g/L = 500 mg/dL (2026-11-18), drawn 28 days after the last dose (2026-10-21)"
    assert (found.at_least, found.at_most, str(found.day)) == (500, 500, "2026-11-18")


def test_a_limit_stays_one() -> None:
    (found,) = facts(read([igg(quantity(700, "mg/dL", "<"))], ago(30)), "trough")
    assert (found.at_least, found.at_most, found.open_high) == (None, 700, True)


def test_two_levels_of_one_day_leave_what_lies_between_them() -> None:
    levels = [igg(650, "mg/dL", ago(2)), igg(720, "mg/dL", ago(2))]
    (found,) = facts(read(levels, ago(30)), "trough")
    assert (found.at_least, found.at_most) == (650, 720)
    (turned,) = facts(read(levels[::-1], ago(30)), "trough")
    assert (turned.at_least, turned.at_most) == (650, 720)


def test_of_several_troughs_the_newest_counts_and_peaks_do_not() -> None:
    levels = [igg(600, "mg/dL", ago(40)), igg(650, "mg/dL", ago(12)), igg(1600, "mg/dL", ago(3))]
    assert troughs(levels, ago(60), ago(35), ago(5)) == [(True, 650)]


def test_without_a_dose_before_it_a_level_is_none() -> None:
    assert troughs([igg(300, "mg/dL", ago(20))]) == []
    assert troughs([igg(300, "mg/dL", ago(20))], ago(19)) == []
    assert troughs([igg(300, "mg/dL", ago(20))], ago(20)) == []


@pytest.mark.parametrize(("first", "found"), [(6, []), (7, [(True, 600)]), (13, [(True, 600)])])
def test_on_the_day_of_a_dose_it_is_one_unless_that_belongs_to_the_course_before(first: int, found: list[Any]) -> None:
    assert troughs([igg(600, "mg/dL", ago(2))], ago(2 + first), ago(2)) == found


def test_the_whole_course_before_decides_not_its_last_dose() -> None:
    course = [ago(10), ago(8), ago(6)]
    assert troughs([igg(600, "mg/dL", ago(2))], *course, ago(2)) == [(True, 600)]


@pytest.mark.parametrize(
    ("drawn", "dosed", "found"),
    [
        ("T08:00:00-05:00", "T09:00:00-05:00", [(True, 600)]),
        ("T15:00:00-05:00", "T09:00:00-05:00", []),
        ("T15:00:00-05:00", "", [(True, 600)]),
        ("", "T09:00:00-05:00", [(True, 600)]),
    ],
)
def test_the_times_of_one_day_tell_whether_it_was_drawn_after_the_dose(
    drawn: str, dosed: str, found: list[Any]
) -> None:
    assert troughs([igg(600, "mg/dL", f"2026-11-10{drawn}")], "2026-10-30", f"2026-11-10{dosed}") == found


def test_a_partial_day_of_the_dose_leaves_it_open_where_it_matters() -> None:
    assert troughs([igg(600, "mg/dL", "2026-11-10")], "2026-10") == [(False, 600)]
    assert troughs([igg(600, "mg/dL", "2026-11-14")], "2026-10") == [(True, 600)]
    assert troughs([igg(600, "mg/dL", "2026-11-04")], "2026-11") == [(False, 600)]
    assert troughs([igg(600, "mg/dL", "2026-11-04")], "2026-10-30", "2026-11") == []
    assert troughs([igg(600, "mg/dL", "2026-11-10")], "2026-01") == [(True, 600)]


def test_on_the_day_of_a_dose_a_partial_day_before_leaves_the_course_open() -> None:
    assert troughs([igg(600, "mg/dL", "2026-11-10")], "2026-11", "2026-11-10") == [(False, 600)]
    assert troughs([igg(600, "mg/dL", "2026-11-10")], "2026-10", "2026-11-10") == [(True, 600)]


@pytest.mark.parametrize("day", [None, "2026-11", "2026"])
def test_a_level_without_its_day_may_be_one(day: str | None) -> None:
    assert troughs([igg(600, "mg/dL", day)], "2026-10-01") == [(False, 600)]


def test_a_newer_level_that_may_be_one_stands_beside_the_last_that_is() -> None:
    certain, open_ = igg(650, "mg/dL", "2026-10-20"), igg(900, "mg/dL", "2026-11")
    assert troughs([certain, open_], "2026-09-20") == [(True, 650), (False, 900)]
    assert troughs([igg(650, "mg/dL", "2026-11-18"), igg(900, "mg/dL", "2026-10")], "2026-09-20") == [(True, 650)]


def test_a_level_in_trouble_is_none() -> None:
    assert troughs([igg(5, "furlongs", ago(2))], ago(30)) == []
