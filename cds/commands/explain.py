"""`ivig-cds explain`: why this card, and why no card."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cds import replay
from cds.case import Case
from cds.chart import Met, codes_met, read_sources
from cds.commands._codes import Total
from cds.commands._explanation import explanation, section
from cds.commands._reading import READERS, AsOf, moment, open_book, printable
from cds.commands._site import changes
from cds.errors import CdsError
from cds.evaluation import Advice, Book, evaluate


def explain(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A FHIR Bundle or a hook request; NDJSON line by line.")],
    as_of: AsOf = None,
) -> None:
    """Tell how each resource was read, which codes were not recognized, and what became of every rule."""
    if file.is_dir():
        typer.echo(f"{file}: is a folder; name a file, or use ivig-cds replay {file}", err=True)
        raise typer.Exit(2)
    if not file.exists():
        typer.echo(f"{file}: there is no such file; check the path", err=True)
        raise typer.Exit(2)
    book = open_book()
    for title, what in changes(book):
        typer.echo(f"{title:<9} {printable(what)}")
    now = moment(as_of, book.zone)
    failed, total = False, Total()
    for document in replay.documents(file):
        try:
            case = replay.case_of(document, READERS)
            advice = evaluate(case, now, book).sound()
            met = _met(case, advice, book)
        except CdsError as fault:
            typer.echo(f"{document.name}: {printable(str(fault))}", err=True)
            failed = True
            continue
        except replay.FAULTS as fault:
            typer.echo(f"{document.name}: {replay.reported(fault)}", err=True)
            failed = True
            continue
        total.add(met)
        typer.echo(f"{document.name}: {case.hook} on {now.date()}, edition {advice.edition}")
        for line in explanation(advice, met):
            typer.echo(printable(line))
    if total.documents > 1:
        for line in section(f"Codes that were not recognized in {total.documents} documents", total.lines()):
            typer.echo(printable(line))
    if failed:
        raise typer.Exit(1)


def _met(case: Case, advice: Advice, book: Book) -> tuple[Met, ...]:
    """The codes of a case, also of one that is not of our concern."""
    history = advice.chart.history if advice.chart is not None else read_sources(case, book.knowledge)
    return tuple(codes_met(history, book.knowledge))
