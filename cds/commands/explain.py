"""`ivig-cds explain`: why this card, and why no card."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cds import replay
from cds.commands._explanation import explanation
from cds.commands._reading import READERS, AsOf, moment, open_book, printable
from cds.errors import CdsError
from cds.evaluation import evaluate


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
    now = moment(as_of, book.zone)
    failed = False
    for document in replay.documents(file):
        try:
            case = replay.case_of(document, READERS)
            advice = evaluate(case, now, book)
        except CdsError as fault:
            typer.echo(f"{document.name}: {printable(str(fault))}", err=True)
            failed = True
            continue
        except replay.FAULTS as fault:
            typer.echo(f"{document.name}: {replay.reported(fault)}", err=True)
            failed = True
            continue
        typer.echo(f"{document.name}: {case.hook} on {now.date()}, edition {advice.edition}")
        for line in explanation(advice):
            typer.echo(printable(line))
    if failed:
        raise typer.Exit(1)
