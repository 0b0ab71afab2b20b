"""What the tables know: concepts, products, drugs, vaccines, measurements, indications, intervals.

Loaded from the folder of the rule book (`tables/`, `concepts/`, `products/`). Codes and numbers whose status is
unverified stay in the files, to be signed, and are neither matched nor used.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cds.knowledge.concepts import Concepts
from cds.knowledge.drugs import DrugMatch, Drugs
from cds.knowledge.indications import DoseRow, Indication, Indications
from cds.knowledge.intervals import Intervals
from cds.knowledge.measurements import Measurements
from cds.knowledge.products import Identified, Product, Products
from cds.knowledge.vaccines import VaccineMatch, Vaccines

__all__ = [
    "Concepts",
    "DoseRow",
    "DrugMatch",
    "Drugs",
    "Identified",
    "Indication",
    "Indications",
    "Intervals",
    "Knowledge",
    "Measurements",
    "Product",
    "Products",
    "VaccineMatch",
    "Vaccines",
    "load",
]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Everything the tables say. `digest` is the SHA-256 of all files read, `sources` the text of each source key.

    `terms` are the closed word lists for the vocabulary of facts: "product", "indication", "concept", "measurement",
    "allergen"; `unknown` is not among them.
    """

    concepts: Concepts
    products: Products
    drugs: Drugs
    vaccines: Vaccines
    measurements: Measurements
    indications: Indications
    intervals: Intervals
    sources: Mapping[str, str]
    terms: Mapping[str, frozenset[str]]
    digest: str


def load(folder: Path) -> Knowledge:
    """Read everything under `folder`. Raises BookFault with every fault found, each with file and line."""
    raise NotImplementedError
