"""What it costs to tell who is calling: .venv/bin/python -m bench.trust

The same order-sign call about another drug through the ASGI application, without a clients file and with tokens of
ES384 and RS384, each made before the clock runs and used once. CPU time per call, median and 99th percentile.
"""

from __future__ import annotations

import asyncio
import gc
import json
import statistics
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from bench.evaluation import NOW, REQUESTS, ROUNDS, SIGN, WARM_UP, measure, other_drug, post, shown
from cds import create_app
from cds.settings import Settings

BASE, ISS = "https://cds.hospital.example", "https://ehr.hospital.example"
PRIVATE = {
    "ES384": ec.generate_private_key(ec.SECP384R1()),
    "RS384": rsa.generate_private_key(65537, 2048),
}


def main() -> None:
    content = json.loads((REQUESTS / "order-sign-overdose.json").read_bytes())
    for entry in content["context"]["draftOrders"]["entry"]:
        entry["resource"] = other_drug(entry["resource"])
    body = json.dumps(content).encode()
    free, trusting = create_app(Settings(), clock=lambda: NOW), app_with_clients()
    gc.collect()
    gc.freeze()
    loop = asyncio.new_event_loop()
    alone = measure(lambda: loop.run_until_complete(post(free, body)))
    print(f"a call about another drug, {len(body)} bytes, µs of CPU, median (p99) of {ROUNDS}: {shown(alone)}")
    for alg in PRIVATE:
        made = tokens(alg)

        def call(made: Iterator[bytes] = made) -> None:
            answer = loop.run_until_complete(post(trusting, body, (b"authorization", b"Bearer " + next(made))))
            assert answer == b'{"cards":[]}'

        checked = measure(call)
        more = statistics.median(checked) - statistics.median(alone)
        print(f"the same with a token of {alg}: {shown(checked)}, {more:.0f} more")
    loop.close()


def app_with_clients() -> Any:
    public = [algorithm(alg).to_jwk(key.public_key(), as_dict=True) | {"kid": alg} for alg, key in PRIVATE.items()]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clients.yaml"
        path.write_text(json.dumps({"clients": [{"name": "EHR", "iss": ISS, "keys": public}]}))
        return create_app(Settings(clients=path, base_url=BASE), clock=lambda: NOW)


def algorithm(alg: str) -> Any:
    return jwt.PyJWS().get_algorithm_by_name(alg)


def tokens(alg: str) -> Iterator[bytes]:
    now = int(NOW.timestamp())
    claims = {"iss": ISS, "aud": f"{BASE}{SIGN}", "iat": now, "exp": now + 300}
    made = [
        jwt.encode(claims | {"jti": str(uuid.uuid4())}, PRIVATE[alg], alg, headers={"kid": alg}).encode()
        for _ in range(ROUNDS + WARM_UP)
    ]
    return iter(made)


if __name__ == "__main__":
    main()
