"""The Medications that orders and records point to and that did not come with the call."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from cds.access.asking import Asking, Observe, counting
from cds.access.grant import is_id
from cds.case import Case, Entry, Resource
from cds.chart.references import References
from cds.errors import Unavailable
from cds.fhir import reference_key, resource_ref
from cds.fhir.bundles import read
from cds.fhir.read import clean
from cds.servers import Server

_KIND = "Medication"
_SOURCES = ("medicationAdministrations", "medicationDispenses", "medicationRequests", "medicationStatements")
_READS = 8
"""Up to so many are read one by one, which every server answers; more are searched by `_id`."""
_BATCH = 50
_MOST = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """A Medication to be asked for, and whether what points to it has a name for it besides."""

    id: str
    named: bool


def ordered(case: Case, server: Server) -> tuple[Wanted, ...]:
    """Those of `server` that orders of the call point to."""
    return _wanted([entry.resource for entry in case.orders], case, server)


def recorded(case: Case, server: Server) -> tuple[Wanted, ...]:
    """Those of `server` that the record points to, without those that were asked for in vain already."""
    resources = [entry.resource for key in _SOURCES for entry in case.sources[key].entries]
    return tuple(one for one in _wanted(resources, case, server) if f"{_KIND}/{one.id}" not in case.unlearned)


async def learned(case: Case, wanted: Iterable[Wanted], asking: Asking, observe: Observe) -> Case:
    """The case with those of the Medications that came, and why the others did not."""
    listed = sorted(wanted, key=lambda one: one.named)
    ids = [one.id for one in listed[:_MOST]]
    vain = {f"{_KIND}/{one.id}": "there are more Medications than are asked for" for one in listed[_MOST:]}
    batches = [ids[start : start + _BATCH] for start in range(0, len(ids), _BATCH)]
    async with asyncio.TaskGroup() as group:
        if len(ids) <= _READS:
            tasks = [group.create_task(_ask(f"{_KIND}/{id_}", [id_], asking, observe)) for id_ in ids]
        else:
            tasks = [
                group.create_task(_ask(f"{_KIND}?_id={','.join(batch)}&_count={_BATCH}", batch, asking, observe))
                for batch in batches
            ]
    found: list[Entry] = []
    for task in tasks:
        came, lost = task.result()
        found += came
        vain |= lost
    return replace(case, extras=(*case.extras, *found), unlearned={**case.unlearned, **vain})


async def _ask(path: str, ids: list[str], asking: Asking, observe: Observe) -> tuple[list[Entry], dict[str, str]]:
    """What came of one question, by no other id than was asked for, and why the rest did not."""
    refs = [f"{_KIND}/{id_}" for id_ in ids]
    with counting("medications", observe) as outcome:
        try:
            value, _ = await asking.whole(await asking.get(path))
        except Unavailable as why:
            outcome.append(why.trouble)
            return [], dict.fromkeys(refs, f"its Medication was asked for, and the FHIR server {why}")
        entries = {resource_ref(entry.resource): entry for entry in read(value, "").entries}
        found = [entries[ref] for ref in refs if ref in entries]
        outcome.append("read" if len(found) == len(refs) else "incomplete")
    lost = (ref for ref in refs if ref not in entries)
    return found, dict.fromkeys(lost, "its Medication was asked for, and the FHIR server did not send it")


def _wanted(resources: Sequence[Resource], case: Case, server: Server) -> tuple[Wanted, ...]:
    pointing = [(one, reference) for one in resources if (reference := _reference(one)) is not None]
    if not pointing:
        return ()
    find = References((*case.orders, *case.extras))
    found: dict[str, Wanted] = {}
    for resource, reference in pointing:
        kind, _, id_ = reference_key(reference).partition("/")
        if kind != _KIND or not is_id(id_) or find(reference, resource) is not None or not _is_at(server, reference):
            continue
        named = bool(clean(reference.get("display")))
        found[id_] = Wanted(id_, named and found.get(id_, Wanted(id_, True)).named)
    return tuple(found.values())


def pointed_to(resource: Resource) -> str:
    """What an order points to as its Medication, as "Type/id"; "" where it does not."""
    reference = _reference(resource)
    return reference_key(reference) if reference is not None else ""


def _reference(resource: object) -> Mapping[str, object] | None:
    reference = resource.get("medicationReference") if isinstance(resource, Mapping) else None
    return reference if isinstance(reference, Mapping) else None


def _is_at(server: Server, reference: Mapping[str, object]) -> bool:
    """Whether a reference leads to `server`: the same id at another server is another Medication."""
    written = clean(reference.get("reference"))
    return ":" not in written or (server.at(written) or "").startswith(f"{server.url}/{_KIND}/")
