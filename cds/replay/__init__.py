"""Files in, cards out: FHIR Bundles and hook requests evaluated from disk, as JSON lines or as a table."""

from cds.replay.files import Document, documents, find
from cds.replay.report import json_line, table, totals
from cds.replay.run import FAULTS, Readers, Replayed, case_of, replay, reported

__all__ = [
    "FAULTS",
    "Document",
    "Readers",
    "Replayed",
    "case_of",
    "documents",
    "find",
    "json_line",
    "replay",
    "reported",
    "table",
    "totals",
]
