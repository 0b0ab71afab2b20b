"""S1-S7 of the compliance checklist, over sockets, with real keys and a real server of key sets."""

from __future__ import annotations

import hashlib
import hmac
import logging
from collections.abc import Callable, Iterator

import httpx
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.hooks.service import SELECT, SIGN, diagnostics, rules
from tests.trust.key_server import key_server
from tests.trust.signing import DISCOVERY, SIGN_URL, bearer, claims, jwk, part, private, token
from tests.trust.trusted import MUTE, ORIGIN, Trusted, of_published, of_second, trusting


@pytest.fixture(scope="module")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trusted]:
    with trusting(tmp_path_factory.mktemp("clients")) as service:
        yield service


Send = Callable[[Trusted, dict[str, str]], httpx.Response]
ENDPOINTS: dict[str, Send] = {
    DISCOVERY: lambda trusted, headers: trusted.http.get("/cds-services", headers=headers),
    SIGN_URL: lambda trusted, headers: trusted.http.post(SIGN, json=trusted.body, headers=headers),
}


@pytest.mark.parametrize(
    "alg", ["none", "None", "NONE", "nOnE", " none", "", "HS256", "HS384", "HS512", "hs256", "EdDSA"]
)
def test_S1_none_and_symmetric_algorithms_are_rejected(trusted: Trusted, alg: str) -> None:
    for kid, kind in (("ec", "P-384"), ("rsa", "RSA")):
        public = private(kind).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        signed = f"{part({'alg': alg, 'typ': 'JWT', 'kid': kid})}.{part(claims())}"
        digest = {"256": hashlib.sha256, "384": hashlib.sha384}.get(alg[-3:], hashlib.sha512)
        for signature in ("", part(hmac.new(public, signed.encode(), digest).digest()), token().split(".")[2]):
            assert trusted.sign(f"{signed}.{signature}").content == MUTE


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_S2_the_audience_is_exactly_the_endpoint_as_a_string_or_in_an_array(trusted: Trusted, endpoint: str) -> None:
    send = ENDPOINTS[endpoint]
    for audience in (endpoint, [endpoint], ["https://other.example", endpoint]):
        assert send(trusted, bearer(token(claims(audience)))).status_code == 200
    others = [other for other in ENDPOINTS if other != endpoint]
    for audience in (f"{endpoint}/", endpoint.upper(), endpoint[:-1], others, [f"{endpoint}#"], [[endpoint]], None):
        assert send(trusted, bearer(token(claims(audience)))).content == MUTE, audience


def test_S3_a_jti_is_good_for_one_call(trusted: Trusted) -> None:
    content = claims([SIGN_URL, DISCOVERY, f"{DISCOVERY}/ivig-order-select"])
    assert rules(trusted.sign(token(content)))
    for path in (SIGN, SELECT):
        assert trusted.sign(token(content), path=path).content == MUTE
    assert trusted.http.get("/cds-services", headers=bearer(token(content))).content == MUTE


def test_S4_a_jku_that_is_not_listed_is_never_fetched(trusted: Trusted) -> None:
    with key_server() as evil:
        evil.keys = [jwk(private("P-384", "stranger"), "evil")]
        for iss in ("https://ehr.example", "https://published.example", "https://evil.example"):
            made = token(claims(iss=iss), key=private("P-384", "stranger"), kid="evil", jku=evil.jwks)
            assert trusted.sign(made).content == MUTE
        assert evil.asked == []
    assert rules(trusted.sign(of_published(jku=trusted.server.jwks)))
    assert trusted.server.asked == ["/jwks.json"]


def test_S5_401_does_not_say_why(trusted: Trusted) -> None:
    used = claims()
    trusted.sign(token(used))
    seen = set()
    for headers in (
        {},
        {"authorization": "Basic YTpi"},
        *map(bearer, ("x", token(claims(exp=5)), token(claims(iss="https://nobody.example")), token(used))),
        *map(bearer, (token(key=private("P-384", "stranger")), token(kid="x"), token(claims("x")))),
    ):
        answer = trusted.http.post(SIGN, json=trusted.body, headers={"x-request-id": "r", **headers})
        seen.add((answer.status_code, answer.content, answer.headers["www-authenticate"], len(answer.headers)))
    assert len(seen) == 1
    assert next(iter(seen))[:3] == (401, MUTE, "Bearer")


def test_S5_403_says_what_a_known_client_may_not_do(trusted: Trusted) -> None:
    assert "tenant" in diagnostics(trusted.sign(of_second(tenant="elsewhere")), 403)
    select = of_second(aud=f"{DISCOVERY}/ivig-order-select")
    assert "service" in diagnostics(trusted.sign(select, path=SELECT), 403)


@pytest.mark.parametrize("path", ["/cds-services", SIGN, f"{SIGN}/feedback"])
def test_S6_a_preflight_with_authorization_is_answered(trusted: Trusted, path: str) -> None:
    asked = {"access-control-request-method": "POST", "access-control-request-headers": "authorization,content-type"}
    answer = trusted.http.options(path, headers={"origin": ORIGIN, **asked})
    assert answer.is_success
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    allowed = answer.headers["access-control-allow-headers"].lower()
    assert all(word in allowed for word in ("authorization", "content-type", "accept"))
    refused = trusted.http.options(path, headers={"origin": "https://evil.example", **asked})
    assert "access-control-allow-origin" not in refused.headers


def test_S7_no_token_and_no_part_of_one_is_in_the_log(
    trusted: Trusted, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    access = "access-token-91b3e7"
    trusted.body["fhirServer"] = "https://fhir.example/r4"
    trusted.body["fhirAuthorization"] = {
        **{"access_token": access, "token_type": "Bearer", "expires_in": 300},
        **{"scope": "patient/*.read", "subject": "ivig"},
    }
    used = token()
    sent = [used, used, token(kid="x"), token(claims(exp=5)), token(key=private("P-384", "stranger"))]
    sent += [token(claims(iss="https://nobody.example")), token(jku="https://evil.example/"), token()[:-1]]
    sent += [of_second(tenant="elsewhere"), of_published("unknown"), token(claims(jti="jti\nforged line"))]
    sent += [token(claims(jti=token())), f"{token()}.x", part({"alg": "none"}) + ".e30."]
    with caplog.at_level(logging.DEBUG):
        trusted.server.mode = "failing"
        for one in sent:
            trusted.sign(one)
        trusted.http.get("/cds-services", headers=bearer(sent[0]))
    written = [record for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    written += [record for record in caplog.records if "/jwks.json" in record.getMessage()]
    ours = "\n".join(record.getMessage() for record in written) + "".join(capfd.readouterr())
    assert len([record for record in written if record.name == "ivig_cds.trust"]) > len(sent)
    for one in sent:
        for piece in (one, *one.split(".")):
            assert len(piece) < 6 or piece not in ours, piece
    assert access not in ours
    assert "forged line" not in ours
    assert "(not plain)" in ours
