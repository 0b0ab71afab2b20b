"""The checklist of CDS Hooks 2.0.1, run against any service at its base URL as a CDS Client sees it.

Fails where the standard says SHALL, warns where it recommends, and says what could not be checked. It calls the
services with made-up or given requests and sends feedback about the cards: meant for a test system.
"""

from cds.conformance.check import Check, Outcome, Remark, Result, checks
from cds.conformance.examination import Examination, Given, Reply, Service
from cds.conformance.identity import Identity
from cds.conformance.report import as_json, table, totals
from cds.conformance.samples import Sample

__all__ = [
    "Check",
    "Examination",
    "Given",
    "Identity",
    "Outcome",
    "Remark",
    "Reply",
    "Result",
    "Sample",
    "Service",
    "as_json",
    "checks",
    "table",
    "totals",
]
