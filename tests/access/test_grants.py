"""Whom a call may have asked: a listed server, for this patient, in time; and what is said where nothing is asked."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from cds import create_app
from cds.access.grant import Grant, granted, is_id
from cds.case import Access
from cds.servers import Server
from cds.settings import Settings
from tests.access.calling import AUTHORIZATION, LONG, OTHER_DRUG, asking, cards, not_checked, ordered, rules, service_of
from tests.conftest import NOW, serving
from tests.fhir_server import FhirServer
from tests.hooks.calls import call, order
from tests.trust.signing import BASE, bearer, token
from tests.trust.trusted import client as trusted
from tests.trust.trusted import written

LISTED = (Server.read("https://ehr.example/fhir"),)
UNLISTED = "the FHIR server of this call is not one that this service may ask"


def test_a_server_that_is_not_listed_is_never_contacted(fhir: FhirServer) -> None:
    with service_of(fhir.url.replace("/fhir", "/other")) as client, service_of() as nowhere:
        for one in (client, nowhere):
            found = cards(one, asking(fhir, "order-sign", ordered()))
            assert f"Conditions could not be read (not sent, and {UNLISTED})" in not_checked(found)
            assert fhir.url not in str(found)
    assert not fhir.asked


@pytest.mark.parametrize(("path", "asked"), [("/fhir", True), ("/fhir/other", False)])
def test_a_client_may_have_only_its_own_servers_asked(fhir: FhirServer, tmp_path: Path, path: str, asked: bool) -> None:
    own = written(tmp_path, [trusted(fhir_servers=[fhir.url.removesuffix("/fhir") + path])])
    settings = Settings(clients=own, base_url=BASE, fhir_servers=(Server.read(fhir.url),), fetch_ms=LONG)
    with serving(create_app(settings, clock=lambda: NOW)) as client:
        content = asking(fhir, "order-sign", ordered())
        answer = client.post("/cds-services/ivig-order-sign", json=content, headers=bearer(token()))
    assert answer.status_code == 200
    assert bool(fhir.asked) is asked
    assert (UNLISTED in answer.text) is not asked


def test_every_question_carries_the_token(client: httpx.Client, fhir: FhirServer) -> None:
    assert "renal.sucrose-at-risk" in rules(cards(client, asking(fhir, "order-sign", ordered())))
    assert {one.authorization for one in fhir.asked} == {f"Bearer {AUTHORIZATION['access_token']}"}


def test_an_open_server_is_asked_without_one(client: httpx.Client, fhir: FhirServer) -> None:
    fhir.token = None
    content = asking(fhir, "order-sign", ordered())
    del content["fhirAuthorization"]
    assert "renal.sucrose-at-risk" in rules(cards(client, content))
    assert {one.authorization for one in fhir.asked} == {""}


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"expires_in": 0}, "the access to the FHIR server had expired"),
        ({"expires_in": -1}, "the access to the FHIR server had expired"),
        ({"patient": "p2"}, "the access to the FHIR server is for another patient"),
        ({"access_token": "a b"}, "the access token cannot be used"),
        ({"access_token": "a\r\nx-evil: 1"}, "the access token cannot be used"),
        ({"access_token": "tökén"}, "the access token cannot be used"),
    ],
)
def test_a_token_that_may_not_be_used(
    client: httpx.Client, fhir: FhirServer, changes: dict[str, object], why: str
) -> None:
    found = cards(client, asking(fhir, "order-sign", ordered(), fhirAuthorization=AUTHORIZATION | changes))
    assert f"Conditions could not be read (not sent, and {why})" in not_checked(found)
    assert not fhir.asked


@pytest.mark.parametrize("changes", [{"expires_in": 1}, {"patient": "p1"}, {"patient": "Patient/p1"}])
def test_a_token_that_may(client: httpx.Client, fhir: FhirServer, changes: dict[str, object]) -> None:
    assert not not_checked(
        cards(client, asking(fhir, "order-sign", ordered(), fhirAuthorization=AUTHORIZATION | changes))
    )
    assert fhir.asked


@pytest.mark.parametrize(
    ("server", "asked"),
    [
        ("https://EHR.example:443/fhir/", True),
        ("https://ehr.example/fhir/tenant", True),
        ("https://ehr.example/fhir2", False),
        ("http://ehr.example/fhir", False),
        ("https://ehr.example/fhir/../x", False),
        ("https://ehr.example@evil.example/fhir", False),
        ("https://evil.example/https://ehr.example/fhir", False),
    ],
)
def test_which_server_is_the_listed_one(server: str, asked: bool) -> None:
    grant = granted(Access(server), "p1", LISTED)
    assert isinstance(grant, Grant) is asked
    assert asked or grant == UNLISTED
    assert granted(Access(server), "p1", ()) == UNLISTED


@pytest.mark.parametrize("id_", ["p1", "A-b.9", "x" * 256, "1_2~3:4@5=6+7"])
def test_ids_that_can_be_asked_for(id_: str) -> None:
    assert is_id(id_)
    assert isinstance(granted(Access("https://ehr.example/fhir"), id_, LISTED), Grant)


@pytest.mark.parametrize(
    "id_", ["", ".", "..", "a,b", "a|b", "a/b", "a?b", "a&b", "a#b", "a%62", "a b", "a\\b", "$x", "é", "x" * 257, "a\n"]
)
def test_ids_that_would_ask_for_something_else(id_: str) -> None:
    assert not is_id(id_)
    assert granted(Access("https://ehr.example/fhir"), id_, LISTED) == "the id of the patient cannot be asked for"


def test_a_token_never_shows() -> None:
    grant = granted(Access("https://ehr.example/fhir", "hidden"), "p1", LISTED)
    assert isinstance(grant, Grant)
    assert grant.token == "hidden"
    assert "hidden" not in repr(grant)


def test_calls_about_other_drugs_ask_nothing(client: httpx.Client, fhir: FhirServer) -> None:
    assert cards(client, asking(fhir, "order-sign", order(**OTHER_DRUG))) == []
    assert cards(client, asking(fhir, "order-select", order(**OTHER_DRUG))) == []
    assert not fhir.asked


def test_what_was_sent_is_not_asked_for(client: httpx.Client, fhir: FhirServer) -> None:
    failed = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "timeout"}]}
    content = asking(fhir, "order-sign", ordered())
    content["prefetch"] = call()["prefetch"] | {"conditions": failed, "allergies": {"resourceType": "Bundle"}}
    found = cards(client, content)
    assert "Conditions could not be read (the search failed (timeout))" in not_checked(found)
    assert not fhir.asked
