"""A hook request through the real parts, as the service runs it: decode, parse, evaluate."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

from cds.evaluation import Advice, Book, evaluate, load_book
from cds.hooks import case_of_bundle, case_of_request, decode

RULES = Path(__file__).parents[2] / "rules"
FINDING = "org.ivig-cds.finding"
AS_OF = date(2026, 11, 20)
"""The day that every whole patient and every hook request is evaluated as of."""


@cache
def book(on: frozenset[str] = frozenset()) -> Book:
    """The real rule book, with the silent rules named switched on; its site is in UTC."""
    return load_book(RULES, UTC, on=on)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def advise_request(
    request: Mapping[str, Any], day: date, on: frozenset[str] = frozenset(), formulary: Iterable[str] = ()
) -> Advice:
    """The advice on a hook request, from the bytes of its body on, for a site that stocks these products."""
    case = case_of_request(decode(json.dumps(request).encode()))
    return evaluate(case, noon(day), book(on).stocked(formulary)).sound()


def advise_bundle(bundle: Mapping[str, Any], day: date) -> Advice:
    """The advice on a patient's Bundle, as a replay gives it."""
    return evaluate(case_of_bundle(bundle), noon(day), book()).sound()


def rule_of(card: Mapping[str, Any]) -> str:
    return str(card["extension"][FINDING]["rule"])


def about_of(card: Mapping[str, Any]) -> str:
    """The order that a card stands on, "" where it is about the call."""
    return str(card["extension"][FINDING].get("about", ""))


def words_of(card: Mapping[str, Any]) -> str:
    """Everything a card says to its reader."""
    return f"{card['summary']}\n{card.get('detail', '')}"
