"""Reading a site file: like a topic, everything wrong at once with file and line.

What names another table (products, concepts, rules) is checked where that table is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

from cds.errors import Fault
from cds.knowledge.codes import Code, Cvx, Ndc, OtherCode, known_system, read
from cds.knowledge.matching import SYSTEMS
from cds.knowledge.sheet import Sheet, own_file
from cds.knowledge.site import SECTIONS, GroupReasons, Section, Site, SiteCode
from cds.knowledge.vaccines import ANTIGENS
from cds.knowledge.yaml_marks import Text

_KEYS = ("name", *SECTIONS, "formulary", "override_reasons", "rules_off", "rules_on")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"|]+")
_CODE = re.compile(r"[^\s|]+( [^\s|]+)*")
_ORDERED: frozenset[Section] = frozenset({"drugs", "products", "vaccines"})
"""What an order can be for: there one code has one meaning."""
_FORMS: Mapping[str, Literal["yes", "no", "unknown"]] = {"yes": "yes", "no": "no", "": "unknown"}


def read_site(path: Path) -> tuple[Site, list[Fault]]:
    """What a site file says, and everything wrong in it by itself; with a fault it only serves to look for more."""
    sheet, faults, digest = own_file(path)
    if sheet is None:
        return Site(str(path)), faults
    sheet.known(_KEYS)
    site = Site(
        file=sheet.file,
        name=sheet.text("name", ""),
        codes=tuple(_codes(sheet)),
        formulary=sheet.once("formulary"),
        reasons=dict(_reasons(sheet)),
        rules_off=sheet.once("rules_off"),
        rules_on=sheet.once("rules_on"),
        digest=digest,
    )
    off = {rule.value for rule in site.rules_off}
    for rule in site.rules_on:
        if rule.value in off:
            sheet.fault(f"{rule.value} is switched off too", rule.line)
    return site, faults


def _codes(sheet: Sheet) -> Iterator[SiteCode]:
    seen: dict[tuple[str, Code], int] = {}
    for section in SECTIONS:
        for row in sheet.rows(section):
            found = _row(section, row)
            if found is None:
                continue
            key = "ordered" if section in _ORDERED else section, found.code
            if key in seen:
                row.fault(f"{found.code} is given twice, first on line {seen[key]}", row.line("code"))
            else:
                seen[key] = row.line("code")
                yield found


def _row(section: Section, row: Sheet) -> SiteCode | None:
    own = {"vaccines": ("antigens", "cvx"), "drugs": ("is", "systemic")}.get(section, ("is",))
    row.known(("system", "code", "display", *own))
    code, display = _code(row), row.text("display", "")
    line = row.line("is" if "is" in row else "code")
    if section == "vaccines":
        ids, cvx = _antigens(row), _cvx(row)
        return None if code is None else SiteCode(section, code, ids, line, display, cvx=cvx)
    ids = _ids(row)
    if section == "measurements" and len(ids) > 1:
        row.fault("a result is of one measurement", line)
    systemic = _FORMS.get(row.word("systemic", ("yes", "no"), ""), "unknown") if section == "drugs" else "unknown"
    return None if code is None or not ids else SiteCode(section, code, ids, line, display, systemic)


def _ids(row: Sheet) -> tuple[Text, ...]:
    """The word or the list of words under `is`."""
    node = row.node.items.get("is")
    if node is None or (isinstance(node, Text) and not node.value):
        row.fault("`is` says what the code stands for, and is missing", row.line("is"))
        return ()
    return (node,) if isinstance(node, Text) else row.once("is")


def _antigens(row: Sheet) -> tuple[Text, ...]:
    if ("antigens" in row) == ("cvx" in row):
        row.fault("a vaccine has either cvx, the code it equals, or antigens")
    found = row.once("antigens")
    if "antigens" in row and not found:
        row.fault(f"antigens are some of {', '.join(ANTIGENS)}; any other vaccine has its cvx", row.line("antigens"))
    for one in found:
        if one.value not in ANTIGENS:
            row.fault(f"{one.value} is not one of {', '.join(ANTIGENS)}", one.line)
    return found


def _cvx(row: Sheet) -> Cvx | None:
    code = read(SYSTEMS["CVX"], row.text("cvx", ""))
    if "cvx" in row and not isinstance(code, Cvx):
        row.fault(f"{row.text('cvx')} does not have the shape of a CVX code", row.line("cvx"))
    return code if isinstance(code, Cvx) else None


def _code(row: Sheet) -> Code | None:
    """The code of a row with its type; None where it is malformed, which is noted."""
    system, written = row.text("system"), row.text("code")
    if "system" in row and not _URI.fullmatch(system):
        named = SYSTEMS.get(system)
        row.fault(f"the system {system} is no URI{f': write {named}' if named else ''}", row.line("system"))
        return None
    if "code" in row and not _CODE.fullmatch(written):
        row.fault("the code is empty, or has white space around it or twice in it", row.line("code"))
        return None
    code = read(system, written)
    if isinstance(code, OtherCode) and known_system(system):
        row.fault(f"{written} does not have the shape of a code of {system}", row.line("code"))
        return None
    if isinstance(code, Ndc) and len(code.candidates) > 1:
        row.fault(f"{written} can be read as three NDCs: write its hyphens, or eleven digits", row.line("code"))
        return None
    return code


def _reasons(sheet: Sheet) -> Iterator[tuple[str, GroupReasons]]:
    for group, one in sheet.sub("override_reasons").each() if "override_reasons" in sheet else ():
        one.known(("add", "replace"))
        if len(one.node.items) != 1:
            one.fault(f"the reasons of {group} either add to the built-in ones or replace them")
        codings: dict[tuple[str, str], Mapping[str, str]] = {}
        for row in (*one.rows("add"), *one.rows("replace")):
            row.known(("system", "code", "display"))
            code, display = _code(row), row.text("display")
            if "display" in row and not display.strip():
                row.fault("a reason has a display, which the clinician reads", row.line("display"))
            key = row.text("system", ""), row.text("code", "")
            if code is not None and key in codings:
                row.fault(f"{code} is given twice", row.line("code"))
            codings[key] = {"system": key[0], "code": key[1], "display": display}
        if not codings:
            one.fault(f"no reason is given for {group}")
        yield group, GroupReasons(tuple(codings.values()), "replace" in one, sheet.sub("override_reasons").line(group))
