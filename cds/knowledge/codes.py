"""Codes with a type of their own for each coding system, so that codes of two systems are never equal.

`read` knows the systems by URI, OID and the variants seen in real data. What a code means stands in the other files of
this room; nothing is looked up here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import ClassVar

__all__ = [
    *("Atc", "Code", "Cvx", "Hcpcs", "Icd10Cm", "Loinc", "Ndc", "OtherCode", "RxNorm", "Snomed"),
    *("known_system", "read", "system_word"),
]


@dataclass(frozen=True, slots=True)
class Loinc:
    """A LOINC code as printed, with its check digit: `2160-0`."""

    value: str
    label: ClassVar[str] = "LOINC"

    def __str__(self) -> str:
        return f"{self.label} {self.value}"


@dataclass(frozen=True, slots=True)
class RxNorm:
    """An RxNorm concept identifier (rxcui)."""

    value: str
    label: ClassVar[str] = "RxNorm"

    def __str__(self) -> str:
        return f"{self.label} {self.value}"


@dataclass(frozen=True, slots=True)
class Icd10Cm:
    """An ICD-10-CM code in upper case with its point: `D80.2`. ICD-10 of the WHO is another system."""

    value: str
    label: ClassVar[str] = "ICD-10-CM"

    def __str__(self) -> str:
        return f"{self.label} {self.value}"


@dataclass(frozen=True, slots=True)
class Snomed:
    """A SNOMED CT concept identifier, of any edition."""

    value: str
    label: ClassVar[str] = "SNOMED CT"

    def __str__(self) -> str:
        return f"{self.label} {self.value}"


@dataclass(frozen=True, slots=True)
class Ndc:
    """A National Drug Code: eleven digits (5-4-2), or ten where it was written without hyphens and stays ambiguous."""

    value: str
    label: ClassVar[str] = "NDC"

    @property
    def candidates(self) -> tuple[str, ...]:
        """The eleven-digit forms it can stand for: one, or the three paddings of ten digits."""
        code = self.value
        if len(code) == 11:
            return (code,)
        return (f"0{code}", f"{code[:5]}0{code[5:]}", f"{code[:9]}0{code[9:]}")

    def __str__(self) -> str:
        return f"{self.label} {self.value}"


@dataclass(frozen=True, slots=True)
class Atc:
    """A WHO ATC code in upper case."""

    value: str
    label: ClassVar[str] = "ATC"

    def __str__(self) -> str:
        return f"{self.label} {self.value}"


@dataclass(frozen=True, slots=True)
class Cvx:
    """A CVX vaccine code, two digits at least: `03`."""

    value: str
    label: ClassVar[str] = "CVX"

    def __str__(self) -> str:
        return f"{self.label} {self.value}"


@dataclass(frozen=True, slots=True)
class Hcpcs:
    """A HCPCS level II code in upper case: `J1569`."""

    value: str
    label: ClassVar[str] = "HCPCS"

    def __str__(self) -> str:
        return f"{self.label} {self.value}"


@dataclass(frozen=True, slots=True)
class OtherCode:
    """A code of a system without a type here (a site's own, or one that is malformed); never equal to a typed code.

    `system` is the URI as written; two are the same code where `read` would know their systems as one.
    """

    system: str = field(compare=False)
    value: str
    key: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", _key(self.system))

    def __str__(self) -> str:
        return f"{self.system} {self.value}"


Code = Loinc | RxNorm | Icd10Cm | Snomed | Ndc | Atc | Cvx | Hcpcs | OtherCode

_Plain = type[Loinc] | type[RxNorm] | type[Icd10Cm] | type[Snomed] | type[Ndc] | type[Atc] | type[Cvx] | type[Hcpcs]

_SYSTEMS: dict[str, _Plain] = {
    "loinc.org": Loinc,
    "oid:2.16.840.1.113883.6.1": Loinc,
    "www.nlm.nih.gov/research/umls/rxnorm": RxNorm,
    "oid:2.16.840.1.113883.6.88": RxNorm,
    "hl7.org/fhir/sid/icd-10-cm": Icd10Cm,
    "oid:2.16.840.1.113883.6.90": Icd10Cm,
    "www.cdc.gov/nchs/icd/icd-10-cm": Icd10Cm,
    "snomed.info/sct": Snomed,
    "oid:2.16.840.1.113883.6.96": Snomed,
    "hl7.org/fhir/sid/ndc": Ndc,
    "oid:2.16.840.1.113883.6.69": Ndc,
    "www.whocc.no/atc": Atc,
    "whocc.no/atc": Atc,
    "www.whocc.no/atc_ddd_index": Atc,
    "oid:2.16.840.1.113883.6.73": Atc,
    "hl7.org/fhir/sid/cvx": Cvx,
    "www2a.cdc.gov/vaccines/iis/iisstandards/vaccines.asp?rpt=cvx": Cvx,
    "oid:2.16.840.1.113883.12.292": Cvx,
    "www.cms.gov/medicare/coding/hcpcsreleasecodesets": Hcpcs,
    "oid:2.16.840.1.113883.6.285": Hcpcs,
}

_SHAPES: dict[_Plain, re.Pattern[str]] = {
    Loinc: re.compile(r"\d{1,7}-\d"),
    RxNorm: re.compile(r"[1-9]\d{0,7}"),
    Icd10Cm: re.compile(r"[A-Z]\d[0-9A-Z](?:\.?[0-9A-Z]{1,4})?"),
    Snomed: re.compile(r"[1-9]\d{5,17}"),
    Atc: re.compile(r"[A-Z]\d{2}[A-Z]{2}\d{2}|[A-Z]\d{2}[A-Z]{0,2}|[A-Z]"),
    Cvx: re.compile(r"\d{1,3}"),
    Hcpcs: re.compile(r"[A-Z]\d{4}"),
}

_NDC_SHAPES: frozenset[tuple[int, ...]] = frozenset({(4, 4, 2), (5, 3, 2), (5, 4, 1), (5, 4, 2)})


def read(system: str, code: str) -> Code | None:
    """The code with its type; None where there is no system or no code.

    Systems are known by URI (any case, http or https, trailing slash) and by OID (`urn:oid:…` or bare). NDCs come out
    as eleven digits, those of ten digits without hyphens as they are. A code that does not have the shape of its
    system is an OtherCode, so that it can be shown and is never matched.
    """
    system, code = system.strip(), code.strip()
    if not system or not code:
        return None
    kind = _SYSTEMS.get(_key(system))
    value = _shaped(kind, code) if kind is not None else None
    return OtherCode(system, code) if kind is None or value is None else kind(value)


def known_system(system: str) -> bool:
    """Whether a system URI is that of a typed code."""
    return _key(system.strip()) in _SYSTEMS


def system_word(code: Code) -> str:
    """The code's system as a word of a closed list, for counting: loinc, rxnorm, icd10cm, snomed, …, other."""
    return "other" if isinstance(code, OtherCode) else type(code).__name__.lower()


def _key(system: str) -> str:
    key = system.lower().rstrip("/")
    for scheme in ("https://", "http://", "urn:"):
        key = key.removeprefix(scheme)
    if key.startswith("snomed.info/sct/"):
        return "snomed.info/sct"
    return f"oid:{key}" if key.startswith("2.16.") else key


def _shaped(kind: _Plain, code: str) -> str | None:
    if kind is Ndc:
        return _ndc(code)
    upper = code.upper()
    if not _SHAPES[kind].fullmatch(upper):
        return None
    if kind is Icd10Cm:
        bare = upper.replace(".", "")
        return f"{bare[:3]}.{bare[3:]}" if len(bare) > 3 else bare
    return upper.lstrip("0").rjust(2, "0") if kind is Cvx else upper


def _ndc(code: str) -> str | None:
    if code.isascii() and code.isdigit():
        return code if len(code) in (10, 11) else None
    parts = code.split("-")
    if not all(part.isascii() and part.isdigit() for part in parts):
        return None
    if tuple(len(part) for part in parts) not in _NDC_SHAPES:
        return None
    return parts[0].rjust(5, "0") + parts[1].rjust(4, "0") + parts[2].rjust(2, "0")
