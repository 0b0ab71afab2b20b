"""`ivig-cds check`: read the rule book as the service does at its start, and say everything that is wrong in it."""

from __future__ import annotations

import typer

from cds.commands._reading import moment, open_book, open_clients, printable
from cds.commands._site import changes
from cds.errors import BookFault, Fault
from cds.evaluation import Book
from cds.trust import Clients


def check() -> None:
    """Check every rule, table, concept and text of the rule book, the site file and the clients file.

    Prints each fault as file:line: what is wrong, and exits with 1; else a summary.
    """
    faults: list[Fault] = []
    book = clients = None
    try:
        book = open_book()
    except BookFault as found:
        faults += found.faults
    try:
        clients = open_clients()
    except BookFault as found:
        faults += found.faults
    if faults or book is None:
        for fault in faults:
            typer.echo(str(fault))
        typer.echo(f"{len(faults)} fault{'s' * (len(faults) != 1)}: the service would not start.", err=True)
        raise typer.Exit(1)
    typer.echo(summary(book, clients))


def summary(book: Book, clients: Clients | None) -> str:
    """What the rule book holds, what the site file changed and who may call, a line each."""
    rules, today = book.rules, moment(None, book.zone).date()
    every = [rule for topic in rules.topics for rule in topic.rules]
    values = sum(len(dates) for topic in rules.topics for dates in topic.values.values())
    lines = [
        ("topics", str(len(rules.topics))),
        ("rules", f"{len(every)}, of which {len(rules.rules)} speak"),
        ("compiled", f"{len(rules.on(today).units)} rules of the engine"),
        ("values", f"{values}, of which {rules.unsigned} are not signed by a pharmacist"),
        *changes(book),
        *([("clients", ", ".join(clients.names))] if clients is not None else []),
        ("off", ", ".join(rules.off) or "none"),
        ("edition", f"{rules.edition(today)} on {today}"),
    ]
    return "\n".join(f"{name:<9} {printable(what)}" for name, what in lines)
