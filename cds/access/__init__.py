"""What a client did not send, asked of its FHIR server before anything is evaluated. No medicine, no cards."""

from cds.access.filling import Filler

__all__ = ["Filler"]
