"""What a caller without a valid token learns: that it is not let in. Bytes, headers and work are the same for all."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cds.trust import keys
from tests.hooks.service import SIGN
from tests.trust.signing import DISCOVERY, bearer, claims, part, private, token
from tests.trust.trusted import MUTE, Trusted, of_second

STRANGER = private("P-384", "stranger")

REFUSED: dict[str, Callable[[], str]] = {
    "unknown issuer": lambda: token(claims(iss="https://nobody.example")),
    "algorithm": lambda: token(key=private("P-521"), alg="ES512"),
    "another audience": lambda: token(claims(DISCOVERY)),
    "expired": lambda: token(claims(exp=5)),
    "not valid yet": lambda: token(claims(nbf=2**40)),
    "lifetime": lambda: token(claims(iat=5)),
    "unknown key": lambda: token(kid="unknown"),
    "jku not listed": lambda: token(jku="https://evil.example/"),
    "signature": lambda: token(key=STRANGER),
    "replayed": lambda: token(claims(jti="again and again")),
}
"""A token for each reason that a stranger could tell apart, if the answers told them apart."""

UNREAD = ("x", "a.b", "a.b.c", "....", part({"alg": "none"}) + ".e30.", f"{part({'alg': 'HS384'})}.e30.AAAA")


def seen(trusted: Trusted, authorization: str | None) -> tuple[object, ...]:
    headers = {} if authorization is None else {"authorization": authorization}
    answer = trusted.http.post(SIGN, json=trusted.body, headers={"x-request-id": "r", **headers})
    return answer.status_code, answer.content, {**answer.headers, "date": ""}


def test_every_refusal_looks_alike(trusted: Trusted) -> None:
    trusted.sign(REFUSED["replayed"]())
    every = [*(f"Bearer {make()}" for make in REFUSED.values()), *(f"Bearer {word}" for word in UNREAD)]
    every += ["Basic YTpi", "Bearer", "Digest x"]
    first = seen(trusted, None)
    assert first[:2] == (401, MUTE)
    headers = first[2]
    assert isinstance(headers, dict)
    assert headers["www-authenticate"] == "Bearer"
    assert headers["content-type"] == "application/fhir+json"
    for one in every:
        assert seen(trusted, one) == first, one


def test_every_refusal_of_a_token_that_could_be_read_costs_one_check_of_a_signature(
    trusted: Trusted, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []
    real = keys._verify

    def counting(alg: str, public: keys.Public, content: bytes, signature: bytes) -> bool:
        checked.append(alg)
        return real(alg, public, content, signature)

    trusted.sign(REFUSED["replayed"]())
    monkeypatch.setattr(keys, "_verify", counting)
    for reason, make in REFUSED.items():
        checked.clear()
        assert trusted.refused(make()) == reason
        assert len(checked) == 1, reason


def test_nobodys_key_lets_nobody_in(trusted: Trusted) -> None:
    """The key that spends time is known to all: a signature with it must count for nothing."""
    from cryptography.hazmat.primitives.asymmetric import ec

    nobody = ec.derive_private_key(1, ec.SECP384R1())
    for content in (claims(), claims(iss="https://nobody.example")):
        for kid in ("ec", "unknown"):
            assert trusted.refused(token(content, key=nobody, kid=kid)) in (
                "signature",
                "unknown key",
                "unknown issuer",
            )


def test_reasons_are_counted_by_client(trusted: Trusted) -> None:
    def count(name: str, outcome: str) -> float:
        return trusted.counts().get((name, outcome), 0)

    for make, name, outcome in (
        (token, "General Hospital", "admitted"),
        (of_second, "Second", "admitted"),
        (REFUSED["signature"], "General Hospital", "signature"),
        (REFUSED["unknown issuer"], "", "unknown issuer"),
        (lambda: of_second(tenant="x"), "Second", "tenant"),
        (lambda: "nothing", "", "malformed token"),
    ):
        before = count(name, outcome)
        trusted.sign(make())
        assert count(name, outcome) == before + 1, outcome


def test_the_probes_the_metrics_and_the_rules_stay_open(trusted: Trusted) -> None:
    for path in ("/health", "/ready", "/metrics", "/rules/"):
        assert trusted.http.get(path).status_code == 200


def test_a_refused_call_is_not_read(trusted: Trusted) -> None:
    """A body that would be 413 or 400 is neither where nobody is known to send it."""
    for body in (b" " * 200_001, b"{"):
        answer = trusted.http.post(SIGN, content=body, headers={"content-type": "application/json"})
        assert answer.content == MUTE
    assert trusted.http.post(SIGN, content=b"{", headers=bearer(token())).status_code == 400
