"""Files in, cards out: FHIR Bundles and hook requests evaluated from disk, as JSON lines or as a table."""

from cds.replay.files import Document, documents, find
from cds.replay.report import json_line, table, totals
from cds.replay.run import Readers, Replayed, case_of, replay

__all__ = ["Document", "Readers", "Replayed", "case_of", "documents", "find", "json_line", "replay", "table", "totals"]
