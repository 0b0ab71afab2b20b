"""The tables of drugs: RxNorm products with their ingredients and form, NDCs, and the classes by ingredient."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from cds.errors import Fault
from cds.knowledge.files import Files
from cds.knowledge.sheet import USED, Sheet

CLASSES = ("nsaids", "aspirin", "acetaminophen", "estrogens", "nephrotoxic")
"""The sections of drug_classes.yaml."""

_DRUGS, _NDC = "tables/drugs.csv", "tables/ndc.csv"
_COLUMNS = ("rxcui", "tty", "name", "group", "ingredients", "systemic", "status", "sources")
_SYSTEMIC: dict[str, Literal["yes", "no", "unknown"]] = {"yes": "yes", "no": "no", "": "unknown"}


@dataclass(frozen=True, slots=True)
class Row:
    """One RxNorm concept: its type (IN, PIN, MIN, BN, SCD, SBD, GPCK, BPCK), the ingredients it holds, its form."""

    tty: str
    name: str
    group: str
    ingredients: tuple[str, ...]
    systemic: Literal["yes", "no", "unknown"]


@dataclass(frozen=True, slots=True)
class DrugClass:
    """One ingredient that is watched, by all its codes and words; `weight` is that of a nephrotoxic drug.

    `injected_only` marks one that, taken by mouth, is hardly absorbed or too little to matter.
    """

    section: str
    name: str
    weight: str
    rxnorm: tuple[str, ...]
    atc: tuple[str, ...]
    words: tuple[str, ...]
    injected_only: bool = False


def drug_rows(files: Files) -> dict[str, Row]:
    """The usable rows of drugs.csv by rxcui."""
    found: dict[str, Row] = {}
    known = files.notes.sources.keys()
    for line, (rxcui, tty, name, group, held, systemic, status, sources) in enumerate(files.table(_DRUGS, _COLUMNS), 2):
        if rxcui in found or systemic not in _SYSTEMIC or not known >= set(sources.split("|")):
            what = "a code given twice, an unknown form word, or a source that is not in sources.yaml"
            files.notes.faults.append(Fault(_DRUGS, line, f"{rxcui}: {what}"))
        elif status in USED:
            found[rxcui] = Row(tty, name, group, tuple(held.split("|")) if held else (), _SYSTEMIC[systemic])
    return found


def ndc_rows(files: Files, rows: Iterable[str]) -> dict[str, str]:
    """The NDCs of ndc.csv with the rxcui each stands for."""
    table = files.table(_NDC, ("ndc", "rxcui"))
    known = frozenset(rows)
    for line, (ndc, rxcui) in enumerate(table, 2):
        if len(ndc) != 11 or rxcui not in known:
            files.notes.faults.append(Fault(_NDC, line, f"{ndc}: not eleven digits, or its rxcui is not in drugs.csv"))
    found = {row[0]: row[1] for row in table}
    if len(found) != len(table):
        files.notes.faults.append(Fault(_NDC, 1, "an NDC is given twice"))
    return found


def drug_classes(table: Sheet) -> dict[str, DrugClass]:
    """The usable classes of drug_classes.yaml by name."""
    found: dict[str, DrugClass] = {}
    brands = table.sub("brands")
    for section in CLASSES:
        weighed = section == "nephrotoxic"
        for name, one in table.sub(section).each():
            one.known(("weight", "class", "rxnorm", "atc", "words", "injected_only", "status", "sources"))
            if name in found:
                one.fault(f"{name} stands in two classes")
            weight = one.word("weight", ("high", "moderate", "low")) if weighed else "no"
            if one.proven():
                words = *one.words("words"), *brands.words(name)
                codes = one.words("rxnorm"), one.words("atc")
                found[name] = DrugClass(section, name, weight, *codes, words, one.flag("injected_only"))
    brands.known(found)
    return found
