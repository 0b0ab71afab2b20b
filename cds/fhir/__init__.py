"""Reading FHIR R4 as it really comes: references, codings, quantities, dates, statuses, Bundles.

`cds.fhir.client` asks a server for it; it is loaded only where one may be asked.
"""

from cds.fhir.dates import Span, instant, span
from cds.fhir.quantities import Bounds, Quantity, bounds, quantity
from cds.fhir.read import (
    Coding,
    codings,
    is_about,
    reference_key,
    resource_ref,
    status,
    texts,
)

__all__ = [
    "Bounds",
    "Coding",
    "Quantity",
    "Span",
    "bounds",
    "codings",
    "instant",
    "is_about",
    "quantity",
    "reference_key",
    "resource_ref",
    "span",
    "status",
    "texts",
]
