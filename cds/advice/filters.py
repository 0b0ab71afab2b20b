"""What the words of a card can do with the facts behind it: `{{ each.drug | names }}`, `{{ order.iga | amount }}`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from cds.advice.layout import WANTING, sentence
from cds.findings import AdviceRule
from cds.wording import Filters, spoken

_ROOM = 45
"""So many characters of names are said one by one; of the rest the number."""

_CONDITION = re.compile(r"[,;]| \(| every | as ")


def filters(rules: Sequence[AdviceRule]) -> Filters:
    """The filters of summaries and details, by the names that topic files use."""
    topics = {rule.id: rule.topic for rule in rules}
    return {
        "amount": amount,
        "mg_per_kg": mg_per_kg,
        "against": against,
        "names": names,
        "latest": latest,
        "least": least,
        "checks": lambda gaps: listed(topics.get(gap.rule, gap.rule) for gap in gaps),
        "factors": factors,
        "totals": totals,
        "wants": lambda gaps: wants(gaps, topics),
    }


def amount(value: float) -> str:
    """A number as it is said: whole from 100 on, one decimal from 10 on, two under 10; half rounds up."""
    number = Decimal(str(value))
    places = "1" if abs(number) >= 100 else "0.1" if abs(number) >= 10 else "0.01"
    return spoken(number.quantize(Decimal(places), ROUND_HALF_UP))


def mg_per_kg(dose: Any) -> str:
    """A dose with a low and a high end: "968 mg/kg", "900-968 mg/kg"."""
    low, high = amount(dose.low), amount(dose.high)
    return f"{high} mg/kg" if low == high else f"{low}-{high} mg/kg"


def ranges(rows: Iterable[Any]) -> str:
    """Dose rows by the amounts their sources print, without how often or under what condition: "200-800 mg/kg"."""
    return listed((_CONDITION.split(row.printed)[0] for row in rows), "or")


def against(dose: Any, rows: Iterable[Any], order: Any) -> str:
    """Where a dose that fits no row lies: "over the 200-800 mg/kg range for primary immunodeficiency".

    A row per day is held against one administration where the order has no more than one a day. The rows of a label
    are those of the brand, not of the indication.
    """
    widest = _widest(list(rows))
    indications = list(dict.fromkeys(row.indication_name for row in widest))
    label = all(row.origin == "label" for row in widest)
    reason = " on this brand's label" if label else f" for {indications[0]}" if len(indications) == 1 else ""
    daily = order.doses is not None and order.doses <= (order.last_day - order.first_day).days + 1
    if len(widest) == 1 and (widest[0].basis == "dose" or (widest[0].basis == "day" and daily)):
        side = "over" if dose.low > widest[0].high else "under" if dose.high < widest[0].low else "outside"
        return f"{side} the {ranges(widest)} range{reason}"
    return f"outside {ranges(widest)}{reason}"


def totals(amounts: Iterable[Any]) -> str:
    """What several doses come to, where that is what a row is about: "(800 mg/kg in the course)"."""
    said = {one.basis: f"{mg_per_kg(one)} in the {one.basis}" for one in amounts if one.basis in ("course", "month")}
    return f"({', '.join(said[basis] for basis in sorted(said))})" if said else ""


def factors(risks: Iterable[Any]) -> str:
    """Risk factors as words: "low eGFR and diabetes"."""
    return listed(sorted({risk.factor.replace("_", " ").replace("egfr", "eGFR") for risk in risks}))


def wants(gaps: Iterable[Any], topics: Mapping[str, str]) -> list[str]:
    """What was wanting, each once, with the checks that stayed undone for want of it, by topic."""
    found: dict[str, dict[str, dict[str, None]]] = {}
    for gap in gaps:
        check = gap.rule.partition(".")[2].replace("-", " ")
        found.setdefault(gap.says.rstrip("."), {}).setdefault(topics.get(gap.rule, gap.rule), {})[check] = None
    return [
        f"{sentence(says)}{WANTING}{'; '.join(map(_checks, topics_, topics_.values()))}."
        for says, topics_ in found.items()
    ]


def _checks(topic: str, checks: Iterable[str]) -> str:
    named = ", ".join(sorted(check for check in checks if check))
    return f"{topic} ({named})" if named else topic


def _widest(rows: list[Any]) -> list[Any]:
    """The rows without those that lie inside another of the same basis."""
    return [
        row
        for row in rows
        if not any(
            other is not row
            and other.basis == row.basis
            and other.low <= row.low
            and row.high <= other.high
            and (other.low, other.high) != (row.low, row.high)
            for other in rows
        )
    ]


def names(things: Iterable[Any]) -> str:
    """Drugs, vaccines or products by their names; nothing where there are none."""
    return listed(getattr(thing, "product_name", None) or thing.name for thing in things)


def latest(things: Iterable[Any], attribute: str) -> date:
    """The latest day that one of the things has under this attribute."""
    days: list[date] = [day for thing in things if (day := getattr(thing, attribute)) is not None]
    return max(days)


def least(things: Iterable[Any], attribute: str) -> float:
    """The lowest number that one of the things has under this attribute."""
    numbers: list[float] = [number for thing in things if (number := getattr(thing, attribute)) is not None]
    return min(numbers)


def listed(words: Iterable[str], last: str = "and") -> str:
    """Words as a sentence lists them, each once, as many as there is room for: "a", "a and b", "a, b and 2 more"."""
    once = list(dict.fromkeys(word for word in words if word))
    said = once[:1]
    while len(said) < len(once) and len(", ".join(once[: len(said) + 1])) <= _ROOM:
        said = once[: len(said) + 1]
    if len(said) < len(once):
        said = [*said, f"{len(once) - len(said)} more"]
    return f"{', '.join(said[:-1])} {last} {said[-1]}" if len(said) > 1 else "".join(said)
