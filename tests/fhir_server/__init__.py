"""A small FHIR R4 server for tests: it searches for real, over a real socket, and misbehaves where it is told to."""

from tests.fhir_server import acts
from tests.fhir_server.server import TOKEN, Asked, FhirServer, Reply, serving_fhir

__all__ = ["TOKEN", "Asked", "FhirServer", "Reply", "acts", "serving_fhir"]
