"""The longest values that words can meet: what the tables hold, and the widest plausible of what is measured."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from cds.facts.base import DAY, FLAG, HIDDEN, NUMBER, TERM
from cds.knowledge import Knowledge

_DAY = date(2026, 12, 28)
_NUMBERS = {"mg/kg": 8888.5, "kg": 388.5, "g": 388.5, "years": 108, "days": 365, "months": 11}
_WIDEST_NUMBER = 8888.5
_REFERENCE = "MedicationRequest/1"
_DRUG = "Sulfamethoxazole / Trimethoprim"
_DOSE = "1,000 mg/kg/day"
_LIMIT = "4000 mg/kg"
_ROUTES = "subcutaneous or intramuscular"
_SENTENCE = "Estimated GFR 38 mL/min/1.73 m2 (2026-11-10)"

Samples = Mapping[str, tuple[Any, ...]]
"""For every attribute the values to try, the longest first."""


class Longest:
    """Samples of every attribute, made from the tables once."""

    def __init__(self, knowledge: Knowledge) -> None:
        products, indications = knowledge.products, knowledge.indications
        tabled = [id for id in indications.ids if indications.tabled(id)]
        rows = [row for id in indications.ids for row in indications.rows(id)]
        rows += [row for id in products.ids for row in products.page(id).label]
        product = _longest(products.page(id).name for id in products.ids)
        self._terms = {of: _longest(words) for of, words in knowledge.terms.items()}
        self._hidden = {
            "product_name": product,
            "other_name": product,
            "indication_name": _longest(indications.name(id) for id in tabled or indications.ids),
            "printed": _longest(row.printed for row in rows),
            "name": _DRUG,
            "dose_text": _DOSE,
            "label_routes": _ROUTES,
        }

    def of(self, attributes: Mapping[str, Mapping[str, Any]]) -> Samples:
        """The samples of a kind with these attributes (the shape of `facts.attributes`)."""
        made = {name: self._values(name, about) for name, about in attributes.items()}
        limits = {"printed": (_LIMIT,)} if "printed" in made and "limit" in made else {}
        return {"ref": (_REFERENCE,), "says": (_SENTENCE,)} | made | limits

    def _values(self, name: str, about: Mapping[str, Any]) -> tuple[Any, ...]:
        type_, of = about.get("type"), self._terms.get(about.get("of", ""))
        if type_ == NUMBER:
            return (_NUMBERS.get(about.get("unit", ""), _WIDEST_NUMBER),)
        if type_ == DAY:
            return (_DAY,)
        if type_ == FLAG:
            return (True, False)
        if type_ == TERM:
            members = sorted(about.get("members", ()), key=len, reverse=True)
            return (of, "unknown") if of else (*members,) or ("unknown",)
        return (self._hidden.get(name, _SENTENCE) if type_ == HIDDEN else _REFERENCE,)


def _longest(words: Any) -> str:
    return max(words, key=lambda word: (len(word), word), default="")
