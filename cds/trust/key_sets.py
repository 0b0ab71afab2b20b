"""The key sets that clients publish: kept, renewed when old or when a key is missing, never asked for too often."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from cds.trust.fetching import Failure, NotFetched, fetch_keys
from cds.trust.keys import Key, Keys

_log = logging.getLogger("ivig_cds.trust")

FRESH = 900.0
"""Seconds that a set counts without being asked for again: a key that its owner took back is let in no longer."""
STALE = 86400.0
"""Seconds that the last set counts while no newer one is to be had: a hospital's weekend without its key server."""
COOL_DOWN = 30.0
"""Seconds between two attempts at one URL, good or bad: made-up key ids must not turn us against its owner."""

Fetch = Callable[[str], Awaitable[tuple[Keys, int]]]


@dataclass(slots=True)
class _Kept:
    """What is known of one URL, with monotonic times; `failed` is how the last attempt ended."""

    keys: Keys = field(default_factory=Keys)
    fetched: float = -math.inf
    tried: float = -math.inf
    failed: Failure | None = None
    fetching: asyncio.Task[None] | None = None


class KeySets:
    """Key sets by URL. `count` is told the outcome of every attempt: "fetched" or the failure."""

    def __init__(
        self,
        count: Callable[[str], None],
        *,
        fetch: Fetch = fetch_keys,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._count, self._fetch, self._monotonic = count, fetch, monotonic
        self._kept: dict[str, _Kept] = {}

    async def find(self, url: str, kid: str, alg: str) -> Key | None:
        """The key of this id, None where the set has none. Raises NotFetched where no set can be had."""
        kept = self._kept.setdefault(url, _Kept())
        key = self._known(kept, kid, alg)
        if key is None or self._age(kept.fetched) >= FRESH:
            attempt = self._renew(url, kept)
            # While its server is down no call waits for a set that it could do without.
            if attempt is not None and (key is None or kept.failed is None):
                await asyncio.shield(attempt)
                key = self._known(kept, kid, alg)
        if key is None and kept.failed is not None:
            raise NotFetched(kept.failed)
        return key

    def _known(self, kept: _Kept, kid: str, alg: str) -> Key | None:
        return kept.keys.find(kid, alg) if self._age(kept.fetched) < STALE else None

    def _age(self, moment: float) -> float:
        return self._monotonic() - moment

    def _renew(self, url: str, kept: _Kept) -> asyncio.Task[None] | None:
        """The attempt to fetch the set, one for all who ask meanwhile; None where the last was a moment ago."""
        if kept.fetching is None and self._age(kept.tried) >= COOL_DOWN:
            kept.fetching = asyncio.create_task(self._attempt(url, kept))
        return kept.fetching

    async def _attempt(self, url: str, kept: _Kept) -> None:
        kept.tried = self._monotonic()
        try:
            kept.keys, skipped = await self._fetch(url)
        except NotFetched as fault:
            kept.failed = fault.failure
            self._count(fault.failure)
            _log.error("the key set %s was not fetched: %s", url, fault.failure)
        else:
            kept.fetched, kept.failed = self._monotonic(), None
            self._count("fetched")
            if skipped:
                _log.warning("the key set %s has keys that cannot be used: %d", url, skipped)
        finally:
            kept.fetching = None
