"""Indications: what an order's reason means, and the dose rows that hold for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from cds.knowledge.codes import Code
from cds.knowledge.matching import CodeTable
from cds.knowledge.words import WordTable

Basis = Literal["dose", "day", "course", "month"]
Status = Literal["verified", "verified_single", "label_seen"]


@dataclass(frozen=True, slots=True)
class DoseRow:
    """One printed dose: mg/kg from `low` to `high` per `basis`, of a table or of a product's label.

    `products` None means every intravenous product. `course_max` is the most per course in mg/kg where the row has
    one; a `retreatment` row's holds only after an earlier dose that failed. `printed` is the row as the source has it.
    """

    indication: str
    phase: str
    low: Decimal
    high: Decimal
    basis: Basis
    products: frozenset[str] | None
    course_max: Decimal | None
    printed: str
    sources: tuple[str, ...]
    status: Status
    retreatment: bool = False


@dataclass(frozen=True, slots=True)
class Indication:
    """One reason for immune globulin. `evidence` is its grade, `note` the line for people; no rows, no dose table."""

    id: str
    name: str
    rows: tuple[DoseRow, ...]
    evidence: str = "unknown"
    note: str = ""
    sources: tuple[str, ...] = field(default=())


class Indications:
    """Reasons by code and text, and their dose rows."""

    def __init__(self, entries: Mapping[str, Indication], codes: CodeTable, words: WordTable) -> None:
        self._entries, self._codes, self._words = entries, codes, words

    def of(self, code: Code) -> frozenset[str]:
        """The indications a code stands for; D80.2 and other reasons without dosing are none."""
        return self._codes.of(code)

    def in_text(self, words: str) -> frozenset[str]:
        """The indications that a text names, none of them negated."""
        return self._words.find(words)

    def get(self, id: str) -> Indication:
        """The whole entry. Raises KeyError."""
        return self._entries[id]

    def name(self, id: str) -> str:
        """The indication's name for people. Raises KeyError."""
        return self._entries[id].name

    def rows(self, id: str) -> tuple[DoseRow, ...]:
        """The usable dose rows; none where the source is unverified. Raises KeyError."""
        return self._entries[id].rows

    def tabled(self, id: str) -> bool:
        """Whether there is a usable dose row."""
        return bool(self.rows(id))

    def course_max(self, id: str, product: str, *, retreated: bool = False) -> Decimal | None:
        """The most mg/kg per course for a product: the highest of its rows; None where no row has one.

        Rows of a product alone count for that product only; a retreatment row only when `retreated`.
        """
        limits = [
            row.course_max
            for row in self.rows(id)
            if row.course_max is not None
            and (row.products is None or product in row.products)
            and (retreated or not row.retreatment)
        ]
        return max(limits, default=None)

    @property
    def ids(self) -> frozenset[str]:
        """Every indication, those without a dose table among them."""
        return frozenset(self._entries)
