"""`ivig-cds check`: read the rule book as the service does at its start, and say everything that is wrong in it."""

from __future__ import annotations

import typer

from cds.commands._reading import moment, open_book
from cds.errors import BookFault
from cds.evaluation import Book


def check() -> None:
    """Check every rule, table, concept and text of the rule book.

    Prints each fault as file:line: what is wrong, and exits with 1; else a summary.
    """
    try:
        book = open_book()
    except BookFault as found:
        for fault in found.faults:
            typer.echo(str(fault))
        count = len(found.faults)
        typer.echo(f"{count} fault{'s' * (count != 1)}: the service would not start.", err=True)
        raise typer.Exit(1) from None
    typer.echo(summary(book))


def summary(book: Book) -> str:
    """What the rule book holds, a line each."""
    rules, today = book.rules, moment(None, book.zone).date()
    lines = [
        f"edition   {rules.edition(today)} on {today}",
    ]
    return "\n".join(lines)
