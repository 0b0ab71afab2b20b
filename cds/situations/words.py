"""The words of the short form as FHIR CodeableConcepts (words.yaml). Refuses a word that is not there."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from cds.errors import CdsError

SYSTEMS = {
    "rxnorm": "http://www.nlm.nih.gov/research/umls/rxnorm",
    "ndc": "http://hl7.org/fhir/sid/ndc",
    "atc": "http://www.whocc.no/atc",
    "cvx": "http://hl7.org/fhir/sid/cvx",
    "icd10": "http://hl7.org/fhir/sid/icd-10-cm",
    "snomed": "http://snomed.info/sct",
    "loinc": "http://loinc.org",
}


def cases_folder() -> Path:
    """The folder of written cases: the package's own, or the one beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "_cases", package.parent / "fhir_fixtures" / "cases"):
        if folder.is_dir():
            return folder
    raise CdsError("the written cases are missing from this installation; install ivig-cds again", str(package))


def read_yaml(path: Path) -> Any:
    """A YAML file in which every scalar is text, as in the rule book: `on` is a word, `03` keeps its zero."""
    return yaml.load(path.read_text("utf-8"), Loader=yaml.CBaseLoader)


@cache
def _book() -> dict[str, dict[str, dict[str, str]]]:
    book: dict[str, dict[str, dict[str, str]]] = read_yaml(cases_folder() / "words.yaml")
    return book


def concept(group: str, word: str) -> dict[str, Any]:
    """The CodeableConcept of a word of a group, or of a bare ICD-10-CM or SNOMED CT code where one is written."""
    entry = _book()[group].get(word)
    if entry is None:
        if re.fullmatch(r"[A-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?", word):
            return {"coding": [{"system": SYSTEMS["icd10"], "code": word}]}
        if re.fullmatch(r"\d{6,18}", word):
            return {"coding": [{"system": SYSTEMS["snomed"], "code": word}]}
        raise KeyError(f"no word {word!r} among {group} in words.yaml")
    made: dict[str, Any] = {}
    coding = [_coding(name, written) for name, written in entry.items() if name != "text"]
    if coding:
        made["coding"] = coding
    if "text" in entry:
        made["text"] = entry["text"]
    return made


def _coding(name: str, written: str) -> dict[str, str]:
    code, _, display = written.partition(" ")
    return {"system": SYSTEMS[name], "code": code} | ({"display": display} if display else {})


def hl7(code_system: str, code: str) -> dict[str, Any]:
    """A CodeableConcept of one of HL7's own code systems."""
    return {"coding": [{"system": f"http://terminology.hl7.org/CodeSystem/{code_system}", "code": code}]}
