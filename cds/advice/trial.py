"""Trying a change before it is offered: the order as changed is evaluated as the call was."""

from __future__ import annotations

from cds.advice.suggested import Material
from cds.case import Resource
from cds.findings import TIERS, Finding

_ANEW = TIERS.index("info")
"""What may be said anew of an order as changed: what asks for nothing."""


def helps(finding: Finding, order: Resource, changed: Resource, material: Material) -> bool:
    """Whether with the changed order the finding is gone or less serious, and nothing else has become a warning.

    What another rule hides counts as well: it stood or stands behind that one; what stood behind this finding may come
    forward, less serious than it. False where it could not be tried.
    """
    return left(finding, order, changed, material) is not None


def left(finding: Finding, order: Resource, changed: Resource, material: Material) -> int | None:
    """How much the rules still say of the changed order, the more serious the more; None where it does not help."""
    after = material.again(order, changed)
    if after is None:
        return None
    allowed = {_key(one): _rank(one) for one in material.findings}
    for key in [(rule, finding.about.ref) for rule in finding.rule.over]:
        if key in allowed:
            allowed[key] = max(allowed[key], _rank(finding) - 1)
    allowed[_key(finding)] = _rank(finding) - 1
    helpful = all(_rank(one) <= allowed.get(_key(one), _ANEW) for one in after)
    return sum(map(_rank, after)) if helpful else None


def _key(finding: Finding) -> tuple[str, str]:
    return finding.rule.id, finding.about.ref


def _rank(finding: Finding) -> int:
    return TIERS.index(finding.tier)
