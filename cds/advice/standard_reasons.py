"""The override reasons that CDS Hooks 3.0 gives as an example, offered beside our own where a site asks for 3.0.

The codes of the value set non-adherence-reason-clinical, with the displays of its code system.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from cds.advice import reasons
from cds.knowledge.site import ALL, GroupReasons

SYSTEM = "http://terminology.hl7.org/CodeSystem/non-adherence-reason-codes"

DISPLAYS: Mapping[str, str] = {
    "cds-not-applicable": "PC CDS does not apply to patient",
    "cds-suboptimal-context": "PC CDS delivered in suboptimal context",
    "recipient-disagrees-evidence": "Recipient disagrees with recommendation because of issues with the evidence",
    "recipient-concerns-outcomes": "Recipient has concerns regarding potential health outcomes",
    "does-not-align-preferences": "Recommendation does not align with patient preferences or values",
    "not-convenient-feasible": "Recommendation is not convenient or feasible",
    "action-completed": "Recommended action was already completed",
    "patient-contraindication": "Patient has contraindication to recommended action",
    "patient-refuses": "Patient refuses/declines (no context given)",
    "too-costly-uncovered": "Recommended action is too costly or not covered by insurance",
    "service-not-available": "Treatment or service is not practically available",
    "recipient-does-not-understand": "Recipient does not understand the recommended action or know how to perform the "
    "recommended action",
}
"""Every reason by its code, in the order of the value set."""

_CODINGS = tuple({"system": SYSTEM, "code": code, "display": display} for code, display in DISPLAYS.items())


def with_standard(own: Mapping[str, GroupReasons]) -> dict[str, GroupReasons]:
    """The site's reasons with these before them; a site that replaces all reasons keeps to its own."""
    every = own.get(ALL, GroupReasons((), replace=False, line=0))
    if every.replace:
        return dict(own)
    return {**own, ALL: replace(every, codings=(*_CODINGS, *every.codings))}


def known_reason(system: str, code: str) -> bool:
    """Whether a coding is one of the override reasons that cards offer without a site's own."""
    return (system == reasons.SYSTEM and code in reasons.DISPLAYS) or (system == SYSTEM and code in DISPLAYS)
