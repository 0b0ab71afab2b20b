"""How much one call may hold, asked before any of it is looked at closely."""

from __future__ import annotations

from cds.case import Case
from cds.errors import TooMuch

VALUES = 500_000
"""Objects, lists and members of a body, told by its punctuation: more than most_entries ordinary resources have."""


def guard_values(body: bytes) -> None:
    """Raises TooMuch for a body that would become so many small objects that reading it holds up other calls.

    Signs inside of texts are counted too, which costs less than to tell them apart.
    """
    if sum(map(body.count, (b"{", b"[", b","))) > VALUES:
        raise TooMuch(f"holds more than {VALUES} values; send fewer resources")


def guard_entries(case: Case, most: int) -> None:
    """Raises TooMuch where the orders and the sources of a case hold more than `most` resources together."""
    count = len(case.extras)
    parts = {"context.draftOrders": case.orders}
    parts |= {f"prefetch.{key}": source.entries for key, source in case.sources.items()}
    for where, entries in parts.items():
        count += len(entries)
        if count > most:
            raise TooMuch(f"brings the call over {most} resources; send fewer, or set IVIG_CDS_MAX_ENTRIES", where)
