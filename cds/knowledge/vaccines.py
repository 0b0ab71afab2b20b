"""Vaccines: which contain measles, mumps, rubella or varicella, which live vaccines immune globulin touches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cds.knowledge.codes import Code


@dataclass(frozen=True, slots=True)
class VaccineMatch:
    """A vaccine. `antigens` are those of measles, mumps, rubella, varicella that immune globulin keeps from taking.

    `affected` is true where there is one; zoster, yellow fever, LAIV and inactivated vaccines have none.
    """

    name: str
    antigens: frozenset[str]
    affected: bool
    from_text: bool = False


class Vaccines:
    """Vaccines by CVX, RxNorm, NDC and text."""

    def classify(self, codes: Sequence[Code], texts: Sequence[str]) -> VaccineMatch | None:
        """The vaccine that codes, else texts, name; None where none is recognized."""
        raise NotImplementedError

    def is_ivig_given(self, code: Code) -> bool:
        """Whether an immunization record's code says that immune globulin was given (CVX 87 and 86)."""
        raise NotImplementedError
