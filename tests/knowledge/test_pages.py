"""Every page says what was read about its product, fact by fact, and no number of a page escapes the comparison."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

HERE = Path(__file__).parent
PAGES = HERE.parents[1] / "rules" / "products"
READ: dict[str, dict[str, Any]] = yaml.load((HERE / "products_read.yaml").read_text("utf-8"), Loader=yaml.BaseLoader)
FORMS = ("mg_per_kg_h", "mg_per_kg_min", "ml_per_kg_h", "ml_per_kg_min")
ELSEWHERE = {"note", "warning", "status_note", "routes_note", "availability", "form", "why", "words", "sources"}
"""Texts that no rule reads; words of a product, which the tests of identification hold; keys of sources."""

Page = dict[str, Any]


def _page(id: str) -> Page:
    page: Page = yaml.load((PAGES / f"{id}.yaml").read_text("utf-8"), Loader=yaml.BaseLoader)
    return page


def _proof(entry: Page) -> str:
    return f" | {entry['status']} | {' '.join(entry['sources'])}"


def _fact(entry: Page) -> str:
    value = entry["value"]
    return (value if isinstance(value, str) else " ".join(value)) + _proof(entry)


def _sugar(entry: Page) -> str:
    amount = re.sub(r" \(.*\)", "", entry.get("amount", ""))
    return entry["value"] + (f" {amount}" if re.search(r"\d", amount) else "") + _proof(entry)


def _iga(entry: Page) -> str:
    value = entry["value"] if isinstance(entry["value"], str) else " ".join(entry["value"])
    return f"{entry['basis']} {value}" + (f" at {entry['at']}" if "at" in entry else "") + _proof(entry)


def _forms(entry: Page) -> str:
    return " ".join(f"{form} {entry[form]}" for form in FORMS if form in entry)


def _numbers(text: str) -> list[str]:
    return re.findall(r"\d+(?:\.\d+)?", text)


def _dose(row: Page) -> str:
    most = f" course_max {row['course_max']}" if "course_max" in row else ""
    printed = " ".join(re.findall(r"[\d.]+", row["printed"]))
    return f"{row['indication']} {row['low']}-{row['high']} per {row['per']}{most} printed {printed}{_proof(row)}"


def _rates(row: Page) -> list[str]:
    highest = row["highest"]
    also = [number for number in _numbers(row["printed"]) if number not in highest.values()]
    lost = [number for number in highest.values() if number not in _numbers(row["printed"])]
    told = (
        f"{row['indication']} {_forms(highest)}" + f" also {' '.join(also)}" * bool(also) + " not printed" * bool(lost)
    )
    rows = [told + _proof(row)]
    if initial := row.get("initial"):
        minutes = f" first_minutes {initial['first_minutes']}" if "first_minutes" in initial else ""
        rows.append(f"{row['indication']} initial {_forms(initial)}{minutes}{_proof(initial)}")
    return rows


def _at_risk(entry: Page) -> str:
    if "text" in entry:
        return entry["text"] + _proof(entry)
    lost = sorted(_numbers(entry["printed"])) != sorted(_numbers(_forms(entry)))
    return "below " * ("below" in entry) + _forms(entry) + " not printed" * lost + _proof(entry)


def _age(row: Page) -> str:
    return f"{row['indication']} {row['min_age_years']}" + " adults" * ("adults" in row) + _proof(row)


def _vial(row: Page) -> str:
    size = re.sub(r" (pack|powder|syringe)$", "", row["vial"])
    codes = "".join(f" {key} {row[key]}" for key in ("sbd", "scd", "bpck", "gpck") if key in row)
    return " ".join([f"{size}{codes} ndc", *row["ndc"]])


ENTRIES: dict[str, Callable[[Page], str]] = {
    "routes": _fact,
    "not_routes": _fact,
    "sugar": _sugar,
    "sucrose_free": _fact,
    "stabilizer": _fact,
    "proline": _fact,
    "at_risk_rate": _at_risk,
    "ndc": _fact,
    "hcpcs": _fact,
    "atc": _fact,
}
ROWS: dict[str, Callable[[Page], str]] = {
    "contraindicated_in": lambda row: row["concept"] + _proof(row),
    "avoid_in": lambda row: row["concept"] + _proof(row),
    "label": _dose,
    "ages": _age,
}


def _said(page: Page) -> Page:
    """A page in the words of products_read.yaml."""
    said: Page = {key: say(page[key]) for key, say in ENTRIES.items() if key in page}
    said |= {key: list(map(say, page[key])) for key, say in ROWS.items() if page.get(key)}
    said |= {"name": page["name"], "market": page["market"]}
    if "strengths_mg_per_ml" in page:
        said["strengths"] = _fact(page["strengths_mg_per_ml"])
    if "iga_ug_per_ml" in page:
        said["iga"] = _iga(page["iga_ug_per_ml"])
    if "rates" in page:
        said["rates"] = [line for row in page["rates"] for line in _rates(row)]
    if "not_under" in page:
        entry = page["not_under"]
        said["not_under"] = f"{entry['years']} {entry['market']}{_proof(entry)}"
    rxnorm = page.get("rxnorm", {})
    if "brand" in rxnorm:
        said["brand"] = f"{rxnorm['brand']['code']} {rxnorm['brand']['display']}{_proof(rxnorm)}"
    if "substance" in rxnorm:
        said["substance"] = f"{rxnorm['substance']['code']}{_proof(rxnorm)}"
    if rxnorm.get("vials"):
        said["vials"] = sorted(map(_vial, rxnorm["vials"]))
    listed = rxnorm.get("ndc_products", [])
    if listed:
        said["ndc_products"] = " ".join(listed)
    if "ndc_products" in page:
        said["openfda"] = _fact(page["ndc_products"])
    return said


def _read(id: str) -> Page:
    """What was read, with a product's openFDA codes left out where RxNorm has them all."""
    read = copy.deepcopy(READ[id])
    codes, _, proof = read.pop("openfda", "").partition(" | ")
    more = set(codes.split()) - set(read.get("ndc_products", "").split())
    if more:
        read["openfda"] = f"{' '.join(sorted(more))} | {proof}"
    if "vials" in read:
        read["vials"].sort()
    return read


