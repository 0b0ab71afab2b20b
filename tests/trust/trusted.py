"""The whole service with clients, on a socket, and the key server that one of them publishes its keys on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from cds import create_app
from cds.settings import Settings
from tests.conftest import NOW, serving
from tests.hooks.service import SIGN, of, ten_fold
from tests.trust.key_server import KeyServer, key_server
from tests.trust.signing import BASE, ISS, bearer, claims, jwk, private, token

ORIGIN = "https://ehr-front-end.example"
SECOND, PUBLISHED, TWO_SETS = "https://second.example", "https://published.example", "https://two.example"


def written(folder: Path, clients: list[dict[str, Any]]) -> Path:
    """A clients file; JSON is YAML."""
    path = folder / "clients.yaml"
    path.write_text(json.dumps({"clients": clients}), "utf-8")
    return path


def client(**changes: Any) -> dict[str, Any]:
    """The first client: an EC and an RSA key in the file, everything else left out."""
    keys = [jwk(private("P-384"), "ec"), jwk(private("RSA"), "rsa")]
    return {"name": "General Hospital", "iss": ISS, "keys": keys} | changes


@dataclass
class Trusted:
    """`http` calls the service, `server` publishes the keys of the client PUBLISHED."""

    http: httpx.Client
    server: KeyServer
    body: dict[str, Any] = field(default_factory=lambda: of("order-sign", ten_fold()))

    def sign(self, token_: str | None = None, path: str = SIGN, **headers: str) -> httpx.Response:
        """Call order-sign with this token; with none that is given, with a sound one."""
        return self.http.post(path, json=self.body, headers={**bearer(token_ or token()), **headers})

    def refused(self, token_: str) -> str:
        """The reason, as the metrics have it, of a call with this token: 401 without a word."""
        before = self.counts()
        answer = self.sign(token_)
        assert answer.status_code == 401, answer.text
        assert answer.content == MUTE
        new = [outcome for (_, outcome), count in self.counts().items() if count > before.get((_, outcome), 0)]
        assert len(new) == 1
        return new[0]

    def counts(self) -> dict[tuple[str, str], float]:
        """How callers were let in or refused, by client and outcome."""
        lines = re.findall(
            r'^ivig_cds_authentications_total\{client="(.*)",outcome="(.*)"\} (\S+)$',
            self.http.get("/metrics").text,
            re.MULTILINE,
        )
        return {(name, outcome): float(count) for name, outcome, count in lines}


MUTE = b'{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"login"}]}'


@contextmanager
def trusting(folder: Path) -> Iterator[Trusted]:
    """The service with clients: by keys in the file, one that may do little, by a key set, and by either of two."""
    with key_server() as server:
        server.keys = [jwk(private("P-384", "published"), "p1")]
        second = client(
            name="Second",
            iss=SECOND,
            keys=[jwk(private("P-256", "second"), "ec256")],
            algorithms=["ES256"],
            services=["ivig-order-sign"],
            tenants=["north", "south"],
            origins=[ORIGIN],
        )
        published = {"name": "Published", "iss": PUBLISHED, "jku": [server.jwks]}
        two = {"name": "Two Sets", "iss": TWO_SETS, "jku": [server.jwks, f"{server.url}/second.json"]}
        path = written(folder, [client(), second, published, two])
        settings = Settings(clients=path, base_url=BASE, max_body=200_000)
        app = create_app(settings, clock=lambda: NOW)
        path.unlink()  # nothing is read from it any more
        with serving(app) as http:
            yield Trusted(http, server)


def of_second(**changes: Any) -> str:
    """A token of the second client, for a tenant that it serves unless told otherwise."""
    content = claims(**({"iss": SECOND, "tenant": "north"} | changes))
    return token(content, key=private("P-256", "second"), alg="ES256", kid="ec256")


def of_published(kid: str = "p1", owner: str = "published", **header: Any) -> str:
    """A token of the client with the key set."""
    return token(claims(iss=PUBLISHED), key=private("P-384", owner), kid=kid, **header)
