"""What an examination says: JSON for programs, a table for people."""

from __future__ import annotations

import json
from collections.abc import Sequence

from rich import box
from rich.table import Table
from rich.text import Text

from cds.conformance.check import Outcome, Result

_STYLES = {Outcome.FAIL: "bold red", Outcome.WARNING: "yellow", Outcome.PASS: "green", Outcome.UNCHECKED: "dim"}
_MOST = 3
"""Remarks that stand in a row of the table; JSON has all."""


def as_json(base: str, results: Sequence[Result], notes: Sequence[str]) -> str:
    """`{"service", "lines": [{"line", "asks", "result", "seen"}], "notes"}` in ASCII, indented."""
    lines = [
        {"line": one.line, "asks": one.asks, "result": one.outcome.value, "seen": list(one.seen)} for one in results
    ]
    return json.dumps({"service": base, "lines": lines, "notes": list(notes)}, indent=1)


def table(results: Sequence[Result]) -> Table:
    """A row per line: its id, what it asks, the result, and what was seen."""
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=False)
    made.add_column("Line", no_wrap=True)
    made.add_column("Asked", overflow="fold", ratio=3)
    made.add_column("Result", no_wrap=True)
    made.add_column("Seen", overflow="fold", ratio=3)
    for one in results:
        more = [f"and {len(one.seen) - _MOST} more"] if len(one.seen) > _MOST else []
        seen = "; ".join([*one.seen[:_MOST], *more])
        made.add_row(Text(one.line), Text(one.asks), Text(one.outcome.value, _STYLES[one.outcome]), Text(seen))
    return made


def totals(results: Sequence[Result]) -> str:
    """One sentence: how many lines came to what."""
    counts = [(outcome, sum(one.outcome is outcome for one in results)) for outcome in Outcome]
    return f"{len(results)} lines: " + ", ".join(f"{count} {outcome.value}" for outcome, count in counts if count) + "."
