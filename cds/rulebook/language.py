"""The language of an attribute: `a word`, `[one, of]`, `present`, `absent`, or comparisons joined by `and`.

A comparison is `= != < <= > >=` and then `values.x`, `alias.attribute`, for days `alias.attribute ± values.x`, a word
(after `=` and `!=` only), or one of the numbers 0 and 1. Every other number lives in `values`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

NAME = re.compile(r"[a-z][a-z0-9_]*")
_PART = re.compile(r"(<=|>=|!=|=|<|>)\s*(.+)")
_REFERENCE = re.compile(r"([a-z][a-z0-9_]*)\.([a-z][a-z0-9_]*)(?:\s*([+-])\s*values\.([a-z][a-z0-9_]*))?")
_WORD = re.compile(r"[\w/%-]+")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")

ORDERED = frozenset({"<", "<=", ">", ">="})


@dataclass(frozen=True, slots=True)
class Word:
    """A word as written; also the numbers 0 and 1."""

    text: str


@dataclass(frozen=True, slots=True)
class Value:
    """A value of the topic, by name."""

    name: str


@dataclass(frozen=True, slots=True)
class Reference:
    """An attribute of another name of the rule; `sign` and `value` shift a day by a number of days."""

    alias: str
    attribute: str
    sign: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class OneOf:
    """The attribute is one of these words."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Presence:
    """The attribute is there, or is not."""

    present: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """The attribute is there and compares like this."""

    operator: str
    right: Word | Value | Reference


Test = OneOf | Presence | Comparison


class NotUnderstood(ValueError):
    """An expression outside the language; the message says what is wrong with it."""


def parse(text: str) -> tuple[Test, ...]:
    """The tests that one scalar stands for. Raises NotUnderstood."""
    text = text.strip()
    if not (text[:1] in ("=", "!", "<", ">") or re.match(r"(present|absent)\s+and\b", text)):
        return (Presence(text == "present"),) if text in ("present", "absent") else (OneOf((text,)),)
    return tuple(_part(part.strip()) for part in re.split(r"\s+and\s+", text))


def reference(text: str) -> Reference | None:
    """What `= alias.attribute` refers to; None where the text is no such thing."""
    match = _REFERENCE.fullmatch(text.strip().removeprefix("=").strip()) if text.strip().startswith("=") else None
    return Reference(match[1], match[2], match[3] or "", match[4] or "") if match else None


def _part(text: str) -> Test:
    if text == "present":
        return Presence(True)
    match = _PART.fullmatch(text)
    if match is None:
        raise NotUnderstood(f'"{text}" is no comparison: write one of = != < <= > >= and then what to compare with')
    return Comparison(match[1], _right(match[1], match[2].strip()))


def _right(operator: str, text: str) -> Word | Value | Reference:
    if text.startswith("values.") and NAME.fullmatch(text[7:]):
        return Value(text[7:])
    found = _REFERENCE.fullmatch(text)
    if found is not None and found[1] != "values":
        return Reference(found[1], found[2], found[3] or "", found[4] or "")
    if _NUMBER.fullmatch(text):
        if text in ("0", "1"):
            return Word(text)
        raise NotUnderstood(
            f'the number {text} stands in a condition: give it a name, a date and a source under "values"'
        )
    if operator in ORDERED or not _WORD.fullmatch(text):
        raise NotUnderstood(f'"{operator} {text}" compares with neither values.x, alias.attribute, 0 nor 1')
    return Word(text)
