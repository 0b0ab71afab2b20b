"""`ivig-cds conformance`: the checklist of CDS Hooks 2.0.1, run against any service at its base URL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from cds import conformance as room
from cds.commands._screen import screen
from cds.errors import CdsError
from cds.hooks import decode
from cds.replay import documents, find

_FAILED, _WRONG = 1, 2


def conformance(
    url: Annotated[str, typer.Argument(metavar="URL", help="Base URL of the service, with or without /cds-services.")],
    request: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="A hook request to send to the services of its hook; repeatable."),
    ] = None,
    client_key: Annotated[
        Path | None, typer.Option(metavar="PEM", help="Private key of a client that the service knows.")
    ] = None,
    iss: Annotated[str, typer.Option(help="That client's issuer.")] = "",
    kid: Annotated[str, typer.Option(help="The id of its key.")] = "",
    alg: Annotated[str, typer.Option(help="The algorithm of its key.")] = "ES384",
    tenant: Annotated[str, typer.Option(help="The tenant it calls for.")] = "",
    origin: Annotated[str, typer.Option(help="Origin of a browser client that the service knows, for CORS.")] = "",
    calls: Annotated[int, typer.Option(min=1, help="Calls of each service whose time is taken.")] = 20,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds that an answer may take.")] = 10.0,
    only: Annotated[list[str] | None, typer.Option(metavar="LINE", help="Check this line only; repeatable.")] = None,
    json: Annotated[bool, typer.Option("--json", help="JSON in place of the table.")] = False,
) -> None:
    """Check any CDS Hooks service against the standard, line by line.

    Calls its services and sends feedback about their cards: use a test system. Exits with 1 where a line fails, with 2
    where the service cannot be reached or no line could be checked.
    """
    try:
        identity = _identity(client_key, iss, kid, alg, tenant)
        given = room.Given(_samples(request or []), identity, origin, calls, timeout)
        chosen = _chosen(only or [])
        examination = room.Examination(url, given)
    except CdsError as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(_WRONG) from None
    with examination:
        if not examination.discovery.status:
            typer.echo(f"{examination.discovery_url} cannot be reached: {examination.discovery.trouble}", err=True)
            raise typer.Exit(_WRONG)
        results = [check.run(examination) for check in _watched(chosen)]
        notes = tuple(examination.notes)
    if json:
        typer.echo(room.as_json(examination.base, results, notes))
    else:
        console = screen()
        console.print(room.table(results))
        for note in (*notes, room.totals(results)):
            console.print(note, highlight=False, markup=False)
    if any(result.outcome is room.Outcome.FAIL for result in results):
        raise typer.Exit(_FAILED)
    if all(result.outcome is room.Outcome.UNCHECKED for result in results):
        typer.echo("nothing could be checked: see why above; --client-key signs calls as a known client", err=True)
        raise typer.Exit(_WRONG)


def _identity(key: Path | None, iss: str, kid: str, alg: str, tenant: str) -> room.Identity | None:
    """The client that calls. Raises CdsError for a key that cannot be used, or where one of the three is missing."""
    if key is None and not iss and not kid:
        return None
    if key is None or not iss or not kid:
        raise CdsError("belong together: give all three", "--client-key, --iss and --kid")
    try:
        return room.Identity(iss, kid, key.read_text("ascii"), alg, tenant)
    except (OSError, UnicodeError):
        raise CdsError("cannot be read as PEM", str(key)) from None


def _samples(paths: Iterable[Path]) -> tuple[room.Sample, ...]:
    """The requests in the files. Raises CdsError for one that is no hook request."""
    samples = []
    for document in (document for file in find(paths) for document in documents(file)):
        if document.error:
            raise CdsError(document.error, document.name)
        try:
            content = decode(document.body)
        except CdsError as fault:
            raise CdsError(str(fault), document.name) from None
        if not isinstance(content.get("hook"), str):
            raise CdsError("is no hook request: it has no hook", document.name)
        samples.append(room.Sample(document.name, content))
    return tuple(samples)


def _chosen(only: Iterable[str]) -> tuple[room.Check, ...]:
    """The checks of the lines named, or all. Raises CdsError for a line that does not exist."""
    every = room.checks()
    wanted = {name.upper() for name in only}
    if unknown := wanted - {check.line for check in every}:
        raise CdsError(f"{', '.join(sorted(unknown))}: the lines are {' '.join(c.line for c in every)}", "--only")
    return tuple(check for check in every if not wanted or check.line in wanted)


def _watched(chosen: tuple[room.Check, ...]) -> Iterator[room.Check]:
    console = Console(stderr=True)
    if not console.is_terminal:
        return iter(chosen)
    return iter(track(chosen, "Checking", console=console, transient=True))
