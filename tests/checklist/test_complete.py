"""Every line of the checklist of CDS Hooks has a test named after it, and `ivig-cds conformance` checks it too."""

from __future__ import annotations

import re
from pathlib import Path

from cds.conformance import checks

LINES = {
    "D1": "the path of discovery",
    "D2": "required fields",
    "D3": "nothing empty or null",
    "D4": "prefetch tokens of the root",
    "D5": "the subset of prefetch queries",
    "R1": "400 on bad JSON and missing fields",
    "R2": "the hook does not match",
    "R3": "hookInstance is a UUID",
    "R4": "fhirAuthorization needs fhirServer",
    "R5": "prefetch absent, null, empty, failed, paged",
    "R6": "412 only for what is required and unobtainable, with an OperationOutcome",
    "R7": "an unknown id is 404",
    "R8": "unknown fields and extensions are tolerated",
    "C1": "a summary of at most 139 characters",
    "C2": "the indicator",
    "C3": "the label of the source",
    "C4": "selectionBehavior if and only if there are suggestions",
    "C5": "unique uuids",
    "C6": "override reasons have a display",
    "C7": "actions: description, whole resource, resourceId",
    "C8": "appContext only with smart",
    "C9": "Markdown escaped, no HTML",
    "C10": "cards is a list, no empty systemActions",
    "F1": "the shape of feedback",
    "F2": "repeats, orphans, several hookInstances",
    "F3": "accepted without suggestions is 400",
    "S1": "none and HS* are rejected",
    "S2": "aud is exact, string and array",
    "S3": "jti replay",
    "S4": "an unlisted jku is never fetched",
    "S5": "401 is mute",
    "S6": "CORS preflight with Authorization",
    "S7": "tokens never in logs",
    "P1": "95 of 100 answers within 500 ms",
}


def test_every_line_has_a_test_named_after_it() -> None:
    tests = "".join(file.read_text("utf-8") for file in Path(__file__).parent.glob("test_*.py"))
    named = set(re.findall(r"^def test_([A-Z]\d+)_", tests, re.MULTILINE))
    assert sorted(LINES.keys() - named) == [], "lines without a test"
    assert sorted(named - LINES.keys()) == [], "tests of no line"


def test_the_command_checks_every_line() -> None:
    assert [check.line for check in checks()] == list(LINES)
