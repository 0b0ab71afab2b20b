"""Clients that publish their keys, through the whole service: rotation, outage, and a jku that nobody listed."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hooks.service import rules
from tests.trust.key_server import KeyServer, key_server
from tests.trust.signing import claims, jwk, private, token
from tests.trust.trusted import PUBLISHED, TWO_SETS, Trusted, of_published, trusting


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Trusted]:
    """A service of its own, whose key sets nobody has asked for."""
    with trusting(tmp_path) as service:
        yield service


@pytest.fixture
def evil() -> Iterator[KeyServer]:
    with key_server() as running:
        running.keys = [jwk(private("P-384", "stranger"), "p1")]
        yield running


def test_a_client_is_known_by_its_key_set(fresh: Trusted) -> None:
    assert rules(fresh.sign(of_published()))
    assert rules(fresh.sign(of_published(jku=fresh.server.jwks)))
    assert rules(fresh.sign())
    assert fresh.server.asked == ["/jwks.json"]
    assert 'ivig_cds_key_set_fetches_total{outcome="fetched"} 1.0' in fresh.http.get("/metrics").text


def test_of_two_key_sets_the_one_that_the_token_names_is_asked(fresh: Trusted) -> None:
    def made(**header: str) -> str:
        return token(claims(iss=TWO_SETS), key=private("P-384", "published"), **{"kid": "p1"} | header)

    assert rules(fresh.sign(made(jku=f"{fresh.server.url}/second.json")))
    assert fresh.server.asked == ["/second.json"]
    assert fresh.refused(made(jku=fresh.server.jwks, kid="unknown")) == "unknown key"
    assert fresh.server.asked == ["/second.json", "/jwks.json"]
    assert rules(fresh.sign(made()))


def test_the_key_set_of_one_client_signs_for_no_other(fresh: Trusted) -> None:
    assert fresh.refused(token(claims(), key=private("P-384", "published"), kid="p1")) == "unknown key"
    assert fresh.refused(token(claims(iss=PUBLISHED))) == "unknown key"


def test_a_jku_that_is_not_listed_is_never_fetched(fresh: Trusted, evil: KeyServer) -> None:
    listed = fresh.server.jwks
    near = (f"{listed}/", f"{listed}?x", listed.replace("127.0.0.1", "localhost"), listed.replace("http", "HTTP"))
    for content in (claims(), claims(iss=PUBLISHED), claims(iss="https://nobody.example")):
        for url in (evil.jwks, evil.url, f"{evil.url}/", *near):
            made = token(content, key=private("P-384", "stranger"), kid="p1", jku=url)
            assert fresh.refused(made) in ("jku not listed", "unknown issuer")
    assert evil.asked == []
    assert fresh.server.asked == []


def test_a_listed_jku_that_leads_elsewhere_is_not_followed(fresh: Trusted) -> None:
    fresh.server.mode = "redirecting"
    assert fresh.refused(of_published()) == "key set not to be had"
    assert fresh.server.asked == ["/jwks.json"]


def test_nothing_is_fetched_for_a_token_that_is_wrong_anyway(fresh: Trusted) -> None:
    for content in (claims("x", iss=PUBLISHED), claims(iss=PUBLISHED, exp=5), claims(iss=PUBLISHED, jti=None)):
        fresh.refused(token(content, key=private("P-384", "published"), kid="p1"))
    assert fresh.server.asked == []


@pytest.mark.parametrize(("mode", "word"), [("failing", "status"), ("hanging", "timeout")])
def test_a_key_set_that_is_not_to_be_had_is_401_and_told_to_the_site(
    fresh: Trusted, caplog: pytest.LogCaptureFixture, mode: str, word: str
) -> None:
    fresh.server.mode = mode
    with caplog.at_level(logging.WARNING):
        assert fresh.refused(of_published()) == "key set not to be had"
        assert fresh.refused(of_published()) == "key set not to be had"
    assert fresh.server.asked == ["/jwks.json"]
    assert f'ivig_cds_key_set_fetches_total{{outcome="{word}"}} 1.0' in fresh.http.get("/metrics").text
    assert caplog.text.count("was not fetched") == 1
    assert rules(fresh.sign()), "other clients are not concerned"