def _differences(id: str, page: Page) -> list[str]:
    """Where a page says something else than what was read; a fact read without a status is compared by its value."""
    said, read = _said(page), _read(id)
    found = []
    for key in sorted(said.keys() | read.keys()):
        mine, theirs = said.get(key, []), read.get(key, [])
        pairs = zip(*([one] if isinstance(one, str) else one for one in (mine, theirs)), strict=False)
        same = all(a == b or ("|" not in b and a.partition(" |")[0] == b) for a, b in pairs)
        if key == "name":
            same = bool(mine) and (theirs.startswith(mine) or mine in OWN_NAMES)
        if key == "sugar" and theirs == "unknown | unverified":
            same = mine.startswith(theirs)
        if len(mine if isinstance(mine, list) else [mine]) != len(theirs if isinstance(theirs, list) else [theirs]):
            same = False
        if not same:
            found.append(f"{key}: the page says {mine}, read was {theirs}")
    return found


OWN_NAMES = ("vaccinia immune globulin IV (CNJ-016)",)


def test_every_product_that_was_read_has_a_page() -> None:
    assert {path.stem for path in PAGES.glob("*.yaml")} == READ.keys()
    assert len(READ) == 31


@pytest.mark.parametrize("id", sorted(READ))
def test_a_page_says_what_was_read(id: str) -> None:
    assert _differences(id, _page(id)) == []


def _leaves(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], str]]:
    if isinstance(node, str):
        yield path, node
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in children:
        if key not in ELSEWHERE:
            yield from _leaves(child, (*path, key))


@pytest.mark.parametrize("id", sorted(READ))
def test_no_number_of_a_page_escapes(id: str) -> None:
    escaped, right = [], _page(id)
    for path, text in _leaves(right):
        for digit in re.finditer(r"\d", text):
            page = copy.deepcopy(right)
            node = page
            for key in path[:-1]:
                node = node[key]
            node[path[-1]] = text[: digit.start()] + str((int(digit[0]) + 1) % 10) + text[digit.end() :]
            if not _differences(id, page):
                escaped.append((path, text))
    assert escaped == []
