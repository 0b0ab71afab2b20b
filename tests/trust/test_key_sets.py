"""Key sets over real sockets: fetched when needed, never too often, and never from where they should not be."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections import Counter
from collections.abc import Iterator
from functools import partial

import pytest

from cds.addresses import url_fault
from cds.trust.fetching import LARGEST, NotFetched, fetch_keys
from cds.trust.key_sets import COOL_DOWN, FRESH, STALE, KeySets
from cds.trust.keys import Key
from tests.support.waiting import awaited
from tests.trust.key_server import KeyServer, key_server, until
from tests.trust.signing import jwk, private


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def server() -> Iterator[KeyServer]:
    with key_server() as running:
        running.keys = [jwk(private("P-384"), "old")]
        yield running


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def counted() -> Counter[str]:
    return Counter()


@pytest.fixture
def deadline() -> float:
    """Longer than any server takes that is not made to be slow."""
    return 20.0


@pytest.fixture
def sets(clock: Clock, counted: Counter[str], deadline: float) -> KeySets:
    fetch = partial(fetch_keys, deadline=deadline)
    return KeySets(lambda outcome: counted.update([outcome]), fetch=fetch, monotonic=clock)


def found(sets: KeySets, server: KeyServer, kid: str = "old", alg: str = "ES384") -> bool:
    return awaited(sets.find(server.jwks, kid, alg)) is not None


def failure(sets: KeySets, server: KeyServer, kid: str = "old") -> str:
    with pytest.raises(NotFetched) as raised:
        found(sets, server, kid)
    return raised.value.failure


def test_a_set_is_fetched_once_and_kept(sets: KeySets, server: KeyServer, clock: Clock) -> None:
    for _ in range(3):
        assert found(sets, server)
    assert len(server.asked) == 1
    clock.now += FRESH - 1
    assert found(sets, server)
    assert len(server.asked) == 1
    clock.now += 1
    assert found(sets, server)
    assert len(server.asked) == 2


def test_a_new_key_is_looked_for_at_once_but_not_again_and_again(
    sets: KeySets, server: KeyServer, clock: Clock
) -> None:
    assert found(sets, server)
    clock.now += COOL_DOWN
    server.keys.append(jwk(private("P-384", "next"), "new"))
    assert found(sets, server, "new")
    assert len(server.asked) == 2
    for _ in range(20):
        assert not found(sets, server, "made up")
    assert len(server.asked) == 2
    clock.now += COOL_DOWN - 0.1
    assert not found(sets, server, "made up")
    assert len(server.asked) == 2
    clock.now += 0.1
    assert not found(sets, server, "made up")
    assert len(server.asked) == 3


def test_a_key_that_was_taken_back_counts_no_longer_than_a_set_is_fresh(
    sets: KeySets, server: KeyServer, clock: Clock
) -> None:
    assert found(sets, server)
    server.keys = [jwk(private("P-384", "next"), "new")]
    clock.now += FRESH
    assert not found(sets, server)


def test_a_key_is_found_for_its_own_algorithms_alone(sets: KeySets, server: KeyServer) -> None:
    server.keys = [jwk(private("RSA"), "old"), jwk(private("P-256"), "two"), jwk(private("RSA"), "pss", alg="PS384")]
    assert found(sets, server, alg="RS384")
    assert found(sets, server, alg="PS256")
    assert not found(sets, server, alg="ES384")
    assert found(sets, server, "two", alg="ES256")
    assert found(sets, server, "pss", alg="PS384")
    assert not found(sets, server, "pss", alg="RS384")


@pytest.mark.parametrize(
    ("mode", "expected", "deadline"),
    [
        ("failing", "status", 20),
        ("redirecting", "status", 20),
        ("cut off", "unreachable", 20),
        ("hanging", "timeout", 0.5),
        ("dripping", "timeout", 0.5),
        ("huge", "too large", 20),
        ("zipped", "not a key set", 20),
        ("no json", "not a key set", 20),
        ("no set", "not a key set", 20),
        ("a list", "not a key set", 20),
    ],
)
def test_a_server_that_fails(
    sets: KeySets,
    server: KeyServer,
    clock: Clock,
    counted: Counter[str],
    caplog: pytest.LogCaptureFixture,
    mode: str,
    expected: str,
    deadline: float,
) -> None:
    server.mode = mode
    with caplog.at_level(logging.DEBUG, "ivig_cds"):
        for _ in range(3):
            assert failure(sets, server) == expected
    assert server.asked in (["/jwks.json"], []), "it is asked once at most, and a redirect is not followed"
    assert counted == {expected: 1}
    assert caplog.messages == [f"the key set {server.jwks} was not fetched: {expected}"]
    clock.now += COOL_DOWN
    server.mode = "sound"
    server.open.set()
    if deadline > 1:
        assert found(sets, server)


def test_the_largest_set_that_is_read(sets: KeySets, server: KeyServer, clock: Clock) -> None:
    def of(size: int) -> None:
        server.keys = [jwk(private("P-384"), "old"), {"filling": ""}]
        server.keys[1]["filling"] = "x" * (size - len(server.body()))
        assert len(server.body()) == size

    of(LARGEST)
    assert found(sets, server)
    of(LARGEST + 1)
    clock.now += FRESH
    assert found(sets, server), "the last set counts on"
    assert failure(sets, server, "another") == "too large"


def test_nobody_listens(sets: KeySets) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}/"
    with pytest.raises(NotFetched, match="unreachable"):
        awaited(sets.find(url, "old", "ES384"))


@pytest.mark.parametrize("host", ["[v1.x]", "xn--", "a..b", "a" * 300])
def test_a_host_that_there_cannot_be(sets: KeySets, host: str) -> None:
    assert url_fault(f"https://{host}/", "document") == ""
    with pytest.raises(NotFetched, match="unreachable"):
        awaited(sets.find(f"https://{host}/", "old", "ES384"))


def test_the_last_set_outlives_its_server_for_a_day_and_no_call_waits_for_it(
    sets: KeySets, server: KeyServer, clock: Clock, counted: Counter[str]
) -> None:
    assert found(sets, server)
    server.mode = "failing"
    clock.now += FRESH
    assert found(sets, server)
    server.mode = "hanging"
    clock.now += COOL_DOWN

    async def meanwhile() -> None:
        assert await sets.find(server.jwks, "old", "ES384")
        assert not server.open.is_set(), "the answer came while the server was still silent"
        server.mode = "failing"
        server.open.set()
        await asyncio.to_thread(until, lambda: counted == {"fetched": 1, "status": 2})

    awaited(meanwhile())
    clock.now = 1000.0 + STALE - 0.1
    assert found(sets, server)
    clock.now += COOL_DOWN
    assert failure(sets, server) == "status"


def test_whoever_comes_meanwhile_waits_for_the_same_attempt(sets: KeySets, server: KeyServer) -> None:
    server.mode = "hanging"

    async def many() -> list[Key | None]:
        asking = [asyncio.create_task(sets.find(server.jwks, "old", "ES384")) for _ in range(20)]
        await asyncio.to_thread(until, lambda: server.asked)
        server.open.set()
        return await asyncio.gather(*asking)

    assert all(awaited(many()))
    assert len(server.asked) == 1


def test_a_caller_who_leaves_does_not_end_the_attempt_of_the_others(sets: KeySets, server: KeyServer) -> None:
    server.mode = "hanging"

    async def two() -> Key | None:
        leaving = asyncio.create_task(sets.find(server.jwks, "old", "ES384"))
        staying = asyncio.create_task(sets.find(server.jwks, "old", "ES384"))
        await asyncio.to_thread(until, lambda: server.asked)
        leaving.cancel()
        server.open.set()
        return await staying

    assert awaited(two())
    assert len(server.asked) == 1


def test_what_cannot_be_used_in_a_set_is_left_out(
    sets: KeySets, server: KeyServer, caplog: pytest.LogCaptureFixture
) -> None:
    sound = jwk(private("P-384"), "old")
    server.keys = [
        *(None, 5, "x", [], {}, {"kty": "oct", "k": "AAAA", "kid": "old"}, {"kty": "OKP", "crv": "Ed25519"}),
        *(sound | {"x": 5}, sound | {"x": "\u00e9"}, sound | {"x": "A" * 2000}, sound | {"y": sound["x"]}),
        *(sound | {"kid": ["a"]}, sound | {"crv": {}}, sound | {"alg": []}, sound | {"key_ops": "verify"}),
        *(jwk(private("P-384"), "old", whole=True), {"kty": "RSA", "n": "AQAB", "e": "AQAB", "kid": "old"}),
        *({"kty": "RSA", "n": "", "e": "", "kid": "old"}, {"kty": ["RSA"], "kid": "old"}),
        sound,
        jwk(private("P-384", "second"), "old"),
    ]
    key = awaited(sets.find(server.jwks, "old", "ES384"))
    assert key is not None
    assert key.public == private("P-384").public_key(), "the first of two that are named alike"
    assert caplog.messages == [f"the key set {server.jwks} has keys that cannot be used: {len(server.keys) - 2}"]


def test_it_is_asked_without_proxies_cookies_or_a_token(
    sets: KeySets, server: KeyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert found(sets, server)
    assert not server.headers[0].keys() & {"authorization", "cookie", "referer", "origin"}
