"""Facts from the tables about the orders at hand: label rates and ages, and how good the evidence for a reason is."""

from __future__ import annotations

from dataclasses import dataclass

from cds.case import ORDERS
from cds.facts.base import Fact, flag, hidden, number, term, text


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimit(Fact):
    """An infusion rate that the label of the order's product prints, in mg/kg/min.

    `label` is the highest one for the order's reasons (the lowest of several), `product` the highest one for any
    reason where the label has none of the order's, `at_risk` that for kidneys or clots at risk, `initial` the rate to
    begin with. With `below` a rate has to stay under `highest`, else it may reach it.
    """

    kind = "rate_limit"
    sources = (ORDERS,)
    order: str = text()
    origin: str = term("label", "product", "at_risk", "initial")
    highest: float = number(unit="mg/kg/min")
    below: bool = flag(False)
    printed: str = hidden("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence(Fact):
    """How good the evidence for a reason of an order is.

    `labeled` tells whether the reason is on the label of the product, of the class as a whole, of other products only
    or of none; `accepted` reasons are standard practice all the same. A grade that holds only beside certain concepts
    is one fact for each of them, named in `beside`, which is `unknown` where the grade holds by itself.
    """

    kind = "evidence"
    sources = (ORDERS,)
    order: str = text()
    indication: str = term(of="indication")
    indication_name: str = hidden("")
    grade: str = term("established", "supported", "weak", "case_reports", "no_benefit", "harm")
    labeled: str = term("product", "class", "other", "no")
    accepted: bool = flag(False)
    beside: str = term(of="concept", default="unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelAge(Fact):
    """The youngest age, in completed years, at which the label of the product has a reason of the order."""

    kind = "label_age"
    sources = (ORDERS,)
    order: str = text()
    indication: str = term(of="indication")
    min_age: int = number(unit="years")
