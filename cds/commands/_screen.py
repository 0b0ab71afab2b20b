"""Where a command shows its tables: the person's terminal, or a file that has no width of its own."""

from __future__ import annotations

import sys

from rich.console import Console

_PIPED_WIDTH = 200
"""Columns of a table where there is no terminal that has a width."""


def screen() -> Console:
    """The console of standard output."""
    return Console(file=sys.stdout, width=None if sys.stdout.isatty() else _PIPED_WIDTH)
