"""Small rule books from text, and facts to run them on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from textwrap import dedent

from cds.case import ORDERS, SOURCES
from cds.errors import BookFault
from cds.facts import Amount, Call, Condition, Fact, IgOrder, Lab, OrderIndication, SourceState
from cds.findings import Finding
from cds.rulebook import Book, Outcome, read

DAY = date(2026, 11, 20)
TERMS = {
    "product": frozenset({"privigen", "carimune"}),
    "indication": frozenset({"PI", "ITP", "KAWASAKI"}),
    "concept": frozenset({"aki", "diabetes", "sepsis", "aspirin", "immune_globulin"}),
    "measurement": frozenset({"egfr", "iga", "igg"}),
}
CITED = frozenset({"KDIGO", "PROJECT", "B55"})
UNITS = {"egfr": "mL/min/1.73 m2", "iga": "mg/dL"}
HEAD = "topic: Test\nabout: For tests.\n"
VALUES = """
values:
  limit:
    - {from: 2020-01-01, value: 60, unit: mL/min/1.73 m2, source: KDIGO, quote: "under 60", reviewed: null}
"""


def book(folder: Path, *texts: str, **options: object) -> Book:
    """A book of these topics, each in the file that its first id asks for.

    A text that does not begin with `topic:` gets a head.
    """
    for number, text in enumerate(texts):
        text = dedent(text)
        first = re.search(r"\bid\"?: \"?([a-z]+)\.", text)
        path = folder / f"{first[1] if first else 't'}.yaml"
        if len(texts) > 1 and path.exists():
            path = folder / f"t{number}.yaml"
        path.write_text(text if text.startswith("topic:") else HEAD + text)
    given = {"day": DAY, "units": UNITS, **options}
    draft = read(folder, TERMS, CITED, **given)  # keyword options as the tests give them
    return draft.book


def faults(folder: Path, *texts: str, **options: object) -> list[str]:
    """Every fault of such a book as "line: what" (with the file in front where there are several topics)."""
    try:
        book(folder, *texts, **options)
    except BookFault as error:
        return [f"{Path(f.file).name + ':' if len(texts) > 1 else ''}{f.line}: {f.what}" for f in error.faults]
    return []


def order(ref: str = "MedicationRequest/1", **more: object) -> IgOrder:
    """An order for 60 g of a sucrose product, selected."""
    given: dict[str, object] = {
        "says": f"order {ref[-1]}",
        "selected": True,
        "status": "draft",
        "product": "carimune",
        "product_name": "Carimune",
        "brand": "known",
        "route": "intravenous",
        "sugar": "sucrose",
        "first_day": DAY,
        "last_day": DAY,
        "dose_state": "known",
        "reason": "table",
    }
    return IgOrder(ref=ref, **{**given, **more})  # attributes as the test gives them


def amount(of: str = "MedicationRequest/1", high: float = 1000.0, basis: str = "dose") -> Amount:
    return Amount(ref=of, says=f"{high:g} mg/kg", order=of, basis=basis, weight="actual", low=high, high=high)


def condition(concept: str, ref: str = "Condition/1", state: str = "active", started: date | None = None) -> Condition:
    return Condition(ref=ref, says=f"{concept} {ref[-1]}", concept=concept, state=state, started=started)


def lab(value: float | None, ref: str = "Observation/1", concept: str = "egfr") -> Lab:
    return Lab(ref=ref, says=f"{concept} {value}", concept=concept, at_least=value, at_most=value, day=DAY)


def reason(indication: str, of: str = "MedicationRequest/1") -> OrderIndication:
    return OrderIndication(ref=of, says=indication, order=of, indication=indication, tabled=True)


def call() -> Call:
    return Call(day=DAY, hook="order-sign")


def sources(missing: Iterable[str] = (), state: str = "missing") -> list[Fact]:
    """The state of every source: read, but for those in `missing`."""
    lacking = set(missing)
    return [SourceState(name=name, state=state if name in lacking else "read") for name in (ORDERS, *SOURCES)]


def run(made: Book, *facts: Fact, missing: Iterable[str] = (), hook: str = "order-sign") -> Outcome:
    """The outcome on these facts, with all sources read but those in `missing`."""
    return made.on(DAY).run((*facts, *sources(missing)), hook)  # a hook's name


def said(outcome: Outcome) -> list[str]:
    """Every finding as "rule tier order"."""
    return [f"{f.rule.id} {f.tier} {f.about.ref.removeprefix('MedicationRequest/')}" for f in outcome.findings]


def only(outcome: Outcome) -> Finding:
    """The one finding there is."""
    (finding,) = outcome.findings
    return finding


def rule(more: str, when: str = "order: {is: ig_order}", card: str = "{summary: s}") -> str:
    """A topic's one rule with a card, and what follows it."""
    return f"""rules:
  - id: t.rule
    tier: info
    about: order
    when: {{{when}}}
    card: {card}
    cites: [PROJECT]
{more}"""
