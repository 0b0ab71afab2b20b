"""Measurements: their codes, the units they come in, and what value is plausible."""

from __future__ import annotations

from decimal import Decimal

from cds.knowledge.codes import Code


class Measurements:
    """Body sizes and laboratory results by LOINC and text."""

    def of(self, code: Code) -> str | None:
        """The measurement a code stands for."""
        raise NotImplementedError

    def in_text(self, words: str) -> str | None:
        """The measurement whose name the whole text is ("Body weight", "eGFR"); for local codes."""
        raise NotImplementedError

    def codes(self, id: str) -> tuple[Code, ...]:
        """Every code that is matched for a measurement, sorted; for the prefetch queries. Raises KeyError."""
        raise NotImplementedError

    def convert(self, id: str, value: Decimal, unit: str) -> Decimal | None:
        """The value in the measurement's own unit; None for a unit that is unknown or missing. Raises KeyError."""
        raise NotImplementedError

    def unit(self, id: str) -> str:
        """The measurement's own unit as people read it, "" where it has none. Raises KeyError."""
        raise NotImplementedError

    def plausible(self, id: str) -> tuple[Decimal, Decimal] | None:
        """The lowest and highest plausible value in its own unit; None where there is none. Raises KeyError."""
        raise NotImplementedError

    @property
    def ids(self) -> frozenset[str]:
        """Every measurement."""
        raise NotImplementedError
