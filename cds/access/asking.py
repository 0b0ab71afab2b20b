"""One call's questions to its FHIR server: each with its pages, all within one deadline, and how each of them ended."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cds.access.grant import Grant
from cds.errors import BadRequest, Unavailable
from cds.fhir.bundles import next_page, unwrapped
from cds.hooks.body import decode, guard_depth

if TYPE_CHECKING:
    from cds.fhir.client import Client

PAGES = 20
"""Further pages that are read of one answer; some servers put no more than ten entries on one."""
ENTRIES = 2000
"""After so many entries no further page is read."""

Observe = Callable[[str, str, float], None]
"""Counts one question: the source it was for, how it ended, and the seconds it took."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Where, in whose name, and until when (by the clock of the event loop) one call may ask."""

    client: Client
    grant: Grant
    deadline: float

    async def get(self, path: str) -> Mapping[str, Any]:
        """The JSON object at a path of the server, or at a whole URL under it. Raises Unavailable."""
        url = self.grant.server.at(path)
        assert url is not None
        try:
            async with asyncio.timeout_at(self.deadline):
                body = await self.client.get(url, self.grant.server, self.grant.token)
        except TimeoutError:
            raise Unavailable("late", "did not answer in time") from None
        try:
            content = decode(body)
            guard_depth(content)
        except BadRequest:
            raise Unavailable("broken", "did not answer in FHIR JSON") from None
        return content

    async def whole(self, value: Mapping[str, Any]) -> tuple[Mapping[str, Any], str]:
        """A Bundle with the entries of all its pages, and why there may be more; "" where there are not.

        What is no Bundle comes back as it is.
        """
        page = unwrapped(value)
        link = next_page(page) if page is not None else None
        if page is None or link is None or not isinstance(page.get("entry", []), list):
            return value, ""
        entries: list[Any] = list(page.get("entry", []))
        trouble = await self._follow(link, entries)
        told = {} if trouble else {name: page[name] for name in ("total",) if name in page}
        return {"resourceType": "Bundle", **told, "entry": entries}, trouble

    async def _follow(self, link: str | None, entries: list[Any]) -> str:
        """Adds the entries of the pages from `link` on; why there may be more, "" where there are not."""
        seen: set[str] = set()
        while link is not None:
            url = self.grant.server.at(link)
            if url is None:
                return "has further pages at another address, which is not followed"
            if url in seen:
                return "has further pages that lead back"
            if len(seen) == PAGES:
                return f"has more than {PAGES} further pages"
            if len(entries) > ENTRIES:
                return f"has further pages after more than {ENTRIES} entries"
            seen.add(url)
            try:
                page = unwrapped(await self.get(url))
            except Unavailable as why:
                return f"has further pages, and the FHIR server {why}"
            more = page.get("entry", []) if page is not None else None
            if page is None or not isinstance(more, list):
                return "has a further page that is no Bundle"
            entries += more
            link = next_page(page)
        return ""


@contextmanager
def counting(source: str, observe: Observe) -> Iterator[list[str]]:
    """Counts one question by the last word that is put into the list, and its time."""
    started, outcome = time.perf_counter(), ["fault"]
    try:
        yield outcome
    finally:
        observe(source, outcome[-1], time.perf_counter() - started)
