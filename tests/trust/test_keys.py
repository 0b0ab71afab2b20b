"""Which JWKs are usable, and that a key checks nothing but what it is for."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from typing import Any

import pytest
from jwt import PyJWS

from cds.trust.keys import KINDS, Keys, Unusable, read_key
from tests.trust.signing import jwk, private


def number(value: int) -> str:
    return urlsafe_b64encode(value.to_bytes((value.bit_length() + 7) // 8, "big")).rstrip(b"=").decode()


def rsa(bits: int, exponent: int = 65537) -> dict[str, Any]:
    return {"kty": "RSA", "kid": "a", "n": number(2 ** (bits - 1) + 1), "e": number(exponent)}


def reason(content: dict[str, Any]) -> str:
    try:
        read_key(content)
    except Unusable as unusable:
        return str(unusable)
    return ""


@pytest.mark.parametrize(
    ("bits", "usable"), [(2047, False), (2048, True), (3072, True), (8192, True), (8193, False), (16384, False)]
)
def test_the_size_of_an_rsa_key(bits: int, usable: bool) -> None:
    assert bool(reason(rsa(bits))) != usable


@pytest.mark.parametrize(
    ("exponent", "usable"), [(1, False), (2, False), (3, True), (2**64 - 1, True), (2**64 + 1, False)]
)
def test_the_exponent_of_an_rsa_key(exponent: int, usable: bool) -> None:
    assert bool(reason(rsa(2048, exponent))) != usable


@pytest.mark.parametrize("name", ["n", "e"])
@pytest.mark.parametrize("value", ["", "A" * 100_000, "_" * 100_000, "é", " ", None, 5, ["AQAB"], {}, True])
def test_numbers_that_are_none(name: str, value: Any) -> None:
    assert reason(rsa(2048) | {name: value})


@pytest.mark.parametrize("alg", KINDS)
def test_a_key_checks_what_its_owner_signed_and_nothing_else(alg: str) -> None:
    kind = KINDS[alg]
    key = read_key(jwk(private(kind), "a"))
    signature = PyJWS().get_algorithm_by_name(alg).sign(b"content", private(kind))
    assert key.signed(b"content", signature, alg)
    assert not key.signed(b"other", signature, alg)
    assert not key.signed(b"content", signature[:-1], alg)
    assert not key.signed(b"content", b"", alg)
    for other in KINDS:
        assert key.signed(b"content", signature, other) == (other == alg)


def test_a_key_for_one_algorithm_is_for_no_other_of_its_kind() -> None:
    key = read_key(jwk(private("RSA"), "a", alg="PS384"))
    signature = PyJWS().get_algorithm_by_name("RS384").sign(b"content", private("RSA"))
    assert not key.signed(b"content", signature, "RS384")
    assert Keys([key]).find("a", "RS384") is None
    assert Keys([key]).find("a", "PS384") is key


def test_keys_of_one_id_are_told_apart_by_kind_and_the_first_counts() -> None:
    first, second, other = (read_key(jwk(private(*kind), "a")) for kind in (("P-384",), ("P-384", "x"), ("RSA",)))
    keys = Keys([first, second, other])
    assert keys.find("a", "ES384") is first
    assert keys.find("a", "RS384") is other
    assert keys.find("a", "ES256") is None
    assert keys.find("b", "ES384") is None


def test_a_key_does_not_show_itself() -> None:
    assert "public" not in repr(read_key(jwk(private("P-384"), "a")))
