"""Whether a glucose meter is in use: its newest dated result, whatever it says."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from tests.chart.charting import TODAY, Chart, ago, chart, fact, facts, observation, state

meter = partial(observation, "104597-0")


def read(*found: dict[str, Any], **more: Any) -> Chart:
    return chart(glucoseMeter=found, **more)


def test_the_newest_use_tells() -> None:
    found = fact(read(meter(104, "mg/dL", ago(9)), meter(98, "mg/dL", ago(3))), "meter_use")
    assert found.day == TODAY - timedelta(days=3)
    assert found.ref == "Observation/glucoseMeter-2"
    assert "98 mg/dL" in found.says


@pytest.mark.parametrize("value", ["HIGH", "see note"])
def test_a_result_that_is_no_number_is_a_use_and_leaves_nothing_open(value: str) -> None:
    found = read(meter(value))
    assert fact(found, "meter_use").day == TODAY - timedelta(days=2)
    assert state(found, "glucoseMeter") == ("read", "")
    assert not facts(found, "lab")


def test_of_a_partial_date_the_last_day_counts() -> None:
    assert fact(read(meter(104, "mg/dL", "2026-10")), "meter_use").day.isoformat() == "2026-10-31"
    assert fact(read(meter(104, "mg/dL", "2026")), "meter_use").day == TODAY


@pytest.mark.parametrize(
    "found",
    [
        meter(104, "mg/dL", None),
        meter(104, "mg/dL", "2026-11-24"),
        meter(104, "mg/dL", status="entered-in-error"),
        meter(104, "mg/dL", status="cancelled"),
        meter(),
        observation("2345-7", 104, "mg/dL"),
    ],
)
def test_what_tells_no_use(found: dict[str, Any]) -> None:
    assert not facts(read(found), "meter_use")


def test_a_result_among_those_of_the_laboratory_counts_and_is_no_result_of_it() -> None:
    found = chart(labs=[meter(104, "mg/dL")], missing={"glucoseMeter": "not sent"})
    assert facts(found, "meter_use")
    assert not facts(found, "lab")
    assert state(found, "glucoseMeter")[0] == "missing"
