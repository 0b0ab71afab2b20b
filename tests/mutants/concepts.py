"""The mutants of concepts: each of them without its codes, and without its words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from cds.knowledge.words import whole
from tests.mutants.mutant import Mutant, Spot


def of_concepts(file: Spot, readers: Mapping[str, frozenset[str]]) -> Iterator[Mutant]:
    """`readers` are the rules that name each concept; what none of them names is idle."""
    for section in ("concepts", "allergens"):
        for concept in file[section].each() if section in file else ():
            rules = readers.get(concept.key, frozenset())
            for key in ("codes", "words"):
                if key in concept and list(concept[key].each()):
                    mutant = concept[key].mutant(f"concept {concept.key} without {key}")
                    yield replace(mutant, rules=rules, idle=not rules, words=_said(concept[key]))


def _said(entries: Spot) -> frozenset[str]:
    """The words, or the codes of a list of codings, as a request would say them."""
    said = [entry["code"].text if "code" in entry else entry.text for entry in entries.each()]
    return frozenset(map(whole, said))
