"""Watched drugs: NSAIDs, aspirin, nephrotoxic drugs, estrogens, acetaminophen.

A product counts by the ingredients it holds, never by its name: acetaminophen with ibuprofen is an NSAID. ATC codes
match only as listed (M01A also holds glucosamine and chondroitin). Texts count only where no code decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Literal

from cds.knowledge.codes import Atc, Code, Ndc, RxNorm
from cds.knowledge.drug_table import CLASSES, DrugClass, Row, drug_classes
from cds.knowledge.matching import Own
from cds.knowledge.sheet import Sheet
from cds.knowledge.words import Entry, Negation, WordTable

Weight = Literal["high", "moderate", "low", "no"]
Systemic = Literal["yes", "no", "unknown"]
_WEIGHTS: tuple[Weight, ...] = ("high", "moderate", "low")
_JOINED = re.compile(r"\s[/+&]\s|\b(?:and|with)\b", re.IGNORECASE)
"""What stands in a text between two drugs of one order; a unit has no space around its stroke."""


@dataclass(frozen=True, slots=True)
class DrugMatch:
    """A watched drug, named by the watched ingredients it holds.

    `nephrotoxic` is the weight of its class, `systemic` whether its form reaches the circulation.
    `systemic` says nothing of dose or route as ordered: read the order's route as well. It is `no` also for what is
    taken by mouth and then hardly absorbed or too little to matter (vancomycin, acyclovir). Systemic NSAIDs weigh
    `moderate` as nephrotoxic. `combined` tells that it is known to hold another drug as well, watched or not.
    """

    name: str
    nsaid: bool = False
    aspirin: bool = False
    nephrotoxic: Weight = "no"
    estrogen: bool = False
    acetaminophen: bool = False
    combined: bool = False
    systemic: Systemic = "unknown"
    from_text: bool = False


class Drugs:
    """Watched drugs by RxNorm, NDC, ATC, a site's codes and text."""

    def __init__(
        self, rows: Mapping[str, Row], rxcui_by_ndc: Mapping[str, str], table: Sheet, negation: Negation
    ) -> None:
        table.known((*CLASSES, "brands", "forms"))
        self._classes = drug_classes(table)
        self._own = Own[DrugMatch]()
        self._rows, self._rxcui_by_ndc = rows, rxcui_by_ndc
        self._by_rxcui = {rxcui: one for one in self._classes.values() for rxcui in one.rxnorm}
        self._by_atc = {atc: one for one in self._classes.values() for atc in one.atc}
        words = [Entry(word, one.name, True) for one in self._classes.values() for word in one.words]
        brands = [
            Entry(row.name, f"brand {rxcui}", True)
            for rxcui, row in rows.items()
            if row.tty == "BN" and self._held(row.ingredients)
        ]
        self._text = WordTable([*words, *brands], negation, conditions=False)
        forms = table.sub("forms")
        kinds = ("local", "skin", "oral", "systemic")
        forms.known((*kinds, "for_the_body"))
        for_the_body = forms.sub("for_the_body")
        for_the_body.known(self._classes)
        said = [Entry(word, kind) for kind in kinds for word in forms.words(kind)]
        said += [Entry(word, _body(name)) for name in self._classes for word in for_the_body.words(name)]
        self._forms = WordTable(said, None)

    @property
    def ids(self) -> frozenset[str]:
        """The name of every ingredient that is watched."""
        return frozenset(self._classes)

    def with_own(self, own: Mapping[Code, tuple[Sequence[str], Systemic]]) -> Drugs:
        """The same drugs with a site's codes: the ingredients that each holds, and its form."""
        made = copy(self)
        made._own = Own({code: _match([self._classes[id] for id in ids], form) for code, (ids, form) in own.items()})
        return made

    def classify(self, codes: Sequence[Code], texts: Sequence[str]) -> DrugMatch | None:
        """The watched drug that codes, else texts, name; None for any other drug."""
        for code in codes:
            match = self._coded(code)
            if match is not None:
                return match
        return next((match for text in texts if (match := self._written(text)) is not None), None)

    def known(self, code: Code) -> bool:
        """Whether the code is that of a watched drug."""
        return self._coded(code) is not None

    def ingredient(self, name: str) -> RxNorm | None:
        """The RxNorm code of a watched ingredient by itself; None where it has none. Raises KeyError."""
        return next(map(RxNorm, self._classes[name].rxnorm), None)

    def holding(self, name: str) -> Iterable[Code]:
        """Every RxNorm code of a product that holds the drug of that name, and its NDCs."""
        wanted = {rxcui for one in self._classes.values() if one.name == name for rxcui in one.rxnorm}
        found = {rxcui for rxcui, row in self._rows.items() if wanted.intersection(row.ingredients)}
        return [*map(RxNorm, found), *(Ndc(ndc) for ndc, rxcui in self._rxcui_by_ndc.items() if rxcui in found)]

    def _coded(self, code: Code) -> DrugMatch | None:
        own = self._own.of(code)
        if own is not None:
            return own
        if isinstance(code, Ndc):
            rxcuis = {rxcui for ndc in code.candidates if (rxcui := self._rxcui_by_ndc.get(ndc)) is not None}
            return self._coded(RxNorm(rxcuis.pop())) if len(rxcuis) == 1 else None
        if isinstance(code, RxNorm):
            row = self._rows.get(code.value)
            if row is None:
                return None
            held = self._held(row.ingredients)
            systemic = _unabsorbed(row, held) or row.systemic
            return _match(held, systemic, combined=len(row.ingredients) > 1) if held else None
        if isinstance(code, Atc) and code.value in self._by_atc:
            return _match([self._by_atc[code.value]], "unknown")
        return None

    def _written(self, text: str) -> DrugMatch | None:
        held: list[DrugClass] = []
        unsaid: set[Systemic] = set()
        combined = bool(_JOINED.search(text))
        for id in sorted(self._text.find(text)):
            row = self._rows[id.removeprefix("brand ")] if id.startswith("brand ") else None
            held += self._held(row.ingredients) if row is not None else [self._classes[id]]
            unsaid.add("no" if row is not None and row.systemic == "no" else "unknown")
            combined = combined or (row is not None and len(row.ingredients) > 1)
        form = self._form(text, held, unsaid)
        return _match(held, form, from_text=True, combined=combined) if held else None

    def _form(self, text: str, held: Iterable[DrugClass], unsaid: set[Systemic]) -> Systemic:
        """By the words of the text; where none tells the form, a brand that is sold only as a local form does.

        What is put on the skin is local, but for estrogens, which are put there to reach the whole body.
        """
        said = self._forms.find(text)
        if "no" not in unsaid and any(_body(one.name) in said for one in held):
            return "yes"
        if "local" in said:
            return "no"
        if "skin" in said:
            return "yes" if all(one.section == "estrogens" for one in held) else "no"
        if "systemic" in said:
            return "yes"
        if "oral" in said:
            return "no" if all(one.injected_only for one in held) else "yes"
        return "no" if unsaid == {"no"} else "unknown"

    def _held(self, ingredients: Iterable[str]) -> list[DrugClass]:
        return [self._by_rxcui[rxcui] for rxcui in ingredients if rxcui in self._by_rxcui]


def _body(drug: str) -> str:
    """The id of words that name a form of a drug that is made for the whole body."""
    return f"{drug} for the body"


def _unabsorbed(row: Row, held: Iterable[DrugClass]) -> Literal["no"] | None:
    """ "no" for a product to be taken by mouth of which that leaves nothing to watch."""
    return "no" if " Oral " in row.name and all(one.injected_only for one in held) else None


def _match(held: list[DrugClass], systemic: Systemic, *, from_text: bool = False, combined: bool = False) -> DrugMatch:
    nsaid = any(one.section == "nsaids" for one in held)
    weights = {one.weight for one in held} | ({"moderate"} if nsaid and systemic != "no" else set())
    names = list(dict.fromkeys(one.name for one in held))
    return DrugMatch(
        name=" / ".join(names),
        nsaid=nsaid,
        aspirin=any(one.section == "aspirin" for one in held),
        nephrotoxic=next((weight for weight in _WEIGHTS if weight in weights), "no"),
        estrogen=any(one.section == "estrogens" for one in held),
        acetaminophen=any(one.section == "acetaminophen" for one in held),
        combined=combined or len(names) > 1,
        systemic=systemic,
        from_text=from_text,
    )
