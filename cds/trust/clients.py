"""The clients that a site lets in: plain data, read once at the start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cds.servers import Server
from cds.trust.keys import Keys

DEFAULT_ALGORITHMS = ("ES384", "RS384")
"""What CDS Hooks recommends."""


@dataclass(frozen=True, slots=True)
class Client:
    """One client: who it is, how its tokens are checked, and what it may do.

    `iss` is the issuer of its tokens. `jku` are the URLs that its key sets may be fetched from, `services` the ids that
    it may call, `origins` those of its web pages. None as `tenants` lets every tenant in; None as `fhir_servers` allows
    the servers that the service allows, else only what lies under these base addresses too.
    """

    name: str
    iss: str
    keys: Keys
    jku: tuple[str, ...]
    algorithms: frozenset[str]
    services: frozenset[str]
    origins: frozenset[str] = frozenset()
    tenants: frozenset[str] | None = None
    fhir_servers: tuple[Server, ...] | None = None


@dataclass(frozen=True, slots=True)
class Clients:
    """Every client by the issuer of its tokens, and the ids of all services there are."""

    by_issuer: Mapping[str, Client] = field(default_factory=dict)
    services: frozenset[str] = frozenset()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(client.name for client in self.by_issuer.values())

    @property
    def origins(self) -> frozenset[str]:
        """The origins of all their web pages: a browser asks before any client is known."""
        return frozenset[str]().union(*(client.origins for client in self.by_issuer.values()))
