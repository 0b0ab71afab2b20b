"""For every whole patient: an empty prefetch and a FHIR server give the cards that all of it in the prefetch gives."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from cds import create_app
from cds.servers import Server
from cds.settings import Settings
from tests.access.calling import AUTHORIZATION, LONG, cards, not_checked, sent
from tests.conftest import NOW, serving
from tests.fhir_server import FhirServer, serving_fhir
from tests.fhir_server.loading import Loaded, load

FILES = sorted((Path(__file__).parents[2] / "fhir_fixtures" / "bundles").glob("*.json"))
FOREIGN = "another-patients-results"
ABO = """
measurements:
- {system: "http://hospital.example.org/lab", code: ABO, is: abo_group}
- {system: "http://hospital.example.org/lab", code: ABORH, is: abo_group}
- {system: "http://loinc.org", code: 883-9, is: abo_group}
"""
"""The blood group has no verified code and is asked for where a site names its own (see `cds.hooks.services`)."""


@pytest.fixture(scope="module")
def server() -> Iterator[FhirServer]:
    with serving_fhir(FhirServer([])) as server:
        yield server


@pytest.fixture(scope="module")
def client(server: FhirServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A service whose site says its codes for the blood group."""
    site = tmp_path_factory.mktemp("site") / "site.yaml"
    site.write_text(ABO, "utf-8")
    settings = Settings(site=site, fhir_servers=(Server.read(server.url),), fetch_ms=LONG)
    with serving(create_app(settings, clock=lambda: NOW)) as client:
        yield client


def loaded(server: FhirServer, stem: str) -> Loaded:
    path = next(path for path in FILES if path.stem == stem)
    patient = load(json.loads(path.read_text("utf-8")))
    server.store.resources[:] = patient.record
    server.asked.clear()
    return patient


def fetched(patient: Loaded, server: FhirServer) -> dict[str, object]:
    return patient.call({}, fhirServer=server.url, fhirAuthorization=AUTHORIZATION)


@pytest.mark.parametrize("stem", [path.stem for path in FILES if path.stem != FOREIGN])
@pytest.mark.parametrize("page", [1000, 3])
def test_the_same_cards_with_the_same_evidence(
    client: httpx.Client, server: FhirServer, stem: str, page: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient = loaded(server, stem)
    monkeypatch.setattr(server, "page", page)
    sent_along = cards(client, patient.call(patient.prefetch()))
    assert not server.asked
    assert cards(client, fetched(patient, server)) == sent_along
    if sent_along:
        assert len(set(server.kinds)) >= 9
        assert {one.authorization for one in server.asked} == {f"Bearer {AUTHORIZATION['access_token']}"}


def test_results_of_another_patient_do_not_come_from_a_server_that_searches(
    client: httpx.Client, server: FhirServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient = loaded(server, FOREIGN)
    assert cards(client, fetched(patient, server)) == []
    monkeypatch.setattr(server, "ignored", {"patient"})
    (fetched_card,), (sent_card,) = (
        cards(client, fetched(patient, server)),
        cards(client, patient.call(patient.prefetch())),
    )
    assert fetched_card["summary"] == sent_card["summary"]
    assert "is about another patient and was left out" in fetched_card["detail"]


def test_a_chart_that_is_opened_is_answered_the_same(client: httpx.Client, server: FhirServer) -> None:
    for stem in ("kawasaki-then-mmr-too-early", "adult-immunodeficiency-clean"):
        patient = loaded(server, stem)
        view = {"hook": "patient-view", "context": {"userId": "Practitioner/d1", "patientId": patient.patient_id}}
        along = sent(client, patient.call(patient.prefetch()) | view)
        asked = sent(client, fetched(patient, server) | view)
        assert (asked.status_code, asked.json()) == (along.status_code, along.json())
        assert along.status_code == 200
        assert not {"AllergyIntolerance"} & set(server.kinds), "nothing is said on them at this hook"


def test_half_of_the_keys_sent_and_the_other_half_fetched(client: httpx.Client, server: FhirServer) -> None:
    patient = loaded(server, "elderly-thrombocytopenia-weak-kidneys")
    whole = patient.prefetch()
    along = cards(client, patient.call(whole))
    for half in (list(whole)[::2], list(whole)[1::2]):
        server.asked.clear()
        content = fetched(patient, server) | {"prefetch": {key: whole[key] for key in half}}
        assert cards(client, content) == along
        assert len(server.asked) == len(whole) - len(half)


def test_without_a_code_of_the_site_the_blood_group_is_to_be_found_out(server: FhirServer) -> None:
    patient = loaded(server, "migraine-high-dose")
    with serving(
        create_app(Settings(fhir_servers=(Server.read(server.url),), fetch_ms=LONG), clock=lambda: NOW)
    ) as plain:
        found = cards(plain, fetched(patient, server))
        assert "find out the blood group" in "".join(card["detail"] for card in found)
        assert not not_checked(found)
