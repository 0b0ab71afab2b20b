"""Which concepts, or which measurement, a CodeableConcept names: by codes, and by words only where no code decides.

A code that stands for no concept of ours still says that it is something else, so the free text beside it is not
asked. SNOMED CT has many narrower codes than the tables list; of those, the code's own display is. A code that is too
wide for a concept counts together with the words that the tables want beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

from cds.chart.medication import Named, of_concepts
from cds.chart.result_value import EGFR
from cds.fhir import codings
from cds.knowledge import Knowledge
from cds.knowledge.codes import Icd10Cm, Loinc, OtherCode, read


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
    by_code = by_code.union(*(known.concepts.of_wide(code, named.texts) for code in named.codes))
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


def measurement_of(element: object, named: Named, known: Knowledge) -> str | None:
    """The measurement a CodeableConcept names, if it is one of ours; `named` are its codes and words.

    Of a LOINC code that the tables lack, its own display is asked: the long name with the property in brackets, because
    "Creatinine" alone may be in urine; an eGFR cannot. Without a LOINC code any of the whole texts may name it.
    """
    for code in named.codes:
        measurement = known.measurements.of(code)
        if measurement is not None:
            return measurement
    if not any(isinstance(code, Loinc) for code in named.codes):
        return next((found for text in named.texts if (found := known.measurements.in_text(text)) is not None), None)
    for coding in codings(element):
        if isinstance(read(coding.system, coding.code), Loinc):
            measurement = known.measurements.in_text(coding.display)
            if measurement == EGFR or (measurement is not None and "[" in coding.display):
                return measurement
    return None
