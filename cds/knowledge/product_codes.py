"""What a code says about immune globulin: the product pages' codes, look-alikes, and codes of whole classes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from dataclasses import dataclass, replace
from decimal import Decimal

from cds.knowledge.codes import Atc, Code, Cvx, Hcpcs, Ndc, RxNorm
from cds.knowledge.matching import CodeTable, listed
from cds.knowledge.order_text import Verdict
from cds.knowledge.product_page import Product
from cds.knowledge.sheet import Sheet

_STRENGTH = re.compile(r"(\d+(?:\.\d+)?) MG/ML")
_KINDS: Mapping[str, Callable[[str], Code]] = {"rxnorm": RxNorm, "cvx": Cvx, "hcpcs": Hcpcs, "atc": Atc}


@dataclass(frozen=True, slots=True)
class Meaning:
    """What codes say. `products` None means that they leave the product open.

    `any_route` marks the generic vial of 100 mg/mL and the like: it says immune globulin of that strength, and stands
    in subcutaneous packs too, so that a code of a product goes before it; `sold` are the products that come in that
    vial. `conflict`: two codes name different things.
    """

    verdict: Verdict
    products: frozenset[str] | None = None
    strength: Decimal | None = None
    why: str = ""
    any_route: bool = False
    sold: frozenset[str] = frozenset()
    conflict: bool = False


class ProductCodes:
    """Codes and what each says about immune globulin."""

    def __init__(
        self,
        pages: Iterable[Product],
        lookalikes: Sheet,
        names: Mapping[str, str],
        rxcui_by_ndc: Mapping[str, str],
    ) -> None:
        """`names` are RxNorm names of vials by rxcui, which tell their strength."""
        self._hyperimmune = _lookalikes(lookalikes.sub("lookalikes"))
        self._lookalike_ndc = _lookalike_ndcs(lookalikes.sub("lookalikes"))
        classes = [(code, entry) for entry in lookalikes.rows("classes") for code in listed([entry])]
        self._verdicts = {code: _verdict(entry) for code, entry in classes}
        self._classes = CodeTable((code, entry.text("code")) for code, entry in classes)
        self.pages = {page.id: page for page in pages if not page.codes & self._hyperimmune.keys()}
        """The products that are normal immune globulin; a hyperimmune page is told by its look-alike entry."""
        self._own: dict[Code, set[str]] = defaultdict(set)
        self._vials: dict[Code, set[str]] = defaultdict(set)
        self._ndc_products: dict[str, set[str]] = defaultdict(set)
        for page in self.pages.values():
            for code in page.codes:
                self._own[code].add(page.id)
            for code in page.vials:
                self._vials[code].add(page.id)
            for nine in page.ndc_products:
                self._ndc_products[nine].add(page.id)
        self._names, self._rxcui_by_ndc = names, rxcui_by_ndc
        vials = {code.value for code in self._vials}
        self._vial_packages: dict[str, set[str]] = defaultdict(set)
        for ndc, rxcui in rxcui_by_ndc.items():
            if rxcui in vials:
                self._vial_packages[ndc[:9]].add(rxcui)

    def with_own(self, own: Mapping[Code, frozenset[str]]) -> ProductCodes:
        """The same codes and a site's, each with the normal immune globulins that it may name, as a page's code may."""
        made = copy(self)
        made._own = {**self._own, **{code: set(ids) for code, ids in own.items()}}
        return made

    @property
    def own(self) -> frozenset[Code]:
        """Every code that names a product or a vial of human immune globulin, hyperimmunes left out."""
        return frozenset(self._own) | frozenset(self._vials)

    def of(self, code: Code) -> Meaning | None:
        """What a code says; None where it says nothing about immune globulin."""
        if isinstance(code, Ndc):
            found = {meaning for one in code.candidates if (meaning := self._ndc(one)) is not None}
            if len(found) > 1:
                return Meaning("unresolved", why="the NDC can be read as two products", conflict=True)
            return found.pop() if found else None
        if code in self._hyperimmune:
            return Meaning("other_ig", why=self._hyperimmune[code])
        if code in self._own:
            return self._meaning(frozenset(self._own[code]), code)
        if code in self._vials:
            return self._vial(code)
        return self._class(code)

    def _ndc(self, eleven: str) -> Meaning | None:
        if Ndc(eleven) in self._own:
            return self._meaning(frozenset(self._own[Ndc(eleven)]), Ndc(eleven))
        nine = eleven[:9]
        if nine in self._ndc_products:
            return self._meaning(frozenset(self._ndc_products[nine]), Ndc(eleven))
        if nine in self._lookalike_ndc:
            return Meaning("other_ig", why=self._lookalike_ndc[nine])
        rxcuis = {self._rxcui_by_ndc[eleven]} if eleven in self._rxcui_by_ndc else self._vial_packages.get(nine, set())
        found = {self.of(RxNorm(rxcui)) for rxcui in rxcuis}
        return found.pop() if len(found) == 1 else None

    def _meaning(self, products: frozenset[str], code: Code) -> Meaning:
        intravenous = frozenset(id for id in products if "intravenous" in self.pages[id].routes)
        verdict: Verdict = "ivig" if intravenous else "extravascular"
        return Meaning(verdict, intravenous or products, self._strength(code), str(code))

    def _vial(self, code: Code) -> Meaning:
        """A generic vial: its brand stays open, unless the substance's suffix belongs to one product alone."""
        owners = frozenset(self._vials[code])
        meaning = self._meaning(owners, code)
        if len(owners) == 1 and " - " in self._names.get(code.value, ""):
            return meaning
        return replace(meaning, products=None, any_route=meaning.verdict == "ivig", sold=owners)

    def _strength(self, code: Code) -> Decimal | None:
        found = _STRENGTH.findall(self._names.get(code.value, "")) if isinstance(code, RxNorm) else []
        return Decimal(found[0]) if len(found) == 1 else None

    def _class(self, code: Code) -> Meaning | None:
        ids = self._classes.of(code)
        if not ids:
            return None
        nearest = type(code)(max(ids, key=len)) if isinstance(code, Atc) else code
        verdict = self._verdicts[nearest]
        return Meaning(verdict, why=str(code))


def _verdict(entry: Sheet) -> Verdict:
    known: tuple[Verdict, ...] = ("ivig", "extravascular", "other_ig", "unresolved")
    word = entry.word("verdict", known)
    return next((verdict for verdict in known if verdict == word), "unresolved")


def _lookalikes(sheet: Sheet) -> dict[Code, str]:
    found: dict[Code, str] = {}
    for _, one in sheet.each():
        one.known(("name", "why", "ndc_products", *_KINDS))
        one.text("why")
        for key, kind in _KINDS.items():
            if key in one and one.sub(key).proven():
                found.update({kind(word): one.text("name") for word in one.sub(key).words("value")})
    return found


def _lookalike_ndcs(sheet: Sheet) -> dict[str, str]:
    found: dict[str, str] = {}
    for _, one in sheet.each():
        if "ndc_products" in one and one.sub("ndc_products").proven():
            found.update(dict.fromkeys(one.sub("ndc_products").words("value"), one.text("name")))
    return found
