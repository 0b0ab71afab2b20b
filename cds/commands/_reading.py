"""What the commands share: the rule book as the settings have it, the moment of evaluation, and files as cases."""

from __future__ import annotations

from datetime import datetime, time, tzinfo
from typing import Annotated

import typer

from cds.errors import CdsError
from cds.evaluation import Book, load_book
from cds.hooks import SERVICES, case_of_bundle, case_of_request, decode
from cds.replay import Readers
from cds.settings import read_settings, rules_folder
from cds.trust import Clients, configured_clients


def _day(written: str) -> datetime:
    try:
        return datetime.strptime(written, "%Y-%m-%d")
    except ValueError:
        raise typer.BadParameter("this is no day of the calendar; write it like 2026-11-20") from None


AsOf = Annotated[
    datetime | None,
    typer.Option(
        "--as-of",
        parser=_day,
        metavar="DATE",
        help="Evaluate at noon of this day (2026-11-20) in IVIG_CDS_TIMEZONE instead of now.",
    ),
]

_FIRST, _LAST = 1900, 2200
"""Years whose days can be counted from, forward and back, without leaving the calendar."""

READERS = Readers(decode=decode, bundle=case_of_bundle, request=case_of_request)


def open_book() -> Book:
    """The rule book as the settings and the site file have it. Raises CdsError with every fault in it."""
    settings = read_settings()
    return load_book(rules_folder(), settings.timezone, off=settings.rules_off, site=settings.site)


def open_clients() -> Clients | None:
    """The clients of the clients file, None where there is none. Raises CdsError with every fault in it."""
    return configured_clients(read_settings(), SERVICES)


def moment(as_of: datetime | None, zone: tzinfo) -> datetime:
    """Noon of the day asked for in the site's zone, or now. Raises CdsError for a day that no patient is treated on."""
    if as_of is not None and not _FIRST <= as_of.year <= _LAST:
        raise CdsError(f"write a day between {_FIRST} and {_LAST}, such as 2026-11-20", "--as-of")
    return datetime.now(zone) if as_of is None else datetime.combine(as_of.date(), time(12), zone)


def printable(text: str) -> str:
    """The text without the control characters that a terminal would act on."""
    return "".join(character if character.isprintable() else " " for character in text)
