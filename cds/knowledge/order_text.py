"""What the text of an order names: the patterns and the order of decisions of tables/lookalikes.yaml."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from cds.knowledge.remembered import remembered
from cds.knowledge.sheet import Sheet

Verdict = Literal["ivig", "extravascular", "other_ig", "unresolved", "no"]
NAMED: frozenset[Verdict] = frozenset({"ivig", "extravascular", "other_ig"})
"""The verdicts that say which kind of immune globulin it is."""

_PERCENT = re.compile(r"(?<!\d)(\d+(?:\.\d+)?)\s*%")
_PER_ML = re.compile(r"(?<!\d)(\d+(?:\.\d+)?)\s*mg\s*/\s*ml\b", re.IGNORECASE)
_LONGEST = 5000
"""Characters of a text that is read as the name of a drug; the patterns take seconds for a megabyte."""
_ROUTELESS = "the text says immune globulin without a route"
_G_PER_100 = Decimal(10)


@dataclass(frozen=True, slots=True)
class TextReading:
    """What texts say: `products` are those whose brand they name, `brand` whether they name one at all.

    `conflict`: they name two different products. `open`: immune globulin, only the route is not said.
    """

    verdict: Verdict
    why: str = ""
    products: frozenset[str] = frozenset()
    brand: bool = False
    strength: Decimal | None = None
    conflict: bool = False
    open: bool = False


@dataclass(frozen=True, slots=True)
class Patterns:
    """The compiled patterns, each list in the order of the table; `glance` are parts of which every match has one."""

    glance: tuple[str, ...]
    reject: tuple[tuple[str, re.Pattern[str]], ...]
    extravascular: tuple[tuple[str, re.Pattern[str]], ...]
    review: tuple[tuple[str, re.Pattern[str]], ...]
    accept_brand: tuple[tuple[str, re.Pattern[str]], ...]
    accept_generic: tuple[tuple[str, re.Pattern[str]], ...]
    unresolved: tuple[tuple[str, re.Pattern[str]], ...]

    @classmethod
    def of(cls, sheet: Sheet) -> Patterns:
        """The section `text`; a pattern that does not compile is a fault."""
        names = ("reject", "extravascular", "review", "accept_brand", "accept_generic", "unresolved")
        sheet.known(("glance", *names))
        glance = tuple(word.casefold() for word in sheet.words("glance"))
        keyed = {name: _keyed(sheet, name) for name in names}
        return cls(glance, **{name: tuple(_compiled(sheet, name, keyed[name])) for name in names})


class OrderText:
    """Reads texts. `brands` maps each brand as written to the products it may be, of any route."""

    def __init__(self, patterns: Patterns, brands: Mapping[str, Collection[str]]) -> None:
        self._patterns = patterns
        self._brands = {_squeezed(brand): frozenset(products) for brand, products in brands.items()}
        longest_first = sorted(self._brands, key=len, reverse=True)
        self._brand = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first)) or '(?!)'})(?!\w)")
        self._remembered = remembered(self._read)

    def read(self, text: str) -> TextReading:
        """What the text names; `no` where it names no immune globulin."""
        return self._remembered(text)

    def _read(self, text: str) -> TextReading:
        found = self._patterns
        folded = text.casefold()
        if not any(part in folded for part in found.glance):
            return TextReading("no")
        if len(text) > _LONGEST:
            return TextReading("unresolved", "the text is too long for the name of a drug")
        products = self._named(text)
        other: Verdict = "other_ig" if (rejected := _first(found.reject, text)) else "extravascular"
        rejected = rejected or _first(found.extravascular, text)
        branded = _first(found.accept_brand, text) is not None
        accepted = branded or _first(found.accept_generic, text) is not None
        if rejected and branded:
            return TextReading("unresolved", "the text names two products", products, True, conflict=True)
        if rejected:
            return TextReading(other, f"the text says so ({rejected})", products, bool(products), strength(text))
        if accepted and (review := _first(found.review, text)):
            return TextReading("unresolved", f"the text needs a look ({review})", products, branded)
        if accepted:
            return TextReading("ivig", "the text says so", products, branded, strength(text))
        if _first(found.unresolved, text):
            return TextReading("unresolved", _ROUTELESS, strength=strength(text), open=True)
        return TextReading("no")

    def _named(self, text: str) -> frozenset[str]:
        named = [self._brands[match.group()] for match in self._brand.finditer(_squeezed(text))]
        return frozenset[str]().union(*named)


def strength(text: str) -> Decimal | None:
    """The one strength in mg/mL that a text says as a percentage or as mg/mL; None for none or several."""
    found = {Decimal(word) * _G_PER_100 for word in _PERCENT.findall(text)} | set(map(Decimal, _PER_ML.findall(text)))
    return found.pop() if len(found) == 1 else None


def _first(patterns: Iterable[tuple[str, re.Pattern[str]]], text: str) -> str | None:
    return next((key for key, pattern in patterns if pattern.search(text)), None)


def _squeezed(text: str) -> str:
    return re.sub(r"\s*/\s*", "/", " ".join(text.casefold().replace("®", " ").replace("™", " ").split()))


def _keyed(sheet: Sheet, name: str) -> list[tuple[str, str]]:
    if name in ("reject", "extravascular", "review"):
        section = sheet.sub(name)
        return [(key, section.text(key)) for key in section.node.items]
    return [(name, pattern) for pattern in sheet.words(name)]


def _compiled(sheet: Sheet, name: str, keyed: list[tuple[str, str]]) -> Iterable[tuple[str, re.Pattern[str]]]:
    for key, pattern in keyed:
        try:
            yield key, re.compile(pattern, re.IGNORECASE)
        except re.error as error:
            sheet.fault(f"{name}: the pattern {key} does not compile: {error}", sheet.line(name))
