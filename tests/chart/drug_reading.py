"""Watched drugs of a call as its tests read them."""

from __future__ import annotations

from cds.chart.drugs import drugs
from cds.chart.parts import Reading
from cds.facts import Drug
from tests.chart.records import Resource, context, find


def read(
    orders: tuple[Resource, ...] = (),
    requests: tuple[Resource, ...] = (),
    statements: tuple[Resource, ...] = (),
    selections: frozenset[str] | None = None,
    others: tuple[Resource, ...] = (),
) -> tuple[tuple[Drug, ...], tuple[Reading, ...]]:
    return drugs(orders, requests, statements, selections, context(), find(*others))


def one(resource: Resource, *, in_call: bool = False, others: tuple[Resource, ...] = ()) -> Drug:
    if in_call:
        found, _ = read(orders=(resource,), others=others)
    elif resource["resourceType"] == "MedicationStatement":
        found, _ = read(statements=(resource,), others=others)
    else:
        found, _ = read(requests=(resource,), others=others)
    assert len(found) == 1
    return found[0]


def none(resource: Resource, *, in_call: bool = False) -> str:
    """Why a watched drug does not count."""
    orders, record = ((resource,), ()) if in_call else ((), (resource,))
    found, readings = read(orders, record, record)
    assert found == ()
    assert [reading.verdict for reading in readings] == ["ignored"]
    return readings[0].what
