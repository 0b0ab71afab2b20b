"""Which measurements a result that cannot be used leaves unread: its own, and the one that is computed from it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.chart.charting import ago, chart, creatinine, egfr, fact, iga, observation, unread_parts


@pytest.mark.parametrize(
    ("results", "parts"),
    [
        ([iga(5, "")], {"iga"}),
        ([iga(5, ""), observation("2465-3", 700, "")], {"iga", "igg"}),
        ([creatinine(150, "")], {"serum_creatinine", "egfr"}),
        ([creatinine(150, "", ago(3)), egfr(90, "mL/min", ago(2))], {"serum_creatinine"}),
        ([creatinine(150, "", ago(3)), egfr(90, "mL/min", ago(3))], {"serum_creatinine", "egfr"}),
        ([creatinine(150, "", ago(3)), egfr(90, "mL/min", ago(4))], {"serum_creatinine", "egfr"}),
        ([creatinine(150, "", ago(3)), creatinine(1, "mg/dL", ago(2))], set()),
        ([egfr(45, "furlongs")], {"egfr"}),
        ([iga(90, "mg/dL")], set()),
    ],
)
def test_a_result_in_trouble_leaves_its_own_measurement_unread_and_what_is_computed_from_it(
    results: list[dict[str, Any]], parts: set[str]
) -> None:
    found = chart(labs=results)
    assert unread_parts(found, "labs") == parts
    assert fact(found, "source", name="labs").state == "read"


def test_an_observation_that_cannot_be_read_leaves_the_whole_laboratory_partial() -> None:
    found = chart(labs=[{**iga(5, ""), "code": "IgA"}])
    assert unread_parts(found, "labs") == set()
    assert fact(found, "source", name="labs").state == "partial"
