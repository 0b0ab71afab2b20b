"""`ivig-cds replay`: evaluate patients from files, for people as a table, for programs as JSON lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from cds import replay as room
from cds.commands._reading import READERS, AsOf, moment, open_book
from cds.commands._screen import screen
from cds.errors import CdsError
from cds.evaluation import evaluate

_MANY = 20
"""From so many files on a person wants to see how far it is."""


def replay(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH…", help="FHIR Bundles, hook requests, NDJSON, or folders of them.")
    ],
    as_of: AsOf = None,
    json: Annotated[bool, typer.Option("--json", help='One line per file: {"file", "hook", "cards"}.')] = False,
) -> None:
    """Evaluate FHIR Bundles and hook requests, and show the cards each would get.

    A file that cannot be evaluated is said in its place, the others go on, and the exit code is 1.
    """
    try:
        files = room.find(paths)
    except CdsError as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(2) from None
    book = open_book()
    now = moment(as_of, book.zone)
    documents = (document for file in _watched(files) for document in room.documents(file))
    results = room.replay(documents, READERS, lambda case: evaluate(case, now, book).sound().cards)
    failed = _lines(results) if json else _table(results)
    if failed:
        raise typer.Exit(1)


def _lines(results: Iterable[room.Replayed]) -> bool:
    failed = False
    for replayed in results:
        typer.echo(room.json_line(replayed))
        failed |= bool(replayed.error)
    return failed


def _table(results: Iterable[room.Replayed]) -> bool:
    given = tuple(results)
    console = screen()
    console.print(room.table(given))
    console.print(room.totals(given), highlight=False, markup=False)
    return any(replayed.error for replayed in given)


def _watched(files: tuple[Path, ...]) -> Iterator[Path]:
    console = Console(stderr=True)
    if len(files) < _MANY or not console.is_terminal:
        return iter(files)
    return iter(track(files, "Evaluating", console=console, transient=True))
