"""`ivig-cds rulebook`: the rule book as pages to read and to sign, and what each statement of the articles carries."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from cds.commands._reading import AsOf, moment, open_book
from cds.errors import CdsError
from cds.pages import Covered, Pages, coverage
from cds.settings import rules_folder
from cds.situations import situations

_HEADS = ("Claim", "Cases", "Rules", "Case files")


def rulebook(
    out: Annotated[
        Path | None, typer.Argument(metavar="[OUT]", help="The folder to write the pages to; it is made if need be.")
    ] = None,
    claims: Annotated[
        bool, typer.Option("--claims", help="Print what stands on each statement of the two articles instead.")
    ] = False,
    as_of: AsOf = None,
) -> None:
    """Write the whole rule book as HTML pages, or print the table of claims."""
    if claims == (out is not None):
        typer.echo("name either a folder to write the pages to, or --claims", err=True)
        raise typer.Exit(2)
    book = open_book()
    if out is None:
        _print(coverage(book.knowledge.claims, book.rules.topics, situations()))
        return
    pages = Pages(book, rules_folder(), moment(as_of, book.zone).date())
    for name in _watched(pages):
        _write(out / name, pages[name])
    typer.echo(f"{len(pages)} files, edition {pages.edition}: open {out / 'index.html'}")


def _write(file: Path, content: bytes) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    except OSError as fault:
        raise CdsError(f"cannot be written: {fault.strerror}", str(file)) from None


def _watched(names: Iterable[str]) -> Iterator[str]:
    console, listed = Console(stderr=True), list(names)
    return iter(track(listed, "Writing", console=console, transient=True) if console.is_terminal else listed)


def _print(covered: Sequence[Covered]) -> None:
    rows = [_row(one) for one in covered]
    if not sys.stdout.isatty():
        widths = [max(len(row[column]) for row in (_HEADS, *rows)) for column in range(3)]
        for row in (_HEADS, *rows):
            cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
            typer.echo("  ".join((*cells, row[3])).rstrip())
        return
    table = Table(*_HEADS)
    for row in rows:
        table.add_row(*row)
    Console().print(table)


def _row(one: Covered) -> tuple[str, str, str, str]:
    why = f"none: {one.claim.why or 'its rule is missing'}"
    return one.number, str(one.cases or ""), ", ".join(one.rules) or why, ", ".join(one.files)
