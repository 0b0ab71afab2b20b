"""Why a clinician may set a card aside: coded, so that a wrong alert can be told from a weighed risk.

Which reasons a card offers depends on its tier and on what it is about. A card that asks for nothing (`info`) has no
risk to weigh; "the patient tolerated it before" is no answer to a dose that is too high, nor to a live vaccine that
will not take.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from cds.findings import Tier
from cds.knowledge.site import ALL, GroupReasons

_NONE: Mapping[str, GroupReasons] = MappingProxyType({})

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


def override_reasons(rule_id: str, tier: Tier, own: Mapping[str, GroupReasons] = _NONE) -> list[dict[str, str]]:
    """The reasons that a card of this rule and tier offers, as Codings with system, code and display.

    `own` are a site's by group: those for all groups, then those of the card's own. They are offered at every tier.
    """
    group = rule_id.partition(".")[0]
    unfit = _UNFIT.get(group, frozenset())
    if tier == "info":
        unfit |= {BENEFIT, TOLERATED}
    offered: dict[tuple[str, str], dict[str, str]] = {
        (SYSTEM, code): {"system": SYSTEM, "code": code, "display": display}
        for code, display in DISPLAYS.items()
        if code not in unfit
    }
    for given in (own[name] for name in (ALL, group) if name in own):
        offered = {} if given.replace else offered
        offered |= {(coding["system"], coding["code"]): dict(coding) for coding in given.codings}
    return list(offered.values())
