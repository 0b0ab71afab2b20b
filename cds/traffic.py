"""How many calls are in hand at once: of all clients (503 beyond it) and of each (429)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.exceptions import HTTPException
from starlette.requests import Request

from cds.trust import Client

_SOON = {"retry-after": "1"}


class Traffic:
    """Lets at most `most` calls in at once, and at most `most_of_one` of one client.

    Nothing waits here: a call that is turned away costs next to nothing, and its client hears at once.
    """

    def __init__(self, most: int, most_of_one: int) -> None:
        self._most = most
        self._most_of_one = most_of_one
        self._in_hand: Counter[str] = Counter()

    @contextmanager
    def call_of(self, client: str) -> Iterator[None]:
        """While a call of this client is in hand. Raises HTTPException: 429 or 503, with when to come again."""
        if self._in_hand[client] >= self._most_of_one:
            raise HTTPException(429, "too many calls of this client at once; send it again", headers=_SOON)
        if self._in_hand.total() >= self._most:
            raise HTTPException(503, "too many calls at once; send it again", headers=_SOON)
        self._in_hand[client] += 1
        try:
            yield
        finally:
            self._in_hand[client] -= 1
            if not self._in_hand[client]:
                del self._in_hand[client]


def caller(request: Request, client: Client | None) -> str:
    """Who a call counts for: the client, or the address it comes from where no clients are configured."""
    if client is not None:
        return client.name
    return request.client.host if request.client else ""
