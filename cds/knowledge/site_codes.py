"""A site's own codes put beside those of the tables. One that contradicts the tables is a fault, never a preference."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from cds.errors import Fault, hint
from cds.knowledge.codes import Code, Cvx
from cds.knowledge.matching import Own
from cds.knowledge.site import Section, Site, SiteCode

if TYPE_CHECKING:
    from cds.knowledge.loading import Knowledge


def with_site(known: Knowledge, site: Site) -> tuple[Knowledge, list[Fault]]:
    """The knowledge with the site's codes, and everything in them that the tables do not have or contradict.

    With a fault it is the knowledge as it was.
    """
    faults = [Fault(site.file, line, what) for line, what in _faults(known, site)]
    made = replace(known, site=site, digest=sha256(f"{known.digest} {site.digest}".encode()).hexdigest())
    return (made, faults) if faults else (_joined(made, site), faults)


def _joined(known: Knowledge, site: Site) -> Knowledge:
    def of(section: Section) -> Iterator[tuple[Code, SiteCode, frozenset[str]]]:
        return ((o.code, o, frozenset(id.value for id in o.ids)) for o in site.codes if o.section == section)

    named: dict[Code, frozenset[str]] = {code: ids for code, _, ids in of("conditions")}
    for code, _, ids in of("allergens"):
        named[code] = named.get(code, frozenset()) | ids
    # The concepts of a code that the tables have for the other of the two stay.
    named = {code: ids | known.concepts.of(code) for code, ids in named.items()}
    drugs = known.drugs.with_own({c: (tuple(id.value for id in o.ids), o.systemic) for c, o, _ in of("drugs")})
    vaccines = known.vaccines.with_own({code: one.cvx or ids for code, one, ids in of("vaccines")})

    def other_drug(code: Code) -> bool:
        return drugs.known(code) or vaccines.known(code)

    return replace(
        known,
        concepts=known.concepts.with_own(Own(named)),
        products=known.products.with_own({code: ids for code, _, ids in of("products")}, other_drug),
        drugs=drugs,
        vaccines=vaccines,
        measurements=known.measurements.with_own({code: min(ids) for code, _, ids in of("measurements")}),
        indications=known.indications.with_own(Own({code: ids for code, _, ids in of("reasons")})),
    )


def _faults(known: Knowledge, site: Site) -> Iterator[tuple[int, str]]:
    allowed = _allowed(known)
    for one in site.codes:
        if one.section in allowed:
            ids = allowed[one.section]
            wrong = [id for id in one.ids if id.value not in ids]
            yield from ((id.line, f"{one.section}: {id.value} is not known{hint(id.value, ids)}") for id in wrong)
            if wrong:
                continue
        if one.cvx is not None and not known.vaccines.known(one.cvx):
            yield one.line, f"{one.cvx} is no vaccine of the tables"
            continue
        wide = known.concepts.too_wide(one.code) & {id.value for id in one.ids}
        if wide:
            yield one.line, f"{one.code} is too wide for {', '.join(sorted(wide))}: the tables want words beside it"
            continue
        listed = _listed(known, one)
        if listed and listed != _meant(known, one):
            yield one.line, f"{one.code} stands for {', '.join(sorted(listed))} in the tables"
    products = known.terms.get("product")
    for id in site.formulary if products is not None else ():
        if id.value not in (products or ()):
            yield id.line, f"formulary: {id.value} is not known{hint(id.value, products or ())}"


def _allowed(known: Knowledge) -> Mapping[Section, Collection[str]]:
    """What a code of each section may stand for, as far as its table could be read."""
    terms = known.terms
    found: dict[Section, Collection[str]] = {"drugs": known.drugs.ids}
    if "product" in terms:
        found["products"] = known.products.normal
    if "measurement" in terms:
        found["measurements"] = terms["measurement"]
    if "indication" in terms:
        found["reasons"] = terms["indication"]
    if "concept" in terms:
        found["conditions"] = terms["concept"] - terms["allergen"]
        found["allergens"] = terms["allergen"]
    return found


def _meant(known: Knowledge, one: SiteCode) -> frozenset[str]:
    """What the site says, in the words of `_listed`."""
    if one.cvx is not None:
        return _ordered(known, one.cvx)
    ids = frozenset(id.value for id in one.ids)
    return _vaccine(ids) if one.section == "vaccines" else ids


def _listed(known: Knowledge, one: SiteCode) -> frozenset[str]:
    """What a code stands for in the tables, among the things that the section is about; nothing where it is free."""
    code, allergens = one.code, known.concepts.allergens
    look: Mapping[Section, Callable[[], frozenset[str]]] = {
        "measurements": lambda: frozenset(filter(None, [known.measurements.of(code)])),
        "conditions": lambda: known.concepts.of(code) - allergens,
        "allergens": lambda: known.concepts.of(code) & allergens,
        "reasons": lambda: known.indications.of(code),
    }
    return look[one.section]() if one.section in look else _ordered(known, code)


def _ordered(known: Knowledge, code: Code) -> frozenset[str]:
    """What an order of this code would be for: ingredients, products, a vaccine, or immune globulin at large."""
    drug, vaccine = known.drugs.classify((code,), ()), known.vaccines.classify((code,), ())
    named = known.products.named_by(code)
    found = frozenset(drug.name.split(" / ")) if drug is not None else frozenset()
    if vaccine is not None:
        found |= _vaccine(vaccine.antigens)
    if named is not None:
        found |= named.products if named.products and named.verdict != "unresolved" else {"immune globulin"}
    if isinstance(code, Cvx) and known.vaccines.is_ivig_given(code):
        found |= {"immune globulin"}
    return found


def _vaccine(antigens: Collection[str]) -> frozenset[str]:
    return frozenset({f"{'/'.join(sorted(antigens)) or 'another'} vaccine"})
