"""The gaps of a call filled: keys that were not sent, further pages of those that were, and Medications pointed to.

Null, an empty Bundle and a failed search of the client are answers, and are not asked again. Calls about other drugs
ask nothing; where only the server can tell which drug an order is for, its Medication is asked for first. All of it
shares one deadline: what did not come by then is missing, and says so.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from cds import chart
from cds.access import medications
from cds.access.asking import Asking, Observe, counting
from cds.access.grant import granted
from cds.case import SOURCES, Case, Entry, Obtained, Source
from cds.errors import Unavailable
from cds.fhir import status
from cds.fhir.bundles import Content, next_page, read, unwrapped
from cds.fhir.read import clean
from cds.fhir.sources import NOT_SENT, source_of
from cds.hooks import HookRequest
from cds.hooks.prefetch import place_of
from cds.knowledge import Knowledge
from cds.servers import Server

if TYPE_CHECKING:
    from cds.fhir.client import Client

_PATIENT_ID = "{{context.patientId}}"
_ANSWER = "the answer"
"""The place that is named where something is wrong with what a server answered."""

Found = tuple[Source, tuple[Entry, ...]]


@dataclass(frozen=True, slots=True)
class Filler:
    """Asks for what calls lack. `client` is None where there is no server that may be asked.

    `queries` are those of discovery, by prefetch key; `within` are the seconds that one call may ask for; `observe`
    counts the questions.
    """

    client: Client | None
    knowledge: Knowledge
    queries: Mapping[str, str]
    within: float
    observe: Observe

    async def fill(self, asked: HookRequest, unread: frozenset[str], servers: Iterable[Server]) -> Case | None:
        """The case with all that could be had; None for a call that turns out to be of no concern to us.

        `servers` are those that this client may have asked; `unread` are sources that its hook says nothing on.
        """
        case = asked.case
        if asked.access is None:
            return case
        grant = granted(asked.access, case.patient_id, servers)
        if isinstance(grant, str):
            return _refused(case, grant)
        assert self.client is not None
        drugs = medications.ordered(case, grant.server)
        if not drugs and not chart.concerns(case, self.knowledge):
            return None
        asking = Asking(self.client, grant, asyncio.get_running_loop().time() + self.within)
        if drugs and not self._certain(case, drugs):
            case = await medications.learned(case, drugs, asking, self.observe)
            if not chart.concerns(case, self.knowledge):
                return None
            drugs = ()
        async with asyncio.TaskGroup() as group:
            tasks = {
                key: group.create_task(self._source(key, asked, asking))
                for key in SOURCES
                if key not in unread and _lacking(key, asked)
            }
            learning = group.create_task(medications.learned(case, drugs, asking, self.observe))
        case = learning.result()
        found = {key: task.result() for key, task in tasks.items()}
        case = replace(
            case,
            sources={**case.sources, **{key: source for key, (source, _) in found.items()}},
            extras=(*case.extras, *(entry for _, along in found.values() for entry in along)),
        )
        return await medications.learned(case, medications.recorded(case, grant.server), asking, self.observe)

    def _certain(self, case: Case, drugs: Iterable[medications.Wanted]) -> bool:
        """Whether the call is of our concern whatever those Medications are."""
        nameless = {f"Medication/{one.id}" for one in drugs if not one.named}
        orders = tuple(entry for entry in case.orders if medications.pointed_to(entry.resource) not in nameless)
        return chart.concerns(replace(case, orders=orders), self.knowledge)

    async def _source(self, key: str, asked: HookRequest, asking: Asking) -> Found:
        """A source asked for, or the pages that are wanting to what was sent of it."""
        with counting(key, self.observe) as outcome:
            try:
                if key in asked.prefetch:
                    place, obtained = place_of(key), Obtained.PREFETCH
                    value, trouble = await asking.whole(asked.prefetch[key])
                    content = read(value, place)
                else:
                    place, obtained = _ANSWER, Obtained.FETCHED
                    query = self.queries[key]
                    value, trouble = await asking.whole(await asking.get(_filled(query, asked.case.patient_id)))
                    content = _asked_for(read(value, place), query)
            except Unavailable as why:
                outcome.append(why.trouble)
                return Source(Obtained.MISSING, reason=f"not sent, and the FHIR server {why}"), ()
            if trouble:
                content.gaps.append((place, trouble))
            source, along = source_of(content, key, place, obtained)
            if key == "patient" and any(_another(entry, asked.case.patient_id) for entry in source.entries):
                source = Source(Obtained.MISSING, reason="not sent, and the FHIR server answered with another patient")
            outcome.append(_outcome(source))
            return source, along


def _lacking(key: str, asked: HookRequest) -> bool:
    """Whether a source was not sent at all, or is a Bundle with further pages."""
    if key not in asked.prefetch:
        return True
    page = unwrapped(asked.prefetch[key])
    return page is not None and next_page(page) is not None


def _refused(case: Case, why: str) -> Case:
    """The case with why nothing was fetched."""
    missing = Source(Obtained.MISSING, reason=f"{NOT_SENT.reason}, and {why}")
    sources = {key: missing if source is NOT_SENT else source for key, source in case.sources.items()}
    return replace(case, sources=sources)


def _filled(query: str, patient_id: str) -> str:
    """A query of discovery for this patient, whose id needs no quoting (see `is_id`) but for a plus sign."""
    return query.replace(_PATIENT_ID, patient_id.replace("+", "%2B"))


def _asked_for(content: Content, query: str) -> Content:
    """The content without what has another status than was asked for: a server may ignore that."""
    wanted = parse_qs(query.partition("?")[2]).get("status")
    if wanted:
        listed = wanted[0].split(",")
        content.entries = [entry for entry in content.entries if status(entry.resource) in listed]
    return content


def _another(entry: Entry, patient_id: str) -> bool:
    return clean(entry.resource.get("id")) != patient_id


def _outcome(source: Source) -> str:
    if source.obtained is Obtained.MISSING:
        return "broken"
    return "absent" if source.obtained is Obtained.ABSENT else "incomplete" if source.reason else "read"
