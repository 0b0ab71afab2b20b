"""Which ids a code stands for: ICD-10-CM and ATC by listed prefixes, every other system and a site's codes exactly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from types import MappingProxyType
from typing import Generic, TypeVar

from cds.knowledge.codes import Atc, Code, Cvx, Hcpcs, Icd10Cm, Loinc, Ndc, OtherCode, RxNorm, Snomed, read
from cds.knowledge.sheet import Sheet

SYSTEMS = {
    "ICD-10-CM": "http://hl7.org/fhir/sid/icd-10-cm",
    "SNOMED-CT": "http://snomed.info/sct",
    "RxNorm": "http://www.nlm.nih.gov/research/umls/rxnorm",
    "LOINC": "http://loinc.org",
    "ATC": "http://www.whocc.no/atc",
    "CVX": "http://hl7.org/fhir/sid/cvx",
    "HCPCS": "urn:oid:2.16.840.1.113883.6.285",
}
"""The systems by the names that tables give them."""

_URIS = {"SNOMED CT": SYSTEMS["SNOMED-CT"], "NDC": "http://hl7.org/fhir/sid/ndc"} | SYSTEMS
_TYPED = (Icd10Cm, Snomed, RxNorm, Loinc, Atc, Cvx, Hcpcs)


Meaning = TypeVar("Meaning")


class Own(Generic[Meaning]):
    """A site's own codes and what each means, matched exactly; an NDC of ten digits where it can be one only."""

    def __init__(self, codes: Mapping[Code, Meaning] = MappingProxyType({})) -> None:
        self._codes = codes

    def of(self, code: Code) -> Meaning | None:
        """What a code means; None for one that is not the site's."""
        if isinstance(code, Ndc) and self._codes:
            found = [self._codes[one] for one in map(Ndc, code.candidates) if one in self._codes]
            return found[0] if len(found) == 1 else None
        return self._codes.get(code)


def coding(code: Code, display: str) -> dict[str, str]:
    """A code as a Coding, with the URI of its system."""
    system = code.system if isinstance(code, OtherCode) else _URIS[code.label]
    return {"system": system, "code": code.value, "display": display}


class CodeTable:
    """Codes and the ids each stands for.

    An ICD-10-CM or ATC code stands for the ids of every listed code that it equals or begins with; none is derived.
    """

    def __init__(self, pairs: Iterable[tuple[Code, str]]) -> None:
        exact: dict[Code, set[str]] = defaultdict(set)
        for code, id in pairs:
            exact[code].add(id)
        self._exact = {code: frozenset(ids) for code, ids in exact.items()}
        self._own = Own[frozenset[str]]()

    def with_own(self, own: Own[frozenset[str]]) -> CodeTable:
        """The same table with a site's codes."""
        made = copy(self)
        made._own = own
        return made

    def of(self, code: Code) -> frozenset[str]:
        """The ids of a code; empty for an unknown one."""
        own = self._own.of(code)
        if own is not None:
            return own
        if isinstance(code, Icd10Cm | Atc):
            begins = (type(code)(code.value[:end]) for end in range(1, len(code.value) + 1))
            return frozenset[str]().union(*(self._exact.get(one, frozenset()) for one in begins))
        return self._exact.get(code, frozenset())


def listed(entries: Iterable[Sheet], *more: str) -> Iterator[Code]:
    """The codes of entries `{system, code, display, status, sources}` that are matched; faults are noted.

    `more` are keys that such an entry may have beside these.
    """
    for entry in entries:
        entry.known(("system", "code", "display", "status", "sources", "verdict", "note", *more))
        system = entry.word("system", SYSTEMS)
        code = read(SYSTEMS.get(system, ""), entry.text("code"))
        if system in SYSTEMS and not isinstance(code, _TYPED):
            entry.fault(f"{entry.text('code', '')} does not have the shape of a {system} code", entry.line("code"))
        if entry.proven() and code is not None:
            yield code
