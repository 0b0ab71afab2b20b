"""How good the evidence for the reasons of an order is, and which labels have them: the table as facts."""

from __future__ import annotations

from collections.abc import Iterator

from cds.chart.parts import Context
from cds.chart.reasons import Reasons
from cds.facts import Evidence
from cds.knowledge import CLASS, Indication


def evidence(ref: str, product: str, found: Reasons, context: Context) -> Iterator[Evidence]:
    """Each recognized reason with its grade; the sentence is the table's line with its sources."""
    for id in found.ids:
        reason = context.knowledge.indications.get(id)
        sources = "; ".join(context.knowledge.sources[key] for key in reason.sources)
        for concept in sorted(reason.only_with) or ["unknown"]:
            yield Evidence(
                ref=ref,
                order=ref,
                indication=id,
                indication_name=reason.name,
                grade=reason.evidence,
                labeled=_labeled(reason, product),
                accepted=reason.accepted,
                beside=concept,
                says=f"{reason.name}: {reason.note} ({sources})",
            )


def _labeled(reason: Indication, product: str) -> str:
    if CLASS in reason.labeled:
        return "class"
    if product in reason.labeled:
        return "product"
    return "other" if reason.labeled else "no"
