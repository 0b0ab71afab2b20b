"""The document as a whole: OpenAPI 3.1, built once at the start."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

import orjson

from cds.hooks import SERVICES
from cds.openapi import answers, refusals, requests
from cds.openapi.paths import paths
from cds.settings import Settings

_ABOUT = """\
A [CDS Hooks](https://cds-hooks.hl7.org) 2.0.1 service that reads FHIR R4 and advises on orders for intravenous immune
globulin (IVIG), vaccines and drugs beside it. Every refusal is an OperationOutcome that names the place and never a
value. `X-Request-ID` of a request comes back with its answer; where none was sent, one is made up. What is no HTTP, or
has a head of more than 64 KB, is refused with 400 and plain text before anything of this applies.
"""


def document(settings: Settings) -> bytes:
    """The OpenAPI document of a service with these limits, as JSON."""
    schemas = {**answers.SCHEMAS, **requests.schemas(list(SERVICES.values()))}
    content = {
        "openapi": "3.1.0",
        "info": {
            "title": "ivig-cds",
            "version": _version(),
            "description": _ABOUT,
            "license": {"name": "Apache 2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "./", "description": "Where this document was read"}],
        "paths": paths(),
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "responses": refusals.responses(settings),
            "securitySchemes": {
                "client": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "The client's own token, made for this one call; asked for where a site has listed "
                    "its clients. Without such a list, callers on this machine are answered without one.",
                }
            },
        },
    }
    return orjson.dumps(content)


def _version() -> str:
    try:
        return version("ivig-cds")
    except PackageNotFoundError:
        return "0"
