"""Who is let in: every call of a CDS service, of discovery and of feedback passes here before its body is read."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection

from cds.trust.callers import Neighbors
from cds.trust.clients import Client, Clients
from cds.trust.fetching import NotFetched
from cds.trust.key_sets import KeySets
from cds.trust.keys import Key, spend
from cds.trust.memory import Memory
from cds.trust.refusal import SAID, Reason, Refused
from cds.trust.token import Token, read_token

_log = logging.getLogger("ivig_cds.trust")

LEEWAY = 60
"""Seconds that a client's clock may be ahead of ours."""
LONGEST_LIFE = 3600
"""Seconds from `iat` to `exp`: a token is made for one call, and is remembered until it expires."""

_PLAIN = re.compile(r"[A-Za-z0-9._:-]{1,64}")
Count = Callable[[str, str], None]


@dataclass(slots=True)
class _Visit:
    """What is known of one call; of its token nothing before its signature held."""

    request_id: str
    client: Client | None = None
    token: Token | None = None

    def __str__(self) -> str:
        name = self.client.name if self.client else "unknown"
        if self.token is None:
            return f"client {name}"
        return f"client {name}, tenant {_plain(self.token.tenant)}, jti {_plain(self.token.jti)}"


def _plain(text: str | None) -> str:
    """A word for the log; a client's words are not written into it unless they are as plain as an id."""
    return "none" if text is None else text if _PLAIN.fullmatch(text) else "(not plain)"


class Gate:
    """Lets clients in by their tokens or, without a clients file, whoever is on this machine.

    `count` is told the client's name ("" while unknown) and "admitted" or the reason of the refusal.
    """

    def __init__(
        self,
        clients: Clients | None,
        base_url: str,
        *,
        neighbors: Neighbors,
        key_sets: KeySets,
        clock: Callable[[], datetime],
        count: Count,
    ) -> None:
        self._clients, self._services_url = clients, f"{base_url}/cds-services"
        self._neighbors, self._key_sets = neighbors, key_sets
        self._clock, self._count = clock, count
        self._memory = Memory()

    async def admit(self, call: HTTPConnection, *path: str) -> Client | None:
        """The client that calls; None where none are configured.

        `path` is what follows /cds-services in the address that was called: nothing for discovery, the id of a service,
        the id and "feedback". Raises HTTPException: 401 without a word, or 403 or 429 with what to do.
        """
        visit = _Visit(call.scope.get("state", {}).get("ivig_cds_request", "?"))
        try:
            if self._clients is None:
                self._neighbors.check(call)
            else:
                await self._identify(call, path, self._clients, visit)
        except Refused as refused:
            self._count(visit.client.name if visit.client else "", refused.reason)
            _log.warning("request %s refused: %s (%s)", visit.request_id, refused.reason, visit)
            status, what = SAID.get(refused.reason, (401, ""))
            raise HTTPException(status, what, {"WWW-Authenticate": "Bearer"} if status == 401 else None) from None
        self._count(visit.client.name if visit.client else "", "admitted")
        _log.info("request %s admitted (%s)", visit.request_id, visit)
        return visit.client

    async def _identify(self, call: HTTPConnection, path: tuple[str, ...], clients: Clients, visit: _Visit) -> None:
        """Who the caller is, step by step; the token counts as used only where everything else held."""
        token = read_token(call.headers.getlist("authorization"))
        now = self._clock().timestamp()
        try:
            client = visit.client = _issuer(token, clients)
            _check_claims(token, client, "/".join((self._services_url, *path)), now)
            key = await self._key(client, token)
        except Refused:
            spend(token.signed, token.signature, token.alg)
            raise
        if not key.signed(token.signed, token.signature, token.alg):
            raise Refused(Reason.SIGNATURE)
        visit.token = token
        if client.tenants is not None and token.tenant not in client.tenants:
            raise Refused(Reason.TENANT)
        if path and path[0] in clients.services - client.services:
            raise Refused(Reason.SERVICE)
        self._memory.use(token.iss, token.jti, token.expires, now)

    async def _key(self, client: Client, token: Token) -> Key:
        if token.jku is not None and token.jku not in client.jku:
            raise Refused(Reason.JKU)
        key = client.keys.find(token.kid, token.alg)
        reason = Reason.KEY
        for url in client.jku if token.jku is None else (token.jku,):
            if key is None:
                try:
                    key = await self._key_sets.find(url, token.kid, token.alg)
                except NotFetched:
                    reason = Reason.KEY_SET
        if key is None:
            raise Refused(reason)
        return key


def _issuer(token: Token, clients: Clients) -> Client:
    client = clients.by_issuer.get(token.iss)
    if client is None:
        raise Refused(Reason.ISSUER)
    return client


def _check_claims(token: Token, client: Client, endpoint: str, now: float) -> None:
    if token.alg not in client.algorithms:
        raise Refused(Reason.ALGORITHM)
    if endpoint not in token.audience:
        raise Refused(Reason.AUDIENCE)
    if token.expires <= now:
        raise Refused(Reason.EXPIRED)
    if max(token.issued, token.not_before) > now + LEEWAY:
        raise Refused(Reason.NOT_YET)
    if not 0 < token.expires - token.issued <= LONGEST_LIFE:
        raise Refused(Reason.LIFETIME)
