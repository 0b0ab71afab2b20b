"""The engine, through the real compiler and driver, against plain Python, on random rules and random facts."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cds.case import ORDERS
from cds.facts import Fact, SourceState
from cds.knowledge.values import Need
from tests.rulebook.oracle import Oracle, identity
from tests.rulebook.support import DAY, amount, book, condition, lab, order

REFS = ["MedicationRequest/1", "MedicationRequest/2"]
CONCEPTS = ["aki", "diabetes", "sepsis"]
OPERATORS = ["=", "!=", "<", "<=", ">", ">="]
VALUES = """values:
  small: [{from: 2020-01-01, value: 60, unit: mL/min/1.73 m2, source: KDIGO, quote: q, reviewed: null}]
  large: [{from: 2020-01-01, value: 100.5, unit: mg/kg, source: KDIGO, quote: q, reviewed: null}]
  iga: [{from: 2020-01-01, value: 25, unit: ug/mL, source: KDIGO, quote: q, reviewed: null}]
  shift: [{from: 2020-01-01, value: 2, unit: days, source: KDIGO, quote: q, reviewed: null}]
"""
Draw = st.DrawFn
Names = list[tuple[str, str]]


def words(draw: Draw, among: list[str]) -> Any:
    shape = draw(st.integers(0, 3))
    one = draw(st.sampled_from(among))
    if shape == 0:
        return draw(st.lists(st.sampled_from(among), min_size=2, max_size=2, unique=True))
    return f"!= {one}" if shape == 1 else f"!= {one} and != {draw(st.sampled_from(among))}" if shape == 2 else one


def pattern(draw: Draw, names: Names, made: list[str], *, denies: bool) -> tuple[str, dict[str, Any]]:
    """A kind and its conditions; it may refer to `names`."""
    kind = draw(st.sampled_from(["ig_order", "amount", "condition", "lab", *made]))
    found: dict[str, Any] = {"is": kind}
    orders = [name for name, of in names if of == "ig_order"]
    days = [f"{name}.first_day" for name in orders]
    days += [f"{name}.started" for name, of in names if of == "condition" and not denies]
    amounts = [name for name, of in names if of == "amount"]
    operator = draw(st.sampled_from(OPERATORS))
    if kind in ("amount", *made) and orders and draw(st.booleans()):
        found["order"] = f"{draw(st.sampled_from(['=', '=', '!=']))} {draw(st.sampled_from(orders))}.ref"
    if kind in made and draw(st.booleans()):
        found["tag"] = draw(st.sampled_from([kind[-1], f"!= {kind[-1]}"]))
    if kind == "ig_order":
        if draw(st.booleans()):
            found["sugar"] = words(draw, ["sucrose", "none", "unknown"])
        if draw(st.booleans()):
            found["repeating"] = draw(st.sampled_from(["true", "false"]))
        if draw(st.booleans()):
            found["iga"] = draw(st.sampled_from(["present", "absent", f"{operator} values.iga", f"{operator} 0"]))
        if draw(st.booleans()):
            found["route"] = ["intravenous", draw(st.sampled_from(["oral", "unknown"]))]
        if orders and draw(st.booleans()):
            found["ref"] = f"= {draw(st.sampled_from(orders))}.ref"
    if kind == "amount" and draw(st.booleans()):
        right = draw(st.sampled_from(["values.large", *(f"{name}.low" for name in amounts)]))
        found["high"] = f"{operator} {right}"
    if kind == "condition":
        if draw(st.booleans()):
            found["concept"] = words(draw, CONCEPTS)
        if draw(st.booleans()):
            right = draw(st.sampled_from(days)) if days else ""
            shift = draw(st.sampled_from(["", " + values.shift", " - values.shift"]))
            found["started"] = f"{operator} {right}{shift}" if right else draw(st.sampled_from(["present", "absent"]))
    if kind == "lab" and draw(st.booleans()):
        found["concept"] = "egfr"
        found["at_most"] = draw(st.sampled_from([f"{operator} values.small", "present and <= values.small", "absent"]))
    return kind, found


def branch(draw: Draw, names: Names, made: list[str], prefix: str, least: int = 0) -> tuple[dict[str, Any], Names]:
    """`when` and `unless` with new names, and all names bound then."""
    when: dict[str, Any] = {}
    names = list(names)
    for number in range(draw(st.integers(least, 2))):
        kind, found = pattern(draw, names, made, denies=False)
        when[f"{prefix}{number}"] = found
        names.append((f"{prefix}{number}", kind))
    entry: dict[str, Any] = {"when": when} if when else {}
    if not when or draw(st.booleans()):
        entry["unless"] = {f"{prefix}n": pattern(draw, names, made, denies=True)[1]}
        if draw(st.booleans()):
            entry["unless"][f"{prefix}k"] = pattern(draw, names, made, denies=True)[1]
    return entry, names


@st.composite
def rules(draw: Draw) -> list[dict[str, Any]]:
    """One to five rules, later ones reading what earlier ones infer."""
    found: list[dict[str, Any]] = []
    inferred: list[tuple[int, str]] = []
    for number in range(draw(st.integers(1, 5))):
        made = sorted({kind for pair, kind in inferred if pair < number // 2})
        start: Names = [("o", "ig_order")]
        body, names = branch(draw, start, made, "a", least=0)
        body["when"] = {"o": {"is": "ig_order"}, **body.get("when", {})}
        if "unless" in body and draw(st.booleans()):
            del body["unless"]
        rule: dict[str, Any] = {"id": f"test.r{number}", **body}
        if draw(st.booleans()):
            rule["any"] = [branch(draw, names, made, f"b{i}", least=0)[0] for i in range(2)]
        infers = draw(st.booleans())
        if infers:
            tag = draw(st.sampled_from(["x", "y"]))
            inferred.append((number // 2, f"made{number // 2}_{tag}"))
            rule["infer"] = {"is": inferred[-1][1], "order": "= o.ref", "tag": tag}
        if not infers or draw(st.booleans()):
            rule |= {
                "tier": draw(st.sampled_from(["info", "warning"])),
                "about": "o",
                "card": {"summary": "s"},
                "cites": ["PROJECT"],
            }
            for entry in rule.get("any", []):
                entry["tier"] = draw(st.sampled_from(["info", "warning", "critical"]))
            if draw(st.booleans()):
                rule["raise"] = []
                for i in range(2):
                    entry = branch(draw, names, made, f"c{i}", least=0)[0]
                    entry |= {"tier": draw(st.sampled_from(["info", "warning", "critical"]))}
                    if draw(st.booleans()):
                        entry["lower"] = "true"
                    rule["raise"].append(entry)
        found.append(rule)
    if inferred:
        reads = [{"when": {f"m{i}": {"is": kind}}} for i, kind in enumerate(sorted({kind for _, kind in inferred}))]
        when = {"o": {"is": "ig_order"}}
        reader = {"id": "test.reader", "when": when, "any": reads, "tier": "info", "about": "o"}
        found.append({**reader, "card": {"summary": "s"}, "cites": ["PROJECT"]})
    return found


def near(day: int) -> date:
    return DAY + timedelta(days=day)


@st.composite
def facts(draw: Draw) -> list[Fact]:
    """A handful of facts on and beside every boundary."""
    some = st.integers(-2, 2)
    found: list[Fact] = []
    for ref in REFS[: draw(st.integers(1, 2))]:
        found.append(
            order(
                ref,
                selected=draw(st.booleans()),
                sugar=draw(st.sampled_from(["sucrose", "none", "unknown"])),
                repeating=draw(st.booleans()),
                route=draw(st.sampled_from(["intravenous", "oral", "unknown"])),
                iga=draw(st.sampled_from([None, 0.0, 24.999999, 25.0, 37.0])),
                first_day=near(draw(some)),
            )
        )
    for ref in draw(st.lists(st.sampled_from(REFS), max_size=3)):
        found.append(amount(ref, draw(st.sampled_from([100.0, 100.5, 100.500001, 250.0]))))
    for number in range(draw(st.integers(0, 3))):
        started = draw(st.sampled_from([None, near(draw(some))]))
        found.append(condition(draw(st.sampled_from(CONCEPTS)), f"Condition/{number}", started=started))
    for number in range(draw(st.integers(0, 2))):
        found.append(lab(draw(st.sampled_from([None, 59.0, 60.0, 61.0])), f"Observation/{number}"))
    for name in (ORDERS, "conditions", "labs", "patient"):
        found.append(SourceState(name=name, state=draw(st.sampled_from(["read", "read", "read", "partial"]))))
    return found


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(rules(), st.lists(facts(), min_size=3, max_size=3), st.randoms(use_true_random=False))
def test_the_engine_agrees_with_plain_python(
    made: list[dict[str, Any]], batches: list[list[Fact]], chance: random.Random
) -> None:
    units = {"small": "mL/min/1.73 m2", "large": "mg/kg", "iga": "ug/mL", "shift": "days"}
    needs = {f"test.{name}": Need(unit, Decimal(1), Decimal(200)) for name, unit in units.items()}
    text = VALUES + "rules:\n" + "".join(f"  - {json.dumps(rule)}\n" for rule in made)
    with TemporaryDirectory() as folder:
        rulebook = book(Path(folder), text, needs=needs)
    program = rulebook.on(DAY)
    values = {name.partition(".")[2]: value for name, value in rulebook.values(DAY).items()}
    oracle = Oracle(rulebook.topics[0].rules, values)
    for batch in batches:
        expected = oracle.run(batch)
        for _ in range(2):
            chance.shuffle(batch)
            assert shown(program.run(batch, "order-sign")) == expected


def shown(outcome: Any) -> set[Any]:
    return {
        (
            finding.rule.id,
            finding.about.ref,
            finding.tier,
            frozenset(
                (name, frozenset(identity({"kind": view.kind, **view.values}) for view in views))
                for name, views in finding.each.items()
            ),
        )
        for finding in outcome.findings
    }
