"""The values of a topic: each number with its first day, unit, source, the source's words, and who signed it."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from cds.knowledge.values import DatedValue
from cds.knowledge.yaml_marks import MapNode, Node, Text
from cds.rulebook.language import NAME
from cds.rulebook.nodes import Reading

_ENTRY = ("from", "value", "unit", "source", "quote", "reviewed")

_DAY, _NUMBER = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,6})?")

Dated = dict[str, tuple[DatedValue, ...]]


def read_values(reading: Reading, node: Node | None) -> tuple[Dated, dict[str, int]]:
    """The dated entries of every value by name, earliest first, and the line of each name."""
    if node is None:
        return {}, {}
    root = reading.mapping(node, '"values"', node.line)
    found: Dated = {}
    for name, entries in root.items.items():
        line = root.key_lines[name]
        if not NAME.fullmatch(name):
            reading.fault(line, f'"{name}" is no name: lower-case letters, digits and _')
        read = [_entry(reading, name, item) for item in reading.items(entries, f"the value {name}")]
        dated = sorted((entry for entry in read if entry is not None), key=lambda entry: entry.start)
        if not read and not isinstance(entries, Text | MapNode):
            reading.fault(line, f"the value {name} has no entry")
        if len({entry.start for entry in dated}) < len(dated):
            reading.fault(line, f"the value {name} has two entries from the same day")
        if len({entry.unit for entry in dated}) > 1:
            reading.fault(line, f"the value {name} changes its unit")
        found[name] = tuple(dated)
    return found, dict(root.key_lines)


def _entry(reading: Reading, name: str, node: Node) -> DatedValue | None:
    what = f"the value {name}"
    root = reading.mapping(node, what, node.line, _ENTRY)
    texts = {key: reading.text(root, key, what, needed=True) for key in _ENTRY[:-1]}
    start = _day(reading, texts["from"])
    number = _number(reading, texts["value"])
    unit, source, quote = texts["unit"], texts["source"], texts["quote"]
    reviewed = _reviewed(reading, root, what)
    if start is None or number is None or unit is None or source is None or quote is None:
        return None
    return DatedValue(start, number, unit.value, source.value, quote.value, reviewed, root.line)


def _day(reading: Reading, node: Text | None) -> date | None:
    if node is None:
        return None
    try:
        if _DAY.fullmatch(node.value):
            return date.fromisoformat(node.value)
    except ValueError:
        pass
    reading.fault(node.line, f'"{node.value}" is no day: write it as 2026-11-20')
    return None


def _number(reading: Reading, node: Text | None) -> Decimal | None:
    if node is None:
        return None
    if _NUMBER.fullmatch(node.value):
        return Decimal(node.value)
    reading.fault(node.line, f'"{node.value}" is no number: write it with digits and a point, as 0.5')
    return None


def _reviewed(reading: Reading, root: MapNode, what: str) -> str:
    """Who signed and when ("name, 2026-11-20"); "" while unsigned. `reviewed: null` says so openly and is needed."""
    node = root.items.get("reviewed")
    if node is None:
        reading.fault(root.line, f'{what} needs "reviewed": null while no pharmacist has signed it')
        return ""
    if isinstance(node, Text):
        if node.value != "null":
            reading.fault(node.line, f'"reviewed" of {what} must be null or {{by, on}}')
        return ""
    signed = reading.mapping(node, f'"reviewed" of {what}', node.line, ("by", "on"))
    by = reading.text(signed, "by", f'"reviewed" of {what}', needed=True)
    on = _day(reading, reading.text(signed, "on", f'"reviewed" of {what}', needed=True))
    return f"{by.value}, {on}" if by and on else ""
