"""The clients file: everything wrong in it at once, each with its line, and nothing secret accepted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cds.errors import BookFault
from cds.hooks import SERVICES
from cds.settings import Settings
from cds.trust import configured_clients
from cds.trust.clients import Client, Clients
from cds.trust.clients_file import load_clients, read_clients
from tests.trust.signing import BASE, ISS, jwk, private
from tests.trust.trusted import client, written

EXAMPLE = Path(__file__).parents[2] / "fhir_fixtures" / "clients.yaml"


def read(folder: Path, text: str) -> tuple[Clients, list[str]]:
    """What the file says, and its faults as "line: what"."""
    path = folder / "clients.yaml"
    path.write_text(text, "utf-8")
    clients, faults = read_clients(path, SERVICES)
    assert all(fault.file == str(path) for fault in faults)
    return clients, [f"{fault.line}: {fault.what}" for fault in faults]


def one(folder: Path, **changes: Any) -> tuple[Client, list[str]]:
    """The same of a sound client with these members in place of its own."""
    path = written(folder, [client(**changes)])
    clients, faults = read_clients(path, SERVICES)
    return next(iter(clients.by_issuer.values())), [fault.what for fault in faults]


def test_the_documented_example_is_sound() -> None:
    clients = load_clients(EXAMPLE, SERVICES)
    assert clients.names == ("General Hospital", "Childrens Clinic", "CDS Hooks sandbox")
    general, clinic, sandbox = clients.by_issuer.values()
    assert general.keys.find("2026-11", "ES384")
    assert general.algorithms == {"ES384", "RS384"}
    assert general.services == set(SERVICES)
    assert general.tenants is None
    assert general.fhir_servers is None
    assert clinic.jku == ("https://ehr.clinic.example/.well-known/jwks.json",)
    assert clinic.services == {"ivig-order-sign"}
    assert clinic.tenants == {"ward-7", "ward-8"}
    assert [server.url for server in clinic.fhir_servers or ()] == ["https://fhir.clinic.example/r4"]
    assert clients.origins == {"https://ehr.clinic.example", "https://sandbox.cds-hooks.org"}
    assert sandbox.algorithms == {"ES256"}


def test_what_is_left_out(tmp_path: Path) -> None:
    found, faults = one(tmp_path)
    assert faults == []
    assert (found.name, found.iss) == ("General Hospital", ISS)
    assert found.algorithms == {"ES384", "RS384"}
    assert found.services == set(SERVICES)
    assert (found.tenants, found.fhir_servers, found.origins, found.jku) == (None, None, frozenset(), ())


def test_a_key_set_as_it_was_published(tmp_path: Path) -> None:
    found, faults = one(tmp_path, keys={"keys": [jwk(private("P-384"), "a", use="sig", key_ops=["verify"])]})
    assert faults == []
    assert found.keys.find("a", "ES384")


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"name": ""}, "name: letters, digits"),
        ({"name": "a\u202eb"}, "name: letters, digits"),
        ({"name": "x" * 65}, "name: letters, digits"),
        ({"iss": "ehr"}, "iss: is no URI"),
        ({"iss": "urn:oid:1.2"}, ""),
        ({"algorithms": ["ES384", "RS256", "PS512", "ES512"]}, ""),
        ({"algorithms": ["ES284"]}, "algorithms: there is no ES284 here; did you mean ES384?"),
        ({"algorithms": ["none"]}, "algorithms: there is no none here; known are ES256, "),
        ({"algorithms": ["HS256"]}, "algorithms: there is no HS256 here; did you mean "),
        ({"algorithms": ["ES384", "RS384", "HS384"]}, "algorithms: there is no HS384 here; did you mean "),
        ({"algorithms": []}, "algorithms: the list is empty"),
        ({"algorithms": "ES384"}, "algorithms: a list is wanted"),
        ({"services": ["ivig-order-sing"]}, "services: there is no ivig-order-sing here; did you mean ivig-order-sign"),
        ({"services": []}, "services: the list is empty"),
        ({"services": ["ivig-order-sign"]}, ""),
        ({"services": ["ivig-order-sign"] * 2}, "services: ivig-order-sign is given twice"),
        ({"tenants": []}, "tenants: the list is empty"),
        ({"tenant": ["a"]}, "unknown key tenant; known are algorithms, fhir_servers, iss, jku, keys, name, "),
        ({"jku": ["https://ehr.example/jwks.json?v=1"]}, ""),
        ({"jku": ["http://127.0.0.1:8081/jwks.json"]}, ""),
        ({"jku": ["http://ehr.example/jwks.json"]}, "jku: http://ehr.example/jwks.json must begin with https"),
        ({"jku": ["http://127.0.0.1.ehr.example/"]}, "must begin with https"),
        ({"jku": ["ftp://ehr.example/"]}, "is no http or https URL"),
        ({"jku": ["https://me:pw@ehr.example/"]}, "must not hold a user or a password"),
        ({"jku": ["https://ehr.example/#a"]}, "must not have a fragment"),
        ({"jku": ["https://"]}, "is no http or https URL"),
        ({"jku": ["file:///etc/passwd"]}, "is no http or https URL"),
        ({"origins": ["https://ehr.example"]}, ""),
        ({"origins": ["https://ehr.example/"]}, "is no origin: write https://ehr.example"),
        ({"origins": ["https://EHR.example:443"]}, "is no origin: write https://ehr.example"),
        ({"origins": ["*"]}, "is no http or https URL"),
        ({"origins": ["null"]}, "is no http or https URL"),
        ({"fhir_servers": ["https://fhir.example/r4"]}, ""),
        ({"fhir_servers": ["https://fhir.example/r4/"]}, "must not end with a slash"),
        ({"fhir_servers": ["https://fhir.example/r4?x"]}, "must not have a query"),
        ({"keys": []}, "keys: no key is listed"),
        ({"keys": [jwk(private("P-384"), "a")] * 2}, "keys: this kid is given twice"),
        ({"keys": [jwk(private("P-384"), "a"), jwk(private("RSA"), "a")]}, ""),
        ({"keys": [jwk(private("P-384"), "a", whole=True)]}, "keys: this key is a private key"),
        ({"keys": [jwk(private("RSA"), "a", whole=True)]}, "keys: this key is a private key"),
        ({"keys": [{"kty": "oct", "k": "AAAA", "kid": "a"}]}, "keys: this key is symmetric"),
        ({"keys": [jwk(private("P-384"), "")]}, "keys: this key has no kid"),
        ({"keys": [jwk(private("P-384"), "a", use="enc")]}, "keys: this key is not for signatures"),
        ({"keys": [jwk(private("P-384"), "a", key_ops=["sign"])]}, "keys: this key is not for signatures"),
        ({"keys": [jwk(private("P-384"), "a", alg="ES256")]}, "is for an algorithm that no P-384 key is for"),
        ({"keys": [jwk(private("P-384"), "a", alg="HS384")]}, "is for an algorithm that no P-384 key is for"),
        ({"keys": [jwk(private("P-256"), "a")]}, "no algorithm of this client uses this key: list ES256"),
        ({"keys": [jwk(private("RSA"), "a", alg="PS384")]}, "no algorithm of this client uses this key: list PS384"),
        ({"keys": [jwk(private("RSA-1024"), "a")]}, "has 1024 bits; an RSA key has 2048 to 8192"),
        ({"keys": [jwk(private("P-384"), "a") | {"x": "AAAA"}]}, "keys: this key is no valid key"),
        ({"keys": [jwk(private("P-384"), "a") | {"crv": "secp256k1"}]}, "is neither RSA nor EC on P-256"),
        ({"keys": ["a"]}, "keys: a mapping is wanted"),
    ],
)
def test_what_is_wrong_with_one_client(tmp_path: Path, changes: dict[str, Any], what: str) -> None:
    _, faults = one(tmp_path, **changes)
    assert any(what in fault for fault in faults) if what else faults == []
    assert len(faults) <= (2 if "mapping" in what else 1)


def test_a_client_without_any_key(tmp_path: Path) -> None:
    path = written(tmp_path, [{"name": "A", "iss": ISS}])
    assert [fault.what for fault in read_clients(path, SERVICES)[1]] == [
        "keys or jku is missing: there is nothing to check its tokens with"
    ]


def test_two_clients_are_told_apart_by_name_and_issuer(tmp_path: Path) -> None:
    sound = json.dumps(client())
    other = json.dumps(client(name="general hospital", iss=f"{ISS}/2"))
    again = json.dumps(client(name="Another"))
    _, faults = read(tmp_path, f"clients:\n- {sound}\n- {other}\n- {again}\n")
    assert faults == [
        "3: name: this one is given twice, first on line 2",
        "4: iss: this one is given twice, first on line 2",
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "1: the file is empty"),
        ("clients: []\n", "1: no client is listed: the service would answer nobody"),
        ("cleints: []\n", "1: unknown key cleints; known are clients"),
        ("- a\n", "1: the top of the file is a mapping"),
        ("clients: {a: b}\n", "1: clients: a list is wanted"),
        ("clients: [x]\n", "1: clients: a mapping is wanted"),
        ("clients:\n- name: &a x\n", "2: the anchor &a is not allowed"),
        ("clients:\n- name: A\n  name: B\n", "3: the key name is given twice"),
    ],
)
def test_a_file_of_another_shape(tmp_path: Path, text: str, fault: str) -> None:
    _, faults = read(tmp_path, text)
    assert fault in faults


def test_all_faults_at_once(tmp_path: Path) -> None:
    path = written(tmp_path, [client(iss="x", algorithms=["none"]), client(name="?", jku=["ftp://x"])])
    with pytest.raises(BookFault) as raised:
        configured_clients(Settings(clients=path, base_url=BASE), SERVICES)
    assert len(raised.value.faults) == 4


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BookFault, match="cannot be read: No such file"):
        load_clients(tmp_path / "nowhere.yaml", SERVICES)


def test_a_secret_key_is_not_shown(tmp_path: Path) -> None:
    secret = jwk(private("P-384"), "a", whole=True)
    _, faults = one(tmp_path, keys=[secret])
    assert secret["d"] not in " ".join(faults)
