"""Which tokens were used already: the memory of one process, each `jti` until its token has expired."""

from __future__ import annotations

from hashlib import blake2b
from heapq import heappop, heappush

from cds.trust.refusal import Reason, Refused

MOST = 100_000
"""Tokens of one client that are kept: 27 a second where each lives an hour, 330 where it lives five minutes.

That is about 20 MB. A client that has more is refused rather than forgotten, for a forgotten token can be replayed.
"""


class Memory:
    """The tokens of each client that are still valid and were used."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._used: dict[str, set[bytes]] = {}
        self._ends: dict[str, list[tuple[float, bytes]]] = {}

    def use(self, iss: str, jti: str, expires: float, now: float) -> None:
        """Note that this token is used now. Raises Refused where it was before, or where too many are kept."""
        used, ends = self._used.setdefault(iss, set()), self._ends.setdefault(iss, [])
        while ends and ends[0][0] <= now:
            used.discard(heappop(ends)[1])
        mark = blake2b(jti.encode(), digest_size=16).digest()
        if mark in used:
            raise Refused(Reason.REPLAYED)
        if len(used) >= self._most:
            raise Refused(Reason.TOO_MANY)
        used.add(mark)
        heappush(ends, (expires, mark))
