"""From the settings to the gate: which clients, called by which address, from which web pages."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from cds.addresses import origin_of
from cds.errors import CdsError
from cds.settings import Settings
from cds.trust.callers import Neighbors, Origins
from cds.trust.clients import Clients
from cds.trust.clients_file import load_clients
from cds.trust.gate import Count, Gate
from cds.trust.key_sets import KeySets


def open_gate(
    settings: Settings,
    services: Collection[str],
    *,
    clock: Callable[[], datetime],
    count: Count,
    count_fetched: Callable[[str], None],
) -> tuple[Gate, Origins]:
    """The gate that the settings describe, and the origins whose pages may read what is answered.

    `services` are the ids there are, `clock` gives the aware time that tokens are checked at. Raises CdsError for
    settings that do not fit together, BookFault with everything wrong in the clients file.
    """
    clients = configured_clients(settings, services)
    origins = _origins(settings, clients)
    gate = Gate(
        clients,
        settings.base_url or "",
        neighbors=Neighbors(origins, settings.base_url),
        key_sets=KeySets(count_fetched),
        clock=clock,
        count=count,
    )
    return gate, origins


def configured_clients(settings: Settings, services: Collection[str]) -> Clients | None:
    """The clients of the clients file, None without one. Raises as `open_gate` does."""
    if settings.clients is None:
        return None
    clients = load_clients(settings.clients, services)
    if settings.base_url is None:
        raise CdsError(
            "is missing: each token names the address it was made for, so write the one that clients call, such as "
            "https://cds.hospital.example/ivig",
            "IVIG_CDS_BASE_URL",
        )
    if settings.origins:
        raise CdsError(
            "is for a service without clients; write the origins of a client's web pages into the clients file",
            "IVIG_CDS_ORIGINS",
        )
    return clients


def _origins(settings: Settings, clients: Clients | None) -> Origins:
    own = frozenset[str]() if settings.base_url is None else frozenset({origin_of(settings.base_url)})
    if clients is None:
        return Origins(settings.origins | own, loopback=True)
    return Origins(clients.origins | own)
