"""Requests that the service refuses, over a real socket: what it says, and that it quotes nothing."""

from __future__ import annotations

import json

import httpx
import pytest

from tests.hooks.calls import call
from tests.hooks.service import JSON, SECRET, SIGN, diagnostics, of, rules, ten_fold


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", ["/", "/cds-services/", f"/cds-services/{SECRET}/more", "/cds-services/a/feedback/b"])
def test_r7_unknown_addresses_are_404(service: httpx.Client, method: str, path: str) -> None:
    diagnostics(service.request(method, path), 404)


def test_another_method_is_405(service: httpx.Client) -> None:
    answer = service.get(SIGN)
    diagnostics(answer, 405)
    assert answer.headers["allow"] == "POST"


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_over_the_limit_is_413(service: httpx.Client, chunked: bool) -> None:
    body = b" " * 200_001
    assert "IVIG_CDS_MAX_BODY" in diagnostics(
        service.post(SIGN, content=iter([body]) if chunked else body, headers=JSON), 413
    )


@pytest.mark.parametrize("type_", ["text/plain", "application/xml", "application/json; charset=utf-16", "x"])
def test_other_media_types_are_415(service: httpx.Client, type_: str) -> None:
    diagnostics(service.post(SIGN, content=b"{}", headers={"content-type": type_}), 415)


@pytest.mark.parametrize(
    "type_", ["application/json", 'Application/JSON; charset="UTF-8"', "application/fhir+json;charset=utf-8"]
)
def test_json_media_types_are_understood(service: httpx.Client, type_: str) -> None:
    body = json.dumps(of("order-sign", ten_fold())).encode()
    assert rules(service.post(SIGN, content=body, headers={"content-type": type_}))


@pytest.mark.parametrize("coding", ["gzip", "br", "identity, gzip"])
def test_a_compressed_body_is_refused(service: httpx.Client, coding: str) -> None:
    answer = service.post(SIGN, json=call(), headers={"content-encoding": coding})
    assert "uncompressed" in diagnostics(answer, 415)
    assert service.post(SIGN, json=call(), headers={"content-encoding": "identity"}).status_code == 200
