"""One FHIR server and one service that may ask it, for all tests of this folder; the server is made new for each."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.access.calling import record, service_of
from tests.fhir_server import FhirServer, serving_fhir


@pytest.fixture(scope="session")
def _fhir() -> Iterator[FhirServer]:
    with serving_fhir(FhirServer([])) as server:
        yield server


@pytest.fixture
def fhir(_fhir: FhirServer) -> FhirServer:
    """A server that holds `record()`, asks for the token, and behaves."""
    _fhir.reset(record())
    return _fhir


@pytest.fixture(scope="session")
def client(_fhir: FhirServer) -> Iterator[httpx.Client]:
    """The service with all the time that it needs."""
    with service_of(_fhir) as client:
        yield client


@pytest.fixture(scope="session")
def hasty(_fhir: FhirServer) -> Iterator[httpx.Client]:
    """The service with 300 ms for all that is fetched."""
    with service_of(_fhir, fetch_ms=300) as client:
        yield client
