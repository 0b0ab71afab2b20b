"""Dose rows, as the indications' tables and the products' labels print them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, get_args

from cds.knowledge.sheet import Sheet

Basis = Literal["dose", "day", "course", "month"]
Status = Literal["verified", "verified_single", "label_seen"]

_KEYS = (
    *("indication", "phase", "low", "high", "per", "course_max", "products", "retreatment", "printed"),
    *("status", "sources"),
)


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

    def holds_for(self, product: str) -> bool:
        """Whether the row is one for this product."""
        return self.products is None or product in self.products


def dose_rows(rows: Iterable[Sheet], indication: str | None, products: frozenset[str] | None) -> tuple[DoseRow, ...]:
    """The usable rows; what is wrong in any of them is noted. A label's row names its own indication."""
    found = [_row(row, indication, products) for row in rows]
    return tuple(row for row in found if row is not None)


def _row(row: Sheet, indication: str | None, products: frozenset[str] | None) -> DoseRow | None:
    row.known(_KEYS)
    basis = _one_of(row, "per")
    status = next((word for word in get_args(Status) if row.proven() and row.text("status") == word), None)
    low, high = row.number("low"), row.number("high")
    if low is None or high is None or low <= 0 or low > high:
        row.fault("a row has low and high in mg/kg, low not over high")
        return None
    course_max, retreatment = row.number("course_max"), row.flag("retreatment")
    own = row.words("products")
    phase, printed = row.text("phase"), row.text("printed")
    if status is None:
        return None
    if basis is None:
        row.fault(f"per is one of {', '.join(get_args(Basis))}", row.line("per"))
        return None
    return DoseRow(
        indication=indication or row.text("indication"),
        phase=phase,
        low=low,
        high=high,
        basis=basis,
        products=frozenset(own) if own else products,
        course_max=course_max,
        printed=printed,
        sources=row.words("sources"),
        status=status,
        retreatment=retreatment,
    )


def _one_of(row: Sheet, key: str) -> Basis | None:
    word = row.text(key)
    known: tuple[Basis, ...] = get_args(Basis)
    return next((basis for basis in known if basis == word), None)
