"""Tokens made to break things: of any size, any JSON in any member, any bytes. 401, and nothing else."""

from __future__ import annotations

import random
from typing import Any

import pytest

from cds.trust.token import LONGEST
from tests.hooks.service import SIGN
from tests.trust.signing import bearer, claims, part, private, token
from tests.trust.trusted import MUTE, Trusted

ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 0.5, 1e308, -1e308, 2**63, 2**200, float("nan"), float("inf"), "", " ", "\u0000"),
    *("\u202e", "é", "9" * 4000, "none", "ES384", "1e5", [], [[]], [None], ["x"] * 500, {}, {"a": {"b": []}}),
    *([claims()["aud"], None], "https://ehr.example\n", "'; DROP TABLE--", "../../etc/passwd", "%00"),
)


@pytest.mark.parametrize(
    "where", ["alg", "kid", "typ", "jku", "jwk", "x5c", "crit", "b64", "zip", "enc", "cty", "unknown"]
)
def test_any_value_in_any_member_of_the_header(trusted: Trusted, where: str) -> None:
    signed_with = {"alg": "ES384", "typ": "JWT", "kid": "ec"}
    for odd in ODD:
        _, body, signature = token().split(".")
        answer = trusted.sign(f"{part(signed_with | {where: odd})}.{body}.{signature}")
        assert answer.content == MUTE or signed_with.get(where) == odd, odd


@pytest.mark.parametrize("where", ["iss", "aud", "exp", "iat", "jti", "nbf", "tenant", "sub", "unknown"])
def test_any_value_in_any_claim_of_a_signed_token(trusted: Trusted, where: str) -> None:
    for odd in ODD:
        content = {**claims(), where: odd}
        answer = trusted.sign(token(content))
        assert answer.status_code in (200, 401), odd
        if answer.status_code == 200:
            assert where in ("aud", "jti", "nbf", "tenant", "sub", "unknown", "iat", "exp"), odd
        else:
            assert answer.content == MUTE


def test_any_bytes_in_any_part(trusted: Trusted) -> None:
    chance = random.Random("any bytes")
    bodies = [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"{}" * 50, b"[" * 3000, b'{"a":' * 1500, b"\x00" * 40]
    for _ in range(150):
        parts = token().split(".")
        for _ in range(chance.randint(1, 2)):
            at = chance.randrange(3)
            made = chance.choice(
                [*(part(body) for body in bodies), parts[at][1:], parts[at] * 2, "A", "é", "=", "a.b", ""]
            )
            parts[at] = made if chance.random() < 0.7 else "".join(chance.sample(parts[at], len(parts[at])))
        sent = ".".join(parts).encode("latin-1")
        answer = trusted.http.post(SIGN, json=trusted.body, headers={"authorization": b"Bearer " + sent})
        assert answer.content == MUTE, sent


@pytest.mark.parametrize(("length", "status"), [(LONGEST - 1, 200), (LONGEST, 200), (LONGEST + 1, 401)])
def test_the_longest_header_that_is_read(trusted: Trusted, length: int, status: int) -> None:
    made = token(claims(filling="x" * 5000))
    assert trusted.sign(authorization=f"Bearer{made:>{length - len('Bearer')}}").status_code == status


@pytest.mark.parametrize("size", [9_000, 60_000, 1_000_000])
def test_a_token_that_is_much_too_long(trusted: Trusted, size: int) -> None:
    for made in (token(kid="x" * size), token(claims(jti="x" * size)), "x" * size, "." * size, "a." * (size // 2)):
        answer = trusted.sign(authorization=f"Bearer {made}")
        assert answer.status_code in (400, 401, 431)
        assert "cards" not in answer.text


def test_two_tokens_are_none(trusted: Trusted) -> None:
    for second in (token(), token(key=private("P-384", "stranger")), "x"):
        headers = [("authorization", f"Bearer {token()}"), ("authorization", f"Bearer {second}")]
        assert trusted.http.post(SIGN, json=trusted.body, headers=headers).content == MUTE
    joined = {"authorization": f"Bearer {token()}, Bearer {token()}"}
    assert trusted.http.post(SIGN, json=trusted.body, headers=joined).content == MUTE


def test_a_token_elsewhere_than_in_its_header_is_none(trusted: Trusted) -> None:
    made = token()
    for elsewhere in ({"cookie": f"access_token={made}"}, {"x-authorization": f"Bearer {made}"}):
        assert trusted.http.post(SIGN, json=trusted.body, headers=elsewhere).content == MUTE
    assert trusted.http.post(f"{SIGN}?access_token={made}", json=trusted.body).content == MUTE
    assert trusted.http.post(SIGN, json=trusted.body, headers=bearer(made)).status_code == 200
