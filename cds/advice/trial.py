"""Trying a change before it is offered: the order as changed is evaluated as the call was."""

from __future__ import annotations

from cds.advice.suggested import Material
from cds.case import Resource
from cds.findings import TIERS, Finding

_ANEW = TIERS.index("info")
"""What may be said anew of an order as changed: what asks for nothing."""


def helps(finding: Finding, order: Resource, changed: Resource, material: Material) -> bool:
    """Whether with the changed order the finding is gone or less serious, and nothing else has become a warning.

    What another rule hides counts as well: it stood or stands behind that one. False where it could not be tried.
    """
    after = material.again(order, changed)
    if after is None:
        return False
    allowed = {_key(one): _rank(one) for one in material.findings} | {_key(finding): _rank(finding) - 1}
    return all(_rank(one) <= allowed.get(_key(one), _ANEW) for one in after)


def _key(finding: Finding) -> tuple[str, str]:
    return finding.rule.id, finding.about.ref


def _rank(finding: Finding) -> int:
    return TIERS.index(finding.tier)
