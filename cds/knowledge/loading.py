"""Reads the tables under the rule book's folder into one Knowledge; every fault of every file in one go."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from cds.errors import BookFault, Fault
from cds.knowledge.claims import Claim, claims
from cds.knowledge.codes import Code
from cds.knowledge.concepts import Concepts, concepts
from cds.knowledge.drug_table import drug_rows, ndc_rows
from cds.knowledge.drugs import Drugs
from cds.knowledge.files import Files
from cds.knowledge.indications import CLASS, Indications, indications
from cds.knowledge.intervals import Intervals, intervals
from cds.knowledge.measurements import Measurements, measurements
from cds.knowledge.order_text import OrderText, Patterns
from cds.knowledge.product_codes import ProductCodes
from cds.knowledge.product_page import Product, product_page
from cds.knowledge.products import Products
from cds.knowledge.repetition import repetition
from cds.knowledge.sheet import Sheet
from cds.knowledge.site import Site
from cds.knowledge.site_codes import with_site
from cds.knowledge.site_file import read_site
from cds.knowledge.vaccines import Vaccines, cvx_rows
from cds.knowledge.words import Negation
from cds.knowledge.yaml_marks import Text


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Everything the tables and the site say. `digest` stands for all files read, `sources` titles each source key.

    `terms` are the closed word lists for the vocabulary of facts: "product", "indication", "concept", "measurement",
    "allergen"; `unknown` is not among them. Allergens are concepts too. A list whose table has a fault is left out.
    `claims` are the statements of the two articles by the numbers that rules cite. `repetition` finds the words of a
    dose that comes again.
    """

    concepts: Concepts
    products: Products
    drugs: Drugs
    vaccines: Vaccines
    measurements: Measurements
    indications: Indications
    intervals: Intervals
    repetition: re.Pattern[str]
    sources: Mapping[str, str]
    claims: Mapping[str, Claim]
    terms: Mapping[str, frozenset[str]]
    digest: str
    site: Site = field(default_factory=Site)

    def stocked(self, products: Iterable[str]) -> Knowledge:
        """The same knowledge for a site whose formulary holds these products, in this order."""
        return replace(self, site=replace(self.site, formulary=tuple(Text(id, 0) for id in products)))


def load(folder: Path, site: Path | None = None) -> Knowledge:
    """Read everything under `folder`. Raises BookFault with every fault found, each with file and line."""
    known, faults = read(folder, site)
    if faults:
        raise BookFault(faults)
    return known


def read(folder: Path, site: Path | None = None) -> tuple[Knowledge, list[Fault]]:
    """What could be read under `folder` and of the site file, and every fault.

    With a fault it only serves to look for more of them.
    """
    known, faults = _tables(folder)
    if site is None:
        return known, faults
    said, wrong = read_site(site)
    joined, more = with_site(known, said)
    return joined, [*faults, *wrong, *more]


def _tables(folder: Path) -> tuple[Knowledge, list[Fault]]:
    files = Files(folder)
    files.notes.sources = _titles(files.sheet("tables/sources.yaml"))
    statements = claims(files.sheet("tables/claims.yaml"))
    negation = Negation.of(files.sheet("tables/negation.yaml"))
    rows = drug_rows(files)
    rxcui_by_ndc = ndc_rows(files, rows)
    drugs = Drugs(rows, rxcui_by_ndc, files.sheet("tables/drug_classes.yaml"), negation)
    vaccines = Vaccines(cvx_rows(files), rows, rxcui_by_ndc, files.sheet("tables/vaccines.yaml"), negation)
    pages = {id: product_page(id, files.sheet(f"products/{id}.yaml")) for id in files.named("products")}
    lookalikes = files.sheet("tables/lookalikes.yaml")
    lookalikes.known(("lookalikes", "classes", "text"))
    names = {rxcui: row.name for rxcui, row in rows.items()}
    codes = ProductCodes(pages.values(), lookalikes, names, rxcui_by_ndc)

    def other_drug(code: Code) -> bool:
        return drugs.known(code) or vaccines.known(code)

    products = Products(pages, codes, OrderText(Patterns.of(lookalikes.sub("text")), _brands(codes.pages)), other_drug)
    reasons = indications(files.sheet("tables/indications.yaml"), negation)
    taken_in: dict[str, Iterable[Code]] = {name: drugs.holding(name) for name in ("aspirin", "acetaminophen")}
    taken_in["products"] = codes.own
    meanings = concepts([files.sheet(f"concepts/{name}.yaml") for name in files.named("concepts")], negation, taken_in)
    measured = measurements(files.sheet("tables/measurements.yaml"))
    months = intervals(files.sheet("tables/vaccine_intervals.yaml"), reasons.ids)
    _check_pages(files, pages, reasons, meanings)
    terms = {
        "product": ("products/", products.ids),
        "indication": ("tables/indications.yaml", reasons.ids),
        "concept": ("concepts/", meanings.ids),
        "measurement": ("tables/measurements.yaml", measured.ids),
        "allergen": ("concepts/", meanings.allergens),
    }
    wrong = {fault.file for fault in files.notes.faults}
    known = Knowledge(
        concepts=meanings,
        products=products,
        drugs=drugs,
        vaccines=vaccines,
        measurements=measured,
        indications=reasons,
        intervals=months,
        repetition=repetition(files.sheet("tables/timing.yaml")),
        sources=files.notes.sources,
        claims=statements,
        terms={name: ids for name, (at, ids) in terms.items() if not any(f"{file}/".startswith(at) for file in wrong)},
        digest=files.digest,
    )
    return known, files.notes.faults


def _titles(sheet: Sheet) -> dict[str, str]:
    """What each source key stands for."""
    found = {}
    for key, source in sheet.each():
        source.known(("title", "found"))
        found[key] = source.text("title")
    return found


def _brands(pages: Mapping[str, Product]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for page in pages.values():
        for word in page.words:
            found[word].add(page.id)
    return found


def _check_pages(files: Files, pages: Mapping[str, Product], reasons: Indications, meanings: Concepts) -> None:
    """What names another table must be there: indications of labels, products of dose rows, concepts of pages."""
    for page in pages.values():
        where = f"products/{page.id}.yaml"
        named = [[row.indication for row in rows] for rows in (page.label, page.rates, page.ages)]
        unknown = {indication for row in named for indication in row if indication} - reasons.ids
        unknown |= page.not_subcutaneous_in - reasons.ids
        unknown |= (page.contraindicated_in | page.avoid_in) - meanings.ids
        files.notes.faults += [Fault(where, 1, f"{word} is in no table") for word in sorted(unknown)]
    dosed = {product for id in reasons.ids for row in reasons.rows(id) for product in row.products or ()}
    listed = [reasons.get(id) for id in reasons.ids]
    unknown = dosed | {product for one in listed for product in one.labeled - {CLASS}}
    faults = [Fault("tables/indications.yaml", 1, f"{word} has no page") for word in sorted(unknown - pages.keys())]
    beside = {concept for one in listed for concept in one.only_with} - meanings.ids
    faults += [Fault("tables/indications.yaml", 1, f"{word} is no concept") for word in sorted(beside)]
    files.notes.faults += faults
