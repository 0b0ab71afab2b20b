"""What schemathesis finds: the running service against its own document, the same examples in every run.

No 5xx; every status, media type, header and body is documented; methods that a path does not have are 405.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
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

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
]


LIMITS = Settings(max_body=200_000)
SCHEMA = schemathesis.openapi.from_dict(json.loads(document(LIMITS)))


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving(create_app(LIMITS, clock=lambda: NOW)) as client:
        yield str(client.base_url)


@SCHEMA.parametrize()
@settings(max_examples=25, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
def test_the_service_does_what_its_document_says(case: Case, address: str) -> None:
    case.call_and_validate(base_url=address, checks=CHECKS)
