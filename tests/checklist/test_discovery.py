"""D1-D5: what discovery says, over a socket."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from cds.case import SOURCES
from tests.checklist.conftest import Examined

IDS = {
    "ivig-order-select": "order-select",
    "ivig-order-sign": "order-sign",
    "ivig-patient-view": "patient-view",
}


@pytest.fixture(scope="module")
def services(service: httpx.Client) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = service.get("/cds-services").json()["services"]
    return found


def test_D1_discovery_is_at_its_path(service: httpx.Client, examined: Examined) -> None:
    examined.passes("D1")
    answer = service.get("/cds-services")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert set(answer.json()) == {"services"}
    assert service.get("/cds-services/").status_code == 404


def test_D2_required_and_recommended_fields(services: list[dict[str, Any]], examined: Examined) -> None:
    examined.passes("D2")
    assert {one["id"]: one["hook"] for one in services} == IDS
    for one in services:
        assert {"title", "description", "prefetch", "usageRequirements"} <= set(one)


def test_D3_nothing_is_null_or_empty(examined: Examined) -> None:
    examined.passes("D3")


def test_D4_the_one_token_is_the_patients_id(services: list[dict[str, Any]], examined: Examined) -> None:
    examined.passes("D4")
    queries = [query for one in services for query in one["prefetch"].values()]
    assert {token for query in queries for token in re.findall(r"\{\{(.*?)\}\}", query)} == {"context.patientId"}


def test_D5_queries_keep_to_the_subset_and_ask_for_what_their_sources_deliver(
    services: list[dict[str, Any]], examined: Examined
) -> None:
    examined.passes("D5")
    for one in services:
        assert set(one["prefetch"]) == set(SOURCES)
        for key, query in one["prefetch"].items():
            assert re.split(r"[/?]", query)[0] in SOURCES[key]
            parameters = {part.partition("=")[0] for part in query.partition("?")[2].split("&")}
            assert parameters <= {"", "patient", "code", "status", "_sort", "_count"}
