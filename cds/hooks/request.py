"""The envelope of a hook request: strict where the standard is, patient where real clients are not.

Anything wrong is BadRequest with its place ("context.draftOrders.entry[2]") and never a value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictInt, StrictStr

from cds.case import Access, Case, Entry
from cds.errors import BadRequest
from cds.fhir.bundles import read
from cds.fhir.read import clean, reference_key, resource_ref
from cds.hooks.body import guard_depth
from cds.hooks.prefetch import refuse_others, sources
from cds.hooks.services import SERVICES, Service
from cds.hooks.validation import validated

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_URL = re.compile(r"https?://\S+")


def _plain_id(value: str) -> str:
    """A logical id out of `x`, `Patient/x` or a URL that ends so; "" where nothing follows the type."""
    return "" if clean(value).endswith("/") else reference_key(value).rpartition("/")[2].strip()


Text = Annotated[StrictStr, AfterValidator(clean)]
Id = Annotated[StrictStr, AfterValidator(_plain_id)]


class FhirAuthorization(BaseModel):
    """What a client that gives access to its FHIR server must say. The token never shows in a repr."""

    access_token: Annotated[StrictStr, Field(min_length=1, repr=False)]
    token_type: Literal["Bearer"]
    expires_in: StrictInt
    scope: StrictStr
    subject: StrictStr
    patient: Id | None = None


class Context(BaseModel):
    """The context of every hook that is answered; patient-view has no orders."""

    model_config = ConfigDict(extra="ignore")

    userId: Text
    patientId: Id
    draftOrders: dict[str, Any] = Field(default_factory=dict)
    encounterId: Id | None = None
    selections: list[Text] | None = None


class Envelope(BaseModel):
    """The members of a hook request that are ours to read; unknown ones are ignored."""

    model_config = ConfigDict(extra="ignore")

    hook: Text
    hookInstance: Text
    context: Context
    prefetch: dict[str, Any] | None = None
    fhirServer: Text | None = None
    fhirAuthorization: FhirAuthorization | None = None


_TYPES = {type_.lower(): type_ for type_ in ("MedicationRequest", "ServiceRequest", "Medication", "Patient")}
"""The types that are read in draftOrders, by their small letters."""
_BUNDLE = frozenset(
    {"resourceType", "id", "meta", "type", "total", "link", "entry", "identifier", "timestamp", "signature"}
    | {"implicitRules", "language"}
)


@dataclass(frozen=True, slots=True)
class HookRequest:
    """A call as it was sent: the case in it, and the FHIR server that more may be asked of.

    `prefetch` is what the sources of the case were read from.
    """

    case: Case
    access: Access | None = None
    prefetch: Mapping[str, Any] = field(default_factory=dict, repr=False)


def read_request(content: Mapping[str, Any], service: Service | None = None) -> HookRequest:
    """The body of a call of `service`; without one, of the service that answers the body's hook."""
    guard_depth(content)
    envelope = validated(Envelope, content)
    service = service or next((known for known in SERVICES.values() if known.hook == envelope.hook), None)
    if service is None:
        hooks = ", ".join(known.hook for known in SERVICES.values())
        raise BadRequest(f"only {hooks} are answered", "hook")
    _check(envelope, service)
    context = envelope.context
    orders = _orders(context) if service.hook != "patient-view" else ()
    selections = _selections(context, orders) if service.hook == "order-select" else None
    prefetch = envelope.prefetch or {}
    history, medications = sources(prefetch, context.patientId)
    case = Case(
        hook=service.hook,
        hook_instance=envelope.hookInstance,
        patient_id=context.patientId,
        encounter_id=context.encounterId or None,
        orders=orders,
        selections=selections,
        sources=history,
        extras=medications,
    )
    return HookRequest(case, _access(envelope), prefetch)


def case_of_request(content: Mapping[str, Any], service: Service | None = None) -> Case:
    """The case in such a body, for those who fetch nothing."""
    return read_request(content, service).case


def _access(envelope: Envelope) -> Access | None:
    if not envelope.fhirServer:
        return None
    given = envelope.fhirAuthorization
    if given is None:
        return Access(envelope.fhirServer)
    return Access(envelope.fhirServer, given.access_token, given.expires_in, given.patient or None)


def _check(envelope: Envelope, service: Service) -> None:
    if envelope.hook != service.hook:
        raise BadRequest(f"this service answers {service.hook}", "hook")
    if not _UUID.fullmatch(envelope.hookInstance):
        raise BadRequest("must be a UUID", "hookInstance")
    for name in ("userId", "patientId"):
        if not getattr(envelope.context, name):
            raise BadRequest("must not be empty", f"context.{name}")
    if envelope.fhirAuthorization and not envelope.fhirServer:
        raise BadRequest("is required where fhirAuthorization is sent", "fhirServer")
    if envelope.fhirServer and not _URL.fullmatch(envelope.fhirServer):
        raise BadRequest("must be an http or https URL", "fhirServer")


def _orders(context: Context) -> tuple[Entry, ...]:
    where = "context.draftOrders"
    if "draftOrders" not in context.model_fields_set:
        raise BadRequest("is missing", where)
    content = read(_bundle(context.draftOrders, where), where)
    for place, what in content.gaps:
        raise BadRequest(what, place)
    if content.failures:
        raise BadRequest("holds an OperationOutcome in place of an order", where)
    entries = tuple(_typed(entry, f"{where}.entry[{number}]") for number, entry in enumerate(content.entries))
    refuse_others(entries, context.patientId, where)
    return entries


def _bundle(value: dict[str, Any], where: str) -> dict[str, Any]:
    """A value that is a Bundle, or one order in its place; raises BadRequest where orders may hide in it."""
    kind = value.get("resourceType")
    if kind is None:
        return value
    if clean(kind) == "Bundle":
        if value.get("entry") is None and not all(name in _BUNDLE or name.startswith("_") for name in value):
            raise BadRequest("has members that no Bundle has, and no entry", where)
        return {**value, "resourceType": "Bundle"}
    if kind == "OperationOutcome" or clean(kind).endswith(("Request", "Order")):
        return value
    raise BadRequest("must be a Bundle", f"{where}.resourceType")


def _typed(entry: Entry, where: str) -> Entry:
    """The entry, its type without stray white space. Raises BadRequest for a misspelt type that we read."""
    kind = entry.resource["resourceType"]
    if kind in _TYPES.values():
        return entry
    if clean(kind) in _TYPES.values():
        return Entry({**entry.resource, "resourceType": clean(kind)}, entry.full_url)
    meant = _TYPES.get("".join(filter(str.isalnum, kind)).lower())
    if meant is not None:
        raise BadRequest(f"is misspelt; write {meant}", f"{where}.resource.resourceType")
    return entry


def _selections(context: Context, orders: tuple[Entry, ...]) -> frozenset[str]:
    """The selected orders as "Type/id", whether they were named so, by a URL, by `fullUrl` or by the bare id."""
    if context.selections is None:
        raise BadRequest("is missing", "context.selections")
    names: dict[str, str] = {}
    for entry in orders:
        ref = resource_ref(entry.resource)
        names |= {name: ref for name in (ref, entry.full_url, ref.partition("/")[2]) if name}
    selected = [names.get(reference_key(selection)) or names.get(selection) for selection in context.selections]
    if None in selected:
        raise BadRequest("is not among the draftOrders", f"context.selections[{selected.index(None)}]")
    return frozenset(ref for ref in selected if ref)
