"""What a replay says: a line of JSON per document for programs, a table for people."""

from __future__ import annotations

from collections.abc import Iterable

import orjson
from rich import box
from rich.table import Table
from rich.text import Text

from cds.findings import EXTENSION
from cds.replay.run import Card, Replayed

_STYLES = {"critical": "bold red", "warning": "yellow", "info": "cyan", "error": "bold magenta"}


def json_line(replayed: Replayed) -> str:
    """`{"file", "hook", "cards"}`, or `{"file", "error"}`, without a line break."""
    line: dict[str, object] = {"file": replayed.file}
    if replayed.error:
        line["error"] = replayed.error
    else:
        line |= {"hook": replayed.hook, "cards": replayed.cards}
    return orjson.dumps(line).decode()


def table(results: Iterable[Replayed]) -> Table:
    """A row per card: the file (once), the tier, the rule and the summary."""
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=False)
    made.add_column("File", overflow="fold", ratio=2)
    made.add_column("Tier", no_wrap=True)
    made.add_column("Rule", no_wrap=True)
    made.add_column("Summary", overflow="fold", ratio=4)
    for replayed in results:
        rows = _rows(replayed)
        for number, (tier, rule, summary) in enumerate(rows, start=1):
            made.add_row(
                Text(replayed.file if number == 1 else ""),
                Text(tier, style=_STYLES.get(tier, "dim")),
                Text(rule),
                Text(summary),
                end_section=number == len(rows),
            )
    return made


def totals(results: Iterable[Replayed]) -> str:
    """One sentence: how many files, cards by tier, and files that could not be evaluated."""
    given = tuple(results)
    tiers = [card["indicator"] for replayed in given for card in replayed.cards]
    counts = ", ".join(f"{tiers.count(tier)} {tier}" for tier in ("critical", "warning", "info"))
    errors = sum(1 for replayed in given if replayed.error)
    said = f"{_many(len(given) - errors, 'patient')}, {_many(len(tiers), 'card')} ({counts})."
    return f"{said} {errors} could not be evaluated." if errors else said


def _rows(replayed: Replayed) -> list[tuple[str, str, str]]:
    if replayed.error:
        return [("error", "", replayed.error)]
    return [_row(card) for card in replayed.cards] or [("", "", "nothing to say")]


def _row(card: Card) -> tuple[str, str, str]:
    return card["indicator"], card["extension"][EXTENSION]["rule"], card["summary"]


def _many(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
