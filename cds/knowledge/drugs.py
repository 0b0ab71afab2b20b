"""Watched drugs: NSAIDs, aspirin, nephrotoxic drugs, estrogens, acetaminophen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from cds.knowledge.codes import Code

Weight = Literal["high", "moderate", "low", "no"]
Systemic = Literal["yes", "no", "unknown"]


@dataclass(frozen=True, slots=True)
class DrugMatch:
    """A watched drug. `nephrotoxic` is the weight of its class; `systemic` whether its form reaches the circulation.

    `systemic` says nothing of dose or route as ordered: read the order's route as well.
    """

    name: str
    nsaid: bool = False
    aspirin: bool = False
    nephrotoxic: Weight = "no"
    estrogen: bool = False
    acetaminophen: bool = False
    systemic: Systemic = "unknown"
    from_text: bool = False


class Drugs:
    """Watched drugs by RxNorm, NDC, ATC and text."""

    def classify(self, codes: Sequence[Code], texts: Sequence[str]) -> DrugMatch | None:
        """The watched drug that codes, else texts, name; None for any other drug."""
        raise NotImplementedError
