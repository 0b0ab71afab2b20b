"""The command `ivig-cds`. Each command is a file of its own in `cds/commands/`, with a function of the same name."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from importlib.metadata import version
from typing import Annotated

import typer

from cds import commands
from cds.errors import CdsError


def build() -> typer.Typer:
    """The command line with every command there is."""
    app = typer.Typer(
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        help="Advice on intravenous immunoglobulin orders, as a CDS Hooks service.",
    )
    app.callback()(_together)
    for name in sorted(module.name for module in pkgutil.iter_modules(commands.__path__)):
        if not name.startswith("_"):
            app.command(name)(getattr(import_module(f"{commands.__name__}.{name}"), name))
    return app


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"ivig-cds {version('ivig-cds')}")
        raise typer.Exit


def _together(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Advice on intravenous immunoglobulin orders, as a CDS Hooks service."""


def main() -> None:
    """Run a command; what is wrong with a file, a rule or a setting is said in plain lines, without a traceback."""
    try:
        build()()
    except CdsError as fault:
        typer.echo(str(fault), err=True)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
