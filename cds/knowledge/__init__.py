"""What the tables know: concepts, products, drugs, vaccines, measurements, indications, intervals.

Loaded from the folder of the rule book (`tables/`, `concepts/`, `products/`). Codes and numbers whose status is
unverified stay in the files, to be signed, and are neither matched nor used.
"""

from cds.knowledge.claims import Claim
from cds.knowledge.concepts import Concepts
from cds.knowledge.dose_rows import DoseRow
from cds.knowledge.drugs import DrugMatch, Drugs
from cds.knowledge.indications import CLASS, Indication, Indications
from cds.knowledge.intervals import Intervals
from cds.knowledge.label_ages import LabelAge, NotUnder
from cds.knowledge.loading import Knowledge, load, read
from cds.knowledge.measurements import Measurements
from cds.knowledge.product_page import Product
from cds.knowledge.products import Identified, Products
from cds.knowledge.rates import AtRiskRate, RateRow
from cds.knowledge.site import Site
from cds.knowledge.vaccines import VaccineMatch, Vaccines

__all__ = [
    "CLASS",
    "AtRiskRate",
    "Claim",
    "Concepts",
    "DoseRow",
    "DrugMatch",
    "Drugs",
    "Identified",
    "Indication",
    "Indications",
    "Intervals",
    "Knowledge",
    "LabelAge",
    "Measurements",
    "NotUnder",
    "Product",
    "Products",
    "RateRow",
    "Site",
    "VaccineMatch",
    "Vaccines",
    "load",
    "read",
]
