"""How much of one patient is charted in one call: beyond it the call is refused, never answered with less.

Orders are compared with each other and with every dose given, and the engine joins what they become: up to these
numbers a call takes about half a second at most, beyond them it may hold up everybody else's.
"""

from __future__ import annotations

from cds.errors import TooMuch

MOST_DRAFTED = 50
"""Orders of our concern among the orders of the call; an order set holds a dozen."""
MOST_AT_HAND = 200
"""Immune globulin orders of the call and of the record that are not over."""
MOST_GIVEN = 2000
"""Doses of immune globulin in the past, written one by one or in the schedule of an order that is over."""


def refuse_drafted(count: int) -> None:
    """Raises TooMuch for more orders of our concern than one call may have."""
    if count > MOST_DRAFTED:
        raise TooMuch(
            f"holds more than {MOST_DRAFTED} orders for immune globulin, vaccines and drugs that matter beside them; "
            "send fewer in one call",
            "context.draftOrders",
        )


def refuse_at_hand(count: int) -> None:
    """Raises TooMuch for more immune globulin orders, with those on record, than can be compared in one call."""
    if count > MOST_AT_HAND:
        raise TooMuch(
            f"brings the call over {MOST_AT_HAND} orders for immune globulin that are not over; "
            "send only those that are still to be given",
            "prefetch.medicationRequests",
        )


def refuse_given(count: int, source: str) -> None:
    """Raises TooMuch for more past doses than one call may have; `source` is the one that was read last."""
    if count > MOST_GIVEN:
        raise TooMuch(
            f"brings the call over {MOST_GIVEN} doses of immune globulin in the past; send the newest",
            f"prefetch.{source}",
        )
