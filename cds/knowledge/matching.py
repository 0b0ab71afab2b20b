"""Which ids a code stands for: ICD-10-CM by listed prefixes, every other system exactly."""

from __future__ import annotations

from cds.knowledge.codes import Code


class CodeTable:
    """Codes and the ids each stands for."""

    def of(self, code: Code) -> frozenset[str]:
        """The ids of a code."""
        raise NotImplementedError
