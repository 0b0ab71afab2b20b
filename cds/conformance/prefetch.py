"""D4 and D5: the prefetch templates of discovery, which every client must be able to fill in and to answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from cds.conformance.check import Remark, Remarks, fails, line, passes, warns
from cds.conformance.examination import Examination
from cds.conformance.samples import CONTEXTS
from cds.conformance.shape import objects, quoted

_TOKEN = re.compile(r"\{\{([^{}]*)\}\}")
_ROOT = re.compile(r"context\.(\w+)")
_USER = re.compile(r"user(Practitioner|PractitionerRole|Patient|RelatedPerson)Id")
_EXPRESSION = re.compile(r"\w\(|%|\||(?<!\w)context\.\w+\.\w")
"""What only the FHIRPath of CDS Hooks 3.0 may hold: functions, variables, unions, paths below the root."""
_FUNCTION = re.compile(r"\w\(|%|\|")
_FIELDS = frozenset({"patientId", "userId", "encounterId", "performer"})
"""The root fields of published hooks that are primitive."""
_QUERY = re.compile(r"(?P<type>[A-Z][A-Za-z]+)(?:/(?P<id>[^/?$]+)|\?(?P<search>.+))")
_PARAMETER = re.compile(r"(?P<name>_?[a-zA-Z][\w-]*)(?P<modifier>:[\w-]+)?(?P<chain>[.:].*)?")
_RESULT = frozenset({"_count", "_sort", "_id", "_lastUpdated", "_profile", "_security", "_tag"})
_FILLED = "x"


@line("D4", "Prefetch tokens are primitive fields at the root of the context")
def tokens(examination: Examination) -> Remarks:
    for place, query, hook, third in _templates(examination):
        found = _TOKEN.findall(query)
        if re.search(r"[{}]", _TOKEN.sub("", query)):
            yield fails(f"{place}: a brace that is no token {{{{…}}}}")
        for token in map(str.strip, found):
            yield _token(place, token, hook, third)
        if not found:
            yield passes("queries without a token")


def _token(place: str, token: str, hook: str, third: bool) -> Remark:
    if _USER.fullmatch(token):
        return passes("tokens")
    root = _ROOT.fullmatch(token)
    if root is None:
        if (third and _EXPRESSION.search(token)) or _FUNCTION.search(token):
            return passes("FHIRPath tokens (see D5)")
        return fails(f"{place}: {quoted(token)} is no field at the root of the context")
    known = CONTEXTS[hook]() | {"encounterId": ""} if hook in CONTEXTS else {}
    if root[1] in known and root[1] not in _FIELDS:
        return fails(f"{place}: {quoted(token)} is no primitive field")
    if known and root[1] not in known:
        return warns(f"{place}: {quoted(token)} is no field of the hook {hook}")
    return passes("tokens")


@line("D5", "Prefetch queries keep to the reads and searches that every client can answer")
def subset(examination: Examination) -> Remarks:
    for place, query, _, third in _templates(examination):
        expressions = [token for token in _TOKEN.findall(query) if _FUNCTION.search(token)]
        if expressions and not third:
            yield warns(f"{place}: FHIRPath of CDS Hooks 3.0, without a version that says 3")
        filled = _QUERY.fullmatch(_TOKEN.sub(_FILLED, query))
        if filled is None:
            yield fails(f"{place}: {quoted(query)} is neither Type/id nor Type?search")
            continue
        beyond = list(_beyond(filled["search"] or ""))
        yield from (warns(f"{place}: {what}") for what in beyond)
        if not beyond:
            yield passes("queries")


def _beyond(search: str) -> Iterator[str]:
    """What of a search is outside the recommended subset."""
    for part in filter(None, search.split("&")):
        name, _, value = unquote(part).partition("=")
        written = _PARAMETER.fullmatch(name)
        if written is None or not value:
            yield f"{quoted(part)} is no search parameter"
        elif written["name"].startswith("_") and written["name"] not in _RESULT:
            yield f"{quoted(written['name'])} is outside the subset"
        elif written["chain"]:
            yield f"{quoted(name)} is a chained search"
        elif written["modifier"] not in (None, ":in"):
            yield f"the modifier {quoted(written['modifier'])} is outside the subset"
        elif "$" in value.replace("\\$", ""):
            yield f"{quoted(written['name'])} is a composite search"
        elif re.match(r"(ne|sa|eb|ap)\d{4}", value):
            yield f"the prefix {quoted(value[:2])} is outside the subset"


def _templates(examination: Examination) -> Iterator[tuple[str, str, str, bool]]:
    """Every template: its place, the query, the hook, and whether the service says that it speaks 3.0."""
    for number, service in enumerate(objects(list(examination.offered))):
        prefetch = service.get("prefetch")
        for key, query in prefetch.items() if isinstance(prefetch, dict) else ():
            if isinstance(query, str):
                third = str(service.get("version", "")).startswith("3")
                yield f"services[{number}].prefetch.{key[:40]}", query, str(service.get("hook")), third
