"""Whether a glucose meter is in use: by its results, whatever they say. Undated ones tell nothing."""

from __future__ import annotations

from collections.abc import Iterable

from cds.chart.measured import Result
from cds.facts import MeterUse

METER = "glucose_meter"
"""The measurement."""


def meter_use(results: Iterable[Result]) -> MeterUse | None:
    """The newest use; of a partial date the last day that it may mean."""
    dated = [(result.day.last, result) for result in results if result.measurement == METER and result.day]
    if not dated:
        return None
    day, newest = max(dated, key=lambda one: (one[0], one[1].ref))
    return MeterUse(ref=newest.ref, says=newest.says, day=day)
