"""Whether the access that a client gives may be used: for this patient, in time, at a server that is listed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from cds.case import Access
from cds.servers import Server

_TOKEN = re.compile(r"[\x21-\x7e]+")
_ID = re.compile(r"(?!\.{1,2}$)[A-Za-z0-9._~:@=+-]{1,256}")


@dataclass(frozen=True, slots=True)
class Grant:
    """A server that may be asked for this call, and the token that it is asked with."""

    server: Server
    token: str | None = field(repr=False)


def granted(access: Access, patient_id: str, servers: Iterable[Server]) -> Grant | str:
    """The grant, or why nothing may be fetched, as it goes on after "not sent, and".

    `servers` are those that may be asked.
    """
    try:
        server = Server.read(access.server)
    except ValueError:
        server = None
    if server is None or not any(listed.covers(server) for listed in servers):
        return "the FHIR server of this call is not one that this service may ask"
    if access.expires_in is not None and access.expires_in <= 0:
        return "the access to the FHIR server had expired"
    if access.patient is not None and access.patient != patient_id:
        return "the access to the FHIR server is for another patient"
    if access.token is not None and not _TOKEN.fullmatch(access.token):
        return "the access token cannot be used"
    if not is_id(patient_id):
        return "the id of the patient cannot be asked for"
    return Grant(server, access.token)


def is_id(value: str) -> bool:
    """Whether an id can stand in a query without meaning anything else there; real ones are longer than FHIR's 64."""
    return _ID.fullmatch(value) is not None
