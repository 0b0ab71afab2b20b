"""Tokens over a socket: every claim below, at and beyond its boundary, and every way to be let in without a right."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.conftest import NOW
from tests.hooks.service import SELECT, SIGN, diagnostics, rules
from tests.trust.signing import BASE, DISCOVERY, ISS, SIGN_URL, bearer, claims, jwk, part, private, token
from tests.trust.trusted import MUTE, Trusted, of_second

T = int(NOW.timestamp())


def test_a_sound_token_is_let_in(trusted: Trusted) -> None:
    assert rules(trusted.sign())
    assert rules(trusted.sign(token(key=private("RSA"), alg="RS384", kid="rsa")))
    assert rules(trusted.sign(of_second()))


def test_the_scheme_may_be_written_in_any_case(trusted: Trusted) -> None:
    for scheme in ("bearer", "BEARER", "Bearer "):
        assert trusted.sign(authorization=f"{scheme} {token()}").status_code == 200


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"exp": T + 1}, ""),
        ({"exp": T}, "expired"),
        ({"exp": T - 1, "iat": T - 300}, "expired"),
        ({"exp": T + 0.5}, ""),
        ({"iat": T + 60, "exp": T + 300}, ""),
        ({"iat": T + 61, "exp": T + 300}, "not valid yet"),
        ({"iat": T - 3000, "exp": T + 599}, ""),
        ({"iat": T - 3000, "exp": T + 600}, ""),
        ({"iat": T - 3000, "exp": T + 601}, "lifetime"),
        ({"iat": T, "exp": T + 3600}, ""),
        ({"iat": T, "exp": T + 3601}, "lifetime"),
        ({"iat": T + 50, "exp": T + 40}, "lifetime"),
        ({"iat": 0, "exp": 1e308}, "lifetime"),
        ({"iat": -(2**62), "exp": 2**62}, "lifetime"),
        ({"nbf": T + 60}, ""),
        ({"nbf": T + 61}, "not valid yet"),
        ({"nbf": "soon"}, "malformed token"),
    ],
)
def test_times(trusted: Trusted, changes: dict[str, Any], reason: str) -> None:
    made = token(claims(**changes))
    if reason:
        assert trusted.refused(made) == reason
    else:
        assert trusted.sign(made).status_code == 200


@pytest.mark.parametrize("name", ["iss", "aud", "exp", "iat", "jti"])
@pytest.mark.parametrize("value", [None, "", [], {}, True, False, float("nan"), float("inf"), [1], "x" * 500, 2**70])
def test_a_claim_that_is_missing_or_of_another_type(trusted: Trusted, name: str, value: Any) -> None:
    if name == "jti" and value == "x" * 500:
        return
    assert trusted.refused(token(claims(**{name: value}))) in (
        *("malformed token", "unknown issuer", "another audience", "lifetime", "not valid yet"),
    )


@pytest.mark.parametrize(
    "audience",
    [
        f"{SIGN_URL}/",
        SIGN_URL.replace("https", "HTTPS"),
        SIGN_URL.replace("ivig-order", "IVIG-order"),
        SIGN_URL.replace("cds.example", "CDS.example"),
        SIGN_URL.replace("cds.example", "cds.example:443"),
        f"{SIGN_URL}?x=1",
        f"{SIGN_URL}/feedback",
        f"{DISCOVERY}/ivig-order-select",
        DISCOVERY,
        BASE,
        f" {SIGN_URL}",
        [],
        [DISCOVERY],
        [SIGN_URL, 5],
        {SIGN_URL: SIGN_URL},
    ],
)
def test_the_audience_is_exact(trusted: Trusted, audience: Any) -> None:
    assert trusted.refused(token(claims(audience))) in ("another audience", "malformed token")


def test_the_audience_may_be_one_of_several(trusted: Trusted) -> None:
    assert trusted.sign(token(claims([DISCOVERY, SIGN_URL]))).status_code == 200


def test_the_host_header_is_no_audience(trusted: Trusted) -> None:
    asked = token(claims(f"https://evil.example/ivig{SIGN}"))
    answer = trusted.sign(asked, host="evil.example", **{"x-forwarded-host": "evil.example"})
    assert answer.status_code == 401


def test_a_token_is_used_once_on_whatever_endpoint(trusted: Trusted) -> None:
    content = claims([SIGN_URL, f"{DISCOVERY}/ivig-order-select", DISCOVERY])
    assert trusted.sign(token(content)).status_code == 200
    assert trusted.refused(token(content)) == "replayed"
    assert trusted.http.get("/cds-services", headers=bearer(token(content))).content == MUTE
    assert trusted.sign(token(content), path=SELECT).content == MUTE
    assert trusted.refused(token(content | {"exp": content["exp"] + 1})) == "replayed"


def test_only_a_token_that_was_let_in_counts_as_used(trusted: Trusted) -> None:
    content = claims()
    stranger = private("P-384", "stranger")
    assert trusted.refused(token(content, key=stranger)) == "signature"
    assert trusted.refused(token(content | {"aud": DISCOVERY})) == "another audience"
    assert trusted.sign(token(content)).status_code == 200


def test_the_same_jti_of_two_clients_are_two(trusted: Trusted) -> None:
    assert trusted.sign(token(claims(jti="one"))).status_code == 200
    assert trusted.sign(of_second(jti="one")).status_code == 200


@pytest.mark.parametrize("tenant", ["north", "south"])
def test_a_tenant_that_the_client_serves(trusted: Trusted, tenant: str) -> None:
    assert trusted.sign(of_second(tenant=tenant)).status_code == 200


@pytest.mark.parametrize("tenant", [None, "North", "north ", "east"])
def test_another_tenant_is_403(trusted: Trusted, tenant: str | None) -> None:
    said = diagnostics(trusted.sign(of_second(tenant=tenant)), 403)
    assert said == "calls for the tenant of this token are not let in"


def test_a_tenant_is_not_told_before_the_signature(trusted: Trusted) -> None:
    made = of_second(tenant="east")
    assert trusted.refused(made[:-8] + ("AAAAAAAA" if made[-8:] != "AAAAAAAA" else "BBBBBBBB")) == "signature"


def test_any_tenant_where_none_are_listed(trusted: Trusted) -> None:
    assert trusted.sign(token(claims(tenant="anywhere"))).status_code == 200


def test_another_service_is_403_and_not_in_discovery(trusted: Trusted) -> None:
    made = of_second(aud=f"{DISCOVERY}/ivig-order-select")
    assert "may not call this service" in diagnostics(trusted.sign(made, path=SELECT), 403)
    found = trusted.http.get("/cds-services", headers=bearer(of_second(aud=DISCOVERY))).json()["services"]
    assert [one["id"] for one in found] == ["ivig-order-sign"]
    every = trusted.http.get("/cds-services", headers=bearer(token(claims(DISCOVERY)))).json()["services"]
    assert len(every) == 3


def test_a_service_that_does_not_exist_is_404_to_a_client_alone(trusted: Trusted) -> None:
    made = token(claims(f"{DISCOVERY}/nobody"))
    assert "no CDS service" in diagnostics(trusted.sign(made, path="/cds-services/nobody"), 404)
    assert trusted.http.post("/cds-services/nobody", json={}).content == MUTE


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ({"alg": "ES384", "key": private("P-384", "stranger")}, "signature"),
        ({"alg": "RS384", "key": private("RSA"), "kid": "ec"}, "unknown key"),
        ({"alg": "RS384", "key": private("RSA", "stranger"), "kid": "rsa"}, "signature"),
        ({"alg": "PS384", "key": private("RSA"), "kid": "rsa"}, "algorithm"),
        ({"alg": "RS256", "key": private("RSA"), "kid": "rsa"}, "algorithm"),
        ({"alg": "ES256", "key": private("P-256", "second"), "kid": "ec256"}, "algorithm"),
        ({"kid": "unknown"}, "unknown key"),
        ({"kid": None}, "malformed token"),
        ({"kid": ""}, "malformed token"),
        ({"kid": 7}, "malformed token"),
        ({"kid": ["ec"]}, "malformed token"),
        ({"typ": "at+jwt"}, "malformed token"),
        ({"typ": 5}, "malformed token"),
        ({"crit": ["b64"], "b64": False}, "malformed token"),
        ({"crit": []}, "malformed token"),
        ({"crit": ["x"], "x": 1}, "malformed token"),
        ({"b64": True}, "malformed token"),
        ({"jku": "https://evil.example/jwks.json"}, "jku not listed"),
        ({"jku": ["https://evil.example"]}, "malformed token"),
    ],
)
def test_headers(trusted: Trusted, header: dict[str, Any], reason: str) -> None:
    assert trusted.refused(token(**header)) == reason


@pytest.mark.parametrize("header", [{"typ": None}, {"typ": "jwt"}, {"cty": "x", "unknown": {"a": [1]}}])
def test_headers_that_do_no_harm(trusted: Trusted, header: dict[str, Any]) -> None:
    assert trusted.sign(token(**header)).status_code == 200


def test_a_key_that_comes_with_the_token_is_not_looked_at(trusted: Trusted) -> None:
    stranger = private("P-384", "stranger")
    for header in ({"jwk": jwk(stranger, "ec")}, {"x5u": "https://evil.example/x.pem"}, {"x5c": ["AAAA"]}):
        assert trusted.refused(token(key=stranger, **header)) == "signature"
        assert trusted.sign(token(**header)).status_code == 200


def test_no_key_signs_symmetrically(trusted: Trusted) -> None:
    """What every client may read, the public key, must not do as a secret."""
    import hashlib
    import hmac

    for kind, kid in (("P-384", "ec"), ("RSA", "rsa")):
        shown = private(kind).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        for secret in (shown, shown.strip(), b"", kid.encode()):
            signed = f"{part({'alg': 'HS256', 'typ': 'JWT', 'kid': kid})}.{part(claims())}"
            signature = hmac.new(secret, signed.encode(), hashlib.sha256).digest()
            assert trusted.refused(f"{signed}.{part(signature)}") == "algorithm"


def test_signatures_that_are_none(trusted: Trusted) -> None:
    made = token()
    signed = made.rpartition(".")[0]
    for signature in (part(b"\0" * 96), part(b"\xff" * 96), part(b"x"), part(b"\0" * 95), part(b"\0" * 5000)):
        assert trusted.refused(f"{signed}.{signature}") == "signature"
    for spoilt in (signed, f"{signed}.", f"{made}.{part(b'x')}", f".{made}", f"{made}="):
        assert trusted.refused(spoilt) == "malformed token"


def test_what_is_signed_is_what_counts(trusted: Trusted) -> None:
    head, body, signature = token(claims(iss=ISS)).split(".")
    assert trusted.refused(f"{head}.{part(claims(tenant='another'))}.{signature}") == "signature"
    assert trusted.refused(f"{part({'alg': 'ES384', 'kid': 'ec'})}.{body}.{signature}") == "signature"
