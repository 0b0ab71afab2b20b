"""Which clinical concepts a CodeableConcept names: by its codes, and by words only where no code decides.

A code that stands for no concept of ours still says that it is something else, so the free text beside it is not
asked. SNOMED CT has many narrower codes than the tables list; of those, the code's own display is.
"""

from __future__ import annotations

from dataclasses import dataclass

from cds.chart.medication import of_concepts
from cds.fhir import codings
from cds.knowledge import Knowledge
from cds.knowledge.codes import Icd10Cm, OtherCode, read


@dataclass(frozen=True, slots=True)
class Concepts:
    """The concepts named, whether only words name them, and the codes seen."""

    ids: frozenset[str]
    from_text: bool
    shown: tuple[str, ...]


def concepts_of(element: object, known: Knowledge) -> Concepts:
    """What a CodeableConcept names."""
    named = of_concepts([element])
    by_code = frozenset[str]().union(*(known.concepts.of(code) for code in named.codes))
    if by_code:
        return Concepts(by_code, False, named.shown)
    typed = [code for code in named.codes if not isinstance(code, OtherCode)]
    words = named.texts
    if any(isinstance(code, Icd10Cm) for code in typed):
        words = ()
    elif typed:
        words = tuple(c.display for c in codings(element) if not isinstance(read(c.system, c.code), OtherCode | None))
    by_text = frozenset[str]().union(*(known.concepts.in_text(word) for word in words))
    return Concepts(by_text, bool(by_text), named.shown)
