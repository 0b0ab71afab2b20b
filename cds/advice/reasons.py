"""Why a clinician may set a card aside: coded, so that a wrong alert can be told from a weighed risk.

Which reasons a card offers depends on its tier and on what it is about. A card that asks for nothing (`info`) has no
risk to weigh; "the patient tolerated it before" is no answer to a dose that is too high, nor to a live vaccine that
will not take.
"""

from __future__ import annotations

from collections.abc import Mapping

from cds.findings import Tier

SYSTEM = "https://ivig-cds.org/fhir/CodeSystem/override-reason"
"""The code system of our own override reasons."""

BENEFIT, MITIGATED, TOLERATED = "benefit-outweighs-risk", "already-mitigated", "patient-tolerated-before"
OUTDATED, INAPPLICABLE = "data-out-of-date", "not-applicable"

DISPLAYS: Mapping[str, str] = {
    BENEFIT: "Benefit outweighs risk",
    MITIGATED: "Already mitigated",
    TOLERATED: "Patient tolerated before",
    OUTDATED: "Data out of date",
    INAPPLICABLE: "Not applicable to this patient",
}
"""Every reason by its code, in the order in which they are offered."""

_UNFIT: Mapping[str, frozenset[str]] = {
    "dose": frozenset({TOLERATED, MITIGATED}),
    "product": frozenset({TOLERATED, BENEFIT}),
    "live-vaccine": frozenset({TOLERATED}),
    "kawasaki": frozenset({TOLERATED}),
    "evidence": frozenset({TOLERATED, MITIGATED}),
    "route": frozenset({TOLERATED, MITIGATED}),
    "data": frozenset({TOLERATED, BENEFIT}),
}
"""What does not fit the cards of a group of rules (the first part of their ids). Other groups offer every reason."""


def override_reasons(rule_id: str, tier: Tier) -> list[dict[str, str]]:
    """The reasons that a card of this rule and tier offers, as Codings with system, code and display."""
    unfit = _UNFIT.get(rule_id.partition(".")[0], frozenset())
    if tier == "info":
        unfit |= {BENEFIT, TOLERATED}
    return [
        {"system": SYSTEM, "code": code, "display": display} for code, display in DISPLAYS.items() if code not in unfit
    ]
