"""What the service offers: one id per hook, and the prefetch queries that bring the history.

The queries keep to what CDS Hooks 2.0.1 lets every client answer: an instance read or a search by type, tokens of the
context's root, token lists, `_sort` and `_count`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from cds.case import SOURCES, Hook
from cds.hooks.three import as_3_0
from cds.knowledge import Measurements
from cds.knowledge.codes import Loinc, OtherCode
from cds.settings import Version

_VITALS = ("body_weight", "body_height")
_LABS = ("serum_creatinine", "egfr", "iga", "anti_iga_antibody", "igg", "abo_group")
"""The results that rules and derived facts stand on, and no others: daily ones would push a rare one off the page.

The ABO group has no verified code: it is asked for where a site adds one, and read where it is sent.
"""
_METER = ("glucose_meter",)
"""A meter is read several times a day, so its results have a page of their own."""

_LOINC = "http://loinc.org"
_NEWEST = 200
"""Enough results that further pages are rare; a page that is not sent makes a source partial."""
_STATUSES = "active,on-hold,completed,stopped"
"""Drugs in use, and those that are over: one that can injure the kidney counts for some days after it was stopped."""
_SOME = 50
"""Enough to see whether a meter is in use: the newest one tells."""


@dataclass(frozen=True, slots=True)
class Service:
    """One CDS service: the id in its address and the hook it answers.

    `requires` says what must be obtained for an answer; without it, and where there is no card, a call is answered with
    412. Everything else is optional. Nothing at its hook is said on the sources `unread`: they are never fetched.
    """

    id: str
    hook: Hook
    title: str
    description: str
    requires: str
    unread: frozenset[str] = frozenset()


_ANY = "Required: one of the prefetch keys, whichever; each is optional by itself."

SERVICES: Mapping[str, Service] = {
    service.id: service
    for service in (
        Service(
            "ivig-order-select",
            "order-select",
            "IVIG advice while ordering",
            "Advises on the selected orders for intravenous immunoglobulin, vaccines and interacting drugs: dose, "
            "route, kidney and clot risk, earlier reactions, excipients, IgA deficiency, live vaccines, Kawasaki "
            "disease. What is not entered is no fault.",
            _ANY,
        ),
        Service(
            "ivig-order-sign",
            "order-sign",
            "IVIG advice at signing",
            "Advises on every order for intravenous immunoglobulin, vaccines and interacting drugs about to be signed: "
            "dose, route, kidney and clot risk, earlier reactions, excipients, IgA deficiency, live vaccines, Kawasaki "
            "disease, what could not be checked.",
            _ANY,
        ),
        Service(
            "ivig-patient-view",
            "patient-view",
            "Live vaccines after IVIG",
            "Tells from when measles, mumps, rubella and varicella vaccine will take again after immunoglobulin, in "
            "children and where such a vaccine is ordered.",
            "Required for a child, for a patient whose age is not known, and where such a vaccine is ordered: all that "
            "tells which immune globulin was given (medicationAdministrations, medicationDispenses, "
            "medicationRequests, medicationStatements, immunizations), unless what was obtained answers the question.",
            frozenset({"labs", "glucoseMeter", "allergies"}),
        ),
    )
}
"""Every service by its id. Ids differ by hook: some clients keep only the last hook of an id that is shared."""

_REQUIREMENTS = (
    "FHIR R4. Send every prefetch key, null where a search found nothing, or give access to a FHIR server that this "
    "service may ask: a check whose data could not be obtained is reported as not made. draftOrders may be of any "
    "type; those that do not concern immunoglobulin are left alone."
)


def discovery(measurements: Measurements, version: Version = "2.0") -> dict[str, Any]:
    """The answer to `GET /cds-services`, in a version of CDS Hooks."""
    queries = prefetch(measurements)
    services = [
        {
            "id": service.id,
            "hook": service.hook,
            "title": service.title,
            "description": service.description,
            "prefetch": queries,
            "usageRequirements": f"{_REQUIREMENTS} {service.requires}",
        }
        for service in SERVICES.values()
    ]
    return {"services": services if version == "2.0" else [as_3_0(service) for service in services]}


def prefetch(measurements: Measurements) -> dict[str, str]:
    """The query of every source of history, by its prefetch key."""
    special = {
        "patient": "Patient/{{context.patientId}}",
        "vitals": _search("Observation", _observations(measurements, _VITALS)),
        "labs": _search("Observation", _observations(measurements, _LABS)),
        "glucoseMeter": _search("Observation", _observations(measurements, _METER, _SOME)),
        "medicationRequests": _search("MedicationRequest", f"&status={_STATUSES}"),
        "medicationAdministrations": _search("MedicationAdministration", f"&_sort=-effective-time&_count={_NEWEST}"),
    }
    return {key: special.get(key) or _search(types[0]) for key, types in SOURCES.items()}


def _search(type_: str, more: str = "") -> str:
    return f"{type_}?patient={{{{context.patientId}}}}{more}"


def _observations(measurements: Measurements, ids: Sequence[str], count: int = _NEWEST) -> str:
    codes = [code for id in ids for code in measurements.codes(id)]
    loinc = {f"{_LOINC}|{code.value}" for code in codes if isinstance(code, Loinc)}
    own = {f"{code.system}|{_escaped(code.value)}" for code in codes if isinstance(code, OtherCode)}
    listed = ",".join(quote(token, safe=":/|") for token in (*sorted(loinc), *sorted(own)))
    return f"&code={listed}&_sort=-date&_count={count}"


def _escaped(code: str) -> str:
    """A code as a search token holds it: with a backslash before what separates tokens."""
    return re.sub(r"([\\,|$])", r"\\\1", code)
