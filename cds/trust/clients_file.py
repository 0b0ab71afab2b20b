"""Reading the clients file: everything wrong at once with file and line, as in the rule book and the site file."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path
from typing import Any

from cds.addresses import Kind, url_fault
from cds.errors import BookFault, Fault, hint
from cds.knowledge.sheet import Sheet, own_file
from cds.knowledge.yaml_marks import MapNode, Node, SeqNode, Text
from cds.servers import Server
from cds.trust.clients import DEFAULT_ALGORITHMS, Client, Clients
from cds.trust.keys import KINDS, Key, Keys, Unusable, read_key

_MEMBERS = ("name", "iss", "keys", "jku", "algorithms", "services", "origins", "tenants", "fhir_servers")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"]+")


def load_clients(path: Path, services: Collection[str]) -> Clients:
    """The clients of a file. Raises BookFault with everything wrong in it; `services` are the ids there are."""
    clients, faults = read_clients(path, services)
    if faults:
        raise BookFault(faults)
    return clients


def read_clients(path: Path, services: Collection[str]) -> tuple[Clients, list[Fault]]:
    """What a clients file says, and everything wrong in it; with a fault it must not be used."""
    sheet, faults, _ = own_file(path)
    if sheet is None:
        return Clients(), faults
    sheet.known(("clients",))
    found: dict[str, Client] = {}
    lines: dict[tuple[str, str], int] = {}
    for row in sheet.rows("clients"):
        client = _client(row, services)
        for member, value in (("name", client.name.lower()), ("iss", client.iss)):
            first = lines.setdefault((member, value), row.line(member))
            if value and first != row.line(member):
                row.fault(f"{member}: this one is given twice, first on line {first}", row.line(member))
        found[client.iss] = client
    if not found and not faults:
        sheet.fault("no client is listed: the service would answer nobody")
    return Clients(found, frozenset(services)), sorted(set(faults))


def _client(row: Sheet, services: Collection[str]) -> Client:
    row.known(_MEMBERS)
    name, iss = row.text("name"), row.text("iss")
    if "name" in row and not _NAME.fullmatch(name):
        row.fault("name: letters, digits, blanks, dots and dashes, 64 at most: it stands in metrics", row.line("name"))
    if "iss" in row and not _URI.fullmatch(iss):
        row.fault("iss: is no URI; write the `iss` of the client's tokens", row.line("iss"))
    jku, keys = _urls(row, "jku", "document"), _keys(row)
    if "jku" not in row and "keys" not in row:
        row.fault("keys or jku is missing: there is nothing to check its tokens with")
    algorithms = _words(row, "algorithms", KINDS) if "algorithms" in row else frozenset(DEFAULT_ALGORITHMS)
    for key, line in keys:
        useful = [alg for alg, kind in KINDS.items() if kind == key.kind and key.alg in (None, alg)]
        if algorithms and not algorithms.intersection(useful):
            row.fault(f"keys: no algorithm of this client uses this key: list {' or '.join(useful)}", line)
    return Client(
        name=name,
        iss=iss,
        keys=Keys(key for key, _ in keys),
        jku=tuple(jku),
        algorithms=algorithms,
        services=_words(row, "services", services) if "services" in row else frozenset(services),
        origins=frozenset(_urls(row, "origins", "origin")),
        tenants=frozenset(_listed(row, "tenants")) if "tenants" in row else None,
        fhir_servers=_servers(row) if "fhir_servers" in row else None,
    )


def _listed(row: Sheet, member: str) -> list[str]:
    """The words of a list that, where it is written at all, holds something."""
    found = row.once(member)
    if isinstance(row.node.items.get(member), SeqNode) and not found:
        row.fault(f"{member}: the list is empty; leave it out or fill it", row.line(member))
    return [word.value for word in found]


def _urls(row: Sheet, member: str, kind: Kind) -> list[str]:
    for word in row.marked(member):
        if fault := url_fault(word.value, kind):
            row.fault(f"{member}: {word.value} {fault}", word.line)
    return _listed(row, member)


def _servers(row: Sheet) -> tuple[Server, ...]:
    """The FHIR servers of a client; of one that is no base address the fault is noted."""
    found = []
    for word in row.marked("fhir_servers"):
        fault = url_fault(word.value, "base")
        try:
            found.append(Server.read(word.value))
        except ValueError as unreadable:
            fault = fault or f"is {unreadable}"
        if fault:
            row.fault(f"fhir_servers: {word.value} {fault}", word.line)
    _listed(row, "fhir_servers")
    return tuple(found)


def _words(row: Sheet, member: str, known: Collection[str]) -> frozenset[str]:
    """The words of a list that are known; of the others it is noted which may be meant."""
    for word in row.marked(member):
        if word.value not in known:
            meant = hint(word.value, known) or f"; known are {', '.join(known)}"
            row.fault(f"{member}: there is no {word.value} here{meant}", word.line)
    return frozenset(_listed(row, member)) & frozenset(known)


def _keys(row: Sheet) -> list[tuple[Key, int]]:
    """The usable keys of a client with their lines: a list of JWKs, or a JWK Set as it was published."""
    node = row.node.items.get("keys")
    holder = Sheet(node, row.file, row.notes) if isinstance(node, MapNode) else row
    found: dict[tuple[str, str], tuple[Key, int]] = {}
    for jwk in holder.rows("keys"):
        try:
            key = read_key(_plain(jwk.node))
        except Unusable as unusable:
            jwk.fault(f"keys: this key {unusable}")
            continue
        if (key.kid, key.kind) in found:
            jwk.fault("keys: this kid is given twice")
        found[key.kid, key.kind] = key, jwk.node.line
    if node is not None and not holder.rows("keys"):
        row.fault("keys: no key is listed", row.line("keys"))
    return list(found.values())


def _plain(node: Node) -> Any:
    if isinstance(node, Text):
        return node.value
    if isinstance(node, SeqNode):
        return [_plain(item) for item in node.items]
    return {name: _plain(item) for name, item in node.items.items()}
