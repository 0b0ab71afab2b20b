"""What the service is asked and answers, for machines: the OpenAPI document at /openapi.json."""

from cds.openapi.document import document

__all__ = ["document"]
