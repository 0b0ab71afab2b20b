"""Reading Bundles as they come: without type, entry or fullUrl, nested, paged, or one resource in place of a Bundle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cds.case import Entry
from cds.fhir.read import clean, items

_NESTED = 4
"""Bundles in Bundles (a batch-response holds searchsets) are opened this deep."""


@dataclass(slots=True)
class Content:
    """What a value that should be a Bundle holds.

    `failures` are the issue codes of the OperationOutcomes in it; `gaps` say why more may exist than was found, each
    as its place (JSON path) and what is wrong there.
    """

    entries: list[Entry] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    gaps: list[tuple[str, str]] = field(default_factory=list)


def read(value: Any, where: str) -> Content:
    """Everything in a Bundle, a single resource, or a {response, resource} wrapper around either.

    `where` is the JSON path of `value`, for the gaps.
    """
    content = Content()
    _collect(value, None, where, content, _NESTED)
    return content


def failure_codes(outcome: Mapping[str, Any]) -> list[str]:
    """The codes of an OperationOutcome's issues that are more than information."""
    issues = [issue for issue in items(outcome.get("issue")) if clean(issue.get("severity")) != "information"]
    codes = [_code(issue.get("code")) for issue in issues]
    return codes if issues or outcome.get("issue") else ["unknown"]


def unwrapped(value: Any) -> Mapping[str, Any] | None:
    """The Bundle that a value is, or that a {response, resource} wrapper without trouble holds; None for all else."""
    if isinstance(value, Mapping) and "resourceType" not in value and isinstance(value.get("resource"), Mapping):
        content = Content()
        _unwrap({**value, "resource": None}, None, "", content, 0)
        value = None if content.failures else value["resource"]
    return value if isinstance(value, Mapping) and value.get("resourceType") == "Bundle" else None


def next_page(bundle: Mapping[str, Any]) -> str | None:
    """The address of the page after this one, as it is written; "" for a link without one, None for the last page."""
    for link in items(bundle.get("link")):
        if clean(link.get("relation")) == "next":
            return clean(link.get("url"))
    return None


def _code(value: object) -> str:
    """An issue code, if it looks like one: free text may hold anything."""
    code = clean(value)
    return code if code and len(code) <= 32 and code.replace("-", "").isalpha() and code.isascii() else "unknown"


def _collect(value: Any, url: str | None, where: str, content: Content, depth: int) -> None:
    match value:
        case {"resourceType": "Bundle"}:
            _open(value, where, content, depth)
        case {"resourceType": "OperationOutcome"}:
            content.failures.extend(failure_codes(value))
        case {"entry": list()} if "resourceType" not in value:
            _open(value, where, content, depth)
        case {"resourceType": str()}:
            content.entries.append(Entry(value, url))
        case {"response": _} | {"resource": _}:
            _unwrap(value, url, where, content, depth)
        case _:
            content.gaps.append((where, "is not a resource"))


def _open(bundle: Mapping[str, Any], where: str, content: Content, depth: int) -> None:
    if depth <= 0:
        content.gaps.append((where, "is a Bundle too deep in others"))
        return
    if next_page(bundle) is not None:
        content.gaps.append((where, "has further pages"))
    entries = bundle.get("entry")
    if entries is not None and not isinstance(entries, list):
        content.gaps.append((f"{where}.entry", "is not a list"))
        return
    for number, entry in enumerate(entries or ()):
        if not isinstance(entry, dict):
            content.gaps.append((f"{where}.entry[{number}]", "is not an entry"))
        elif (resource := _plain(entry)) is not None:
            content.entries.append(Entry(resource, _url(entry)))
        elif "resourceType" in entry:
            _collect(entry, None, f"{where}.entry[{number}]", content, depth - 1)
        else:
            _unwrap(entry, _url(entry), f"{where}.entry[{number}]", content, depth - 1)
    total = bundle.get("total")
    if isinstance(total, int) and total > len(entries or []):
        content.gaps.append((where, "holds fewer entries than its total"))


def _plain(entry: Mapping[str, Any]) -> dict[str, Any] | None:
    """The resource of an ordinary entry, which most are; None where a closer look is due."""
    resource = entry.get("resource")
    if "response" in entry or not isinstance(resource, dict):
        return None
    kind = resource.get("resourceType")
    return resource if isinstance(kind, str) and kind not in ("Bundle", "OperationOutcome") else None


def _url(entry: Mapping[str, Any]) -> str | None:
    url = entry.get("fullUrl")
    return url if isinstance(url, str) else None


def _unwrap(entry: Mapping[str, Any], url: str | None, where: str, content: Content, depth: int) -> None:
    """An entry, or a wrapper that looks like one: its resource, or what its response says."""
    response = entry.get("response")
    if isinstance(response, Mapping):
        status = clean(response.get("status"))
        if status[:1] in ("4", "5"):
            content.failures.append(f"HTTP {status[:3]}" if status[:3].isdigit() else "unknown")
            return
        outcome = response.get("outcome")
        if isinstance(outcome, Mapping):
            content.failures.extend(failure_codes(outcome))
    resource = entry.get("resource")
    if isinstance(resource, Mapping) and "resourceType" in resource:
        _collect(resource, url, f"{where}.resource", content, depth)
    elif resource is not None or "resource" not in entry:
        content.gaps.append((where, "holds no resource"))
