"""FHIR elements as they really come: lenient about shape, never guessing. Anything malformed reads as nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_ZERO_WIDTH = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))


@dataclass(frozen=True, slots=True)
class Coding:
    """One coding as written: system URI, code, display; "" where a part is missing."""

    system: str
    code: str
    display: str = ""


def clean(value: object) -> str:
    """A string without zero-width characters and outer white space; "" for anything else."""
    if not isinstance(value, str):
        return ""
    return value.strip() if value.isascii() else value.translate(_ZERO_WIDTH).strip()


def items(value: object) -> Iterator[Mapping[str, Any]]:
    """The objects of a list, or the object itself where one stands in place of a list."""
    for item in value if isinstance(value, list | tuple) else [value]:
        if isinstance(item, Mapping):
            yield item


def codings(concept: object) -> tuple[Coding, ...]:
    """Every coding of a CodeableConcept (or of a list of them) that has a code."""
    return tuple(
        Coding(clean(coding.get("system")), code, clean(coding.get("display")))
        for one in items(concept)
        for coding in items(one.get("coding"))
        if (code := clean(coding.get("code")))
    )


def texts(concept: object) -> tuple[str, ...]:
    """The words of a CodeableConcept (or of a list of them): its text, then the displays; each once."""
    own: list[str] = []
    coded: list[str] = []
    bare: list[str] = []
    for one in items(concept):
        own.append(clean(one.get("text")))
        for coding in items(one.get("coding")):
            (coded if clean(coding.get("code")) else bare).append(clean(coding.get("display")))
    return tuple(dict.fromkeys(word for word in (*own, *coded, *bare) if word))


def status(resource: Mapping[str, Any], element: str = "status") -> str:
    """A status code, whether a code or a CodeableConcept, without stray white space, in lower case; "" if absent."""
    value = resource.get(element)
    if isinstance(value, str):
        return clean(value).lower()
    found = codings(value)
    return found[0].code.lower() if found else next(iter(texts(value)), "").lower()


def resource_ref(resource: Mapping[str, Any]) -> str:
    """ "Type/id" of a resource; "Type" alone where it has no id."""
    kind, id_ = clean(resource.get("resourceType")), clean(resource.get("id"))
    return f"{kind}/{id_}" if id_ else kind


def reference_key(reference: object) -> str:
    """What a Reference points to: "Type/id" of a relative or absolute URL, "urn:…", "#…"; "" where it has no URL."""
    value = clean(reference.get("reference")) if isinstance(reference, Mapping) else clean(reference)
    if not value or value.startswith(("#", "urn:")):
        return value
    value = re.sub(r"/_history/.*$", "", value.split("?")[0].rstrip("/"))
    return "/".join(value.split("/")[-2:])


def is_about(reference: object, patient_id: str, urls: frozenset[str] = frozenset()) -> bool | None:
    """Whether a subject is the patient of the call: None where the reference cannot tell (absent, identifier only).

    `urls` are the fullUrls under which this patient's own resource came.
    """
    key = reference_key(reference)
    if not key:
        return None
    raw = clean(reference.get("reference")) if isinstance(reference, Mapping) else clean(reference)
    if key in urls or raw in urls:
        return True
    if key.startswith(("urn:", "#")):
        return None
    return key in (patient_id, f"Patient/{patient_id}")
