"""What an evaluation costs in the engine: all rules, 30 facts, every layer.

    python -m bench.engine [RULES]

prints the median and the 99th percentile in microseconds for a patient with nothing to say, for one whose kidneys are
at risk, and for the same one with the laboratory results missing. RULES is the folder of the rule book (default:
rules).
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import UTC, date
from pathlib import Path
from statistics import median

from cds.case import ORDERS, SOURCES
from cds.evaluation import load_book
from cds.facts import (
    Allergy,
    Amount,
    Call,
    Condition,
    DoseRange,
    Drug,
    Fact,
    IgOrder,
    IgProduct,
    Lab,
    OrderIndication,
    Patient,
    SourceState,
    StatedAmount,
    Weight,
)
from cds.rulebook import Outcome

DAY = date(2026, 11, 20)
ORDER = "MedicationRequest/1"
RUNS = 3_000


def facts(*, at_risk: bool, missing: str = "") -> list[Fact]:
    """32 facts: an order of 25 g for 62 kg, or one of 60 g of a sucrose product for a patient at risk."""
    dose = 967.741935 if at_risk else 403.225806
    egfr = 42.0 if at_risk else 90.0
    order = IgOrder(
        ref=ORDER,
        says="Order",
        selected=True,
        status="draft",
        product="carimune_nf" if at_risk else "privigen",
        product_name="Carimune NF" if at_risk else "Privigen",
        brand="known",
        route="intravenous",
        sugar="sucrose" if at_risk else "none",
        first_day=DAY,
        last_day=DAY,
        doses=1,
        dose_state="known",
        reason="table",
    )
    found: list[Fact] = [
        Call(day=DAY, hook="order-sign"),
        order,
        IgProduct(
            ref=ORDER,
            says="Order",
            selected=True,
            product=order.product,
            product_name=order.product_name,
            brand="known",
            route="intravenous",
            route_on_label="yes",
            sugar=order.sugar,
            proline="no" if at_risk else "yes",
        ),
        OrderIndication(ref=ORDER, order=ORDER, indication="PI", tabled=True, says="primary immunodeficiency"),
        StatedAmount(ref=ORDER, order=ORDER, low=dose, high=dose),
        *(
            Amount(order=ORDER, basis=b, weight="actual", low=dose, high=dose)
            for b in ("dose", "day", "course", "month")
        ),
        *(
            DoseRange(order=ORDER, indication="PI", origin=o, basis=b, low=180.0, high=880.0, checkable=True)
            for o in ("indication", "label")
            for b in ("dose", "month")
        ),
        Patient(
            ref="Patient/1", says="age", sex="female", age_min=70 if at_risk else 40, age_max=70 if at_risk else 40
        ),
        Weight(ref="Observation/w", kg=62.0, day=DAY),
        Lab(ref="Observation/e", says="eGFR", concept="egfr", at_least=egfr, at_most=egfr, day=DAY),
        Condition(ref="Condition/1", says="diabetes", concept="diabetes", state="active" if at_risk else "past"),
        Drug(
            ref="MedicationRequest/2",
            says="gentamicin",
            selected=False,
            state="active",
            systemic="yes",
            nephrotoxic="high",
        )
        if at_risk
        else Drug(ref="MedicationRequest/2", selected=False, state="active", systemic="yes"),
        Condition(ref="Condition/2", says="chronic kidney disease", concept="ckd_3", state="past"),
        Allergy(ref="AllergyIntolerance/1", concept="aspirin", state="active", severe="no"),
        *(SourceState(name=name, state="missing" if name == missing else "read") for name in (ORDERS, *SOURCES)),
    ]
    return found


def measure(name: str, evaluate: Callable[[], Outcome]) -> None:
    """Print the median and 99th percentile of one kind of evaluation."""
    for _ in range(200):
        outcome = evaluate()
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        evaluate()
        times.append((time.perf_counter() - start) * 1e6)
    times.sort()
    print(
        f"{name:<28} {median(times):6.0f} µs  p99 {times[RUNS * 99 // 100]:6.0f} µs  {len(outcome.findings)} findings"
    )


def main(folder: Path) -> None:
    start = time.perf_counter()
    program = load_book(folder, UTC).rules.on(DAY)
    took = (time.perf_counter() - start) * 1000
    print(f"{len(program.units)} engine rules, {len(facts(at_risk=True))} facts; loaded in {took:.0f} ms")
    for name, given in {
        "nothing to say": facts(at_risk=False),
        "kidneys at risk": facts(at_risk=True),
        "at risk, results missing": facts(at_risk=True, missing="labs"),
    }.items():
        measure(name, lambda given=given: program.run(given, "order-sign"))  # bound at once


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "rules"))
