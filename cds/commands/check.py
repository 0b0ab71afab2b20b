"""`ivig-cds check`: read the rule book as the service does at its start, and say everything that is wrong in it."""

from __future__ import annotations

import typer

from cds.commands._reading import moment, open_book, printable
from cds.commands._site import changes
from cds.errors import BookFault
from cds.evaluation import Book


def check() -> None:
    """Check every rule, table, concept and text of the rule book, and the site file.

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
    """What the rule book holds and what the site file changed, a line each."""
    rules, today = book.rules, moment(None, book.zone).date()
    every = [rule for topic in rules.topics for rule in topic.rules]
    values = sum(len(dates) for topic in rules.topics for dates in topic.values.values())
    lines = [
        ("topics", str(len(rules.topics))),
        ("rules", f"{len(every)}, of which {len(rules.rules)} speak"),
        ("compiled", f"{len(rules.on(today).units)} rules of the engine"),
        ("values", f"{values}, of which {rules.unsigned} are not signed by a pharmacist"),
        *changes(book),
        ("off", ", ".join(rules.off) or "none"),
        ("edition", f"{rules.edition(today)} on {today}"),
    ]
    return "\n".join(f"{name:<9} {printable(what)}" for name, what in lines)
