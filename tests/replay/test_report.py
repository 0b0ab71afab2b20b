"""What a replay says to programs and to people."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

from rich.console import Console

from cds.replay import Replayed, json_line, table, totals


def card(rule: str, indicator: str, summary: str) -> dict[str, Any]:
    return {"summary": summary, "indicator": indicator, "extension": {"org.ivig-cds.finding": {"rule": rule}}}


RESULTS = (
    Replayed(
        "a.json",
        "order-sign",
        (card("renal.at-risk", "critical", "Kidneys [bold]at risk[/]"), card("dose.no-weight", "warning", "No weight")),
    ),
    Replayed("b.json", "order-select"),
    Replayed("c.json", error="not valid JSON: see line 1 column 2"),
)


def test_a_json_line_holds_the_file_the_hook_and_the_cards() -> None:
    lines = [json_line(replayed) for replayed in RESULTS]
    assert not any("\n" in line for line in lines)
    assert [json.loads(line) for line in lines] == [
        {"file": "a.json", "hook": "order-sign", "cards": list(RESULTS[0].cards)},
        {"file": "b.json", "hook": "order-select", "cards": []},
        {"file": "c.json", "error": "not valid JSON: see line 1 column 2"},
    ]


def test_the_table_names_each_file_once_and_says_when_there_is_nothing_to_say() -> None:
    written = StringIO()
    Console(file=written, width=120, color_system=None).print(table(RESULTS))
    rows = [line.split() for line in written.getvalue().splitlines() if line.strip(" ─")]
    assert rows == [
        ["File", "Tier", "Rule", "Summary"],
        ["a.json", "critical", "renal.at-risk", "Kidneys", "[bold]at", "risk[/]"],
        ["warning", "dose.no-weight", "No", "weight"],
        ["b.json", "nothing", "to", "say"],
        ["c.json", "error", "not", "valid", "JSON:", "see", "line", "1", "column", "2"],
    ]


def test_the_totals_count_what_could_not_be_evaluated() -> None:
    assert totals(RESULTS) == ("2 patients, 2 cards (1 critical, 1 warning, 0 info). 1 could not be evaluated.")
    assert totals(RESULTS[1:2]) == "1 patient, 0 cards (0 critical, 0 warning, 0 info)."
