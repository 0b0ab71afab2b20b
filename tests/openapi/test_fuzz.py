"""What schemathesis finds: the running service against its own document, the same examples in every run.

No 5xx; every status, media type, header and body is documented; methods that a path does not have are 405.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from cds import create_app
from cds.openapi import document
from cds.settings import Settings
from tests.conftest import NOW, serving
from tests.hooks.service import SIGN

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
]


LIMITS = Settings(max_body=200_000)


def once(content: dict[str, Any]) -> dict[str, Any]:
    """The document without what would only be tried again: a second media type, feedback of another service, HEAD."""
    for path, item in content["paths"].items():
        item.pop("head", None)
        if "requestBody" in item.get("post", {}):
            del item["post"]["requestBody"]["content"]["application/fhir+json"]
        if path.endswith("/feedback") and path not in (f"{SIGN}/feedback", "/cds-services/{id}/feedback"):
            item.clear()
    return content


SCHEMA = schemathesis.openapi.from_dict(once(json.loads(document(LIMITS))))


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[str, requests.Session]]:
    """The address of the service, and a connection to it."""
    with serving(create_app(LIMITS, clock=lambda: NOW)) as client, requests.Session() as session:
        yield str(client.base_url), session


@SCHEMA.parametrize()
@settings(max_examples=25, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
def test_the_service_does_what_its_document_says(case: Case, running: tuple[str, requests.Session]) -> None:
    address, session = running
    case.call_and_validate(address, session, checks=CHECKS)
