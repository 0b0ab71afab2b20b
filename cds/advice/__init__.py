"""Findings in, cards out: which of them are shown, in what order, and in what words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cds.advice.cards import Written, cards
from cds.advice.check import compile_texts
from cds.advice.standard_reasons import known_reason, with_standard
from cds.advice.suggested import Material
from cds.advice.suppress import Hidden, suppress
from cds.errors import BookFault
from cds.findings import AdviceRule, Finding
from cds.knowledge import Knowledge

__all__ = ["Hidden", "Material", "Writer", "Written", "known_reason", "suppress"]


class Writer:
    """Writes the cards of a rule book whose every text was compiled and tried."""

    def __init__(self, rules: Sequence[AdviceRule], knowledge: Knowledge, *, standard_reasons: bool = False) -> None:
        """Raises BookFault with every text that cannot be used, each with file and line.

        With `standard_reasons` cards offer the standard's example of override reasons as well.
        """
        own = knowledge.site.reasons
        self._reasons = with_standard(own) if standard_reasons else own
        self._texts, faults = compile_texts(rules, knowledge)
        if faults:
            raise BookFault(faults)

    def write(self, findings: Iterable[Finding], material: Material, edition: str) -> Written:
        """The cards of one call as CDS Hooks has them, the most serious first.

        Raises EngineFault where a card cannot be worded.
        """
        return cards(findings, self._texts, edition=edition, reasons=self._reasons, material=material)
