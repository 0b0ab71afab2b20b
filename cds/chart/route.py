"""The route of a dose: from its code (SNOMED CT) or its words, closed to the routes that the rules speak of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Literal

from cds.case import Resource
from cds.fhir import codings, texts
from cds.fhir.read import clean

Route = Literal["intravenous", "subcutaneous", "intramuscular", "oral", "other", "unknown"]

_SNOMED: Mapping[str, Route] = {
    "47625008": "intravenous",
    "34206005": "subcutaneous",
    "78421000": "intramuscular",
    "26643006": "oral",
}
_WORDS: tuple[tuple[Route, re.Pattern[str]], ...] = (
    ("intravenous", re.compile(r"\b(?:iv|ivpb|ivp|intra-?venous(?:ly)?|i\.v\.?)(?!\w)", re.I)),
    ("subcutaneous", re.compile(r"\b(?:sc|sq|sub-?q|subcut|sub-?cutaneous(?:ly)?|s\.c\.?)(?!\w)", re.I)),
    ("intramuscular", re.compile(r"\b(?:im|intra-?muscular(?:ly)?|i\.m\.?)(?!\w)", re.I)),
    ("oral", re.compile(r"\b(?:po|oral(?:ly)?|by mouth|enteral|ng|p\.o\.?)(?!\w)", re.I)),
    ("other", re.compile(r"\b(?:topical|intrathecal|inhal\w+|nasal|rectal|ophthalmic|intravitreal)\b", re.I)),
)


def stated(dosages: Iterable[Resource]) -> Route | None:
    """The one route of an order's dosages; None where none is stated, `unknown` where they leave it open.

    A route whose code and words say different things, or that only a code of another system tells, is unknown. The
    text of a dosage counts where it has no route and its words name exactly one.
    """
    found = {route for dosage in dosages if (route := _one(dosage)) is not None}
    if not found:
        return None
    return found.pop() if len(found) == 1 else "unknown"


def in_words(dosages: Iterable[Resource]) -> bool:
    """Whether no dosage has a route of its own, so that only its words can tell one."""
    return not any(codings(dosage.get("route")) or texts(dosage.get("route")) for dosage in dosages)


def _one(dosage: Resource) -> Route | None:
    concept = dosage.get("route")
    read, words = codings(concept), texts(concept)
    if not read and not words:
        text = f"{clean(dosage.get('text'))} {clean(dosage.get('patientInstruction'))}"
        named = {route for route, pattern in _WORDS if pattern.search(text)}
        return named.pop() if len(named) == 1 else None
    by_code = {_SNOMED[coding.code] for coding in read if "snomed" in coding.system and coding.code in _SNOMED}
    said = (*words, *(coding.code for coding in read if coding.code.isalpha()))
    by_word = {route for route, pattern in _WORDS for word in said if pattern.search(word)}
    both = by_code | by_word
    return both.pop() if len(both) == 1 else "unknown"
