"""What an attribute may say, and what it may not."""

from __future__ import annotations

import pytest

from cds.rulebook.language import (
    Comparison,
    NotUnderstood,
    OneOf,
    Presence,
    Reference,
    Test,
    Value,
    Word,
    parse,
    reference,
)


@pytest.mark.parametrize(
    ("text", "tests"),
    [
        ("sucrose", (OneOf(("sucrose",)),)),
        ("yes", (OneOf(("yes",)),)),
        ("on-hold", (OneOf(("on-hold",)),)),
        ("", (OneOf(("",)),)),
        ("present", (Presence(True),)),
        ("absent", (Presence(False),)),
        ("!= PI", (Comparison("!=", Word("PI")),)),
        ("!= PI and != ITP", (Comparison("!=", Word("PI")), Comparison("!=", Word("ITP")))),
        ("< values.limit", (Comparison("<", Value("limit")),)),
        (">=values.limit", (Comparison(">=", Value("limit")),)),
        ("> 0", (Comparison(">", Word("0")),)),
        ("= order.ref", (Comparison("=", Reference("order", "ref")),)),
        ("<= call.day - values.days", (Comparison("<=", Reference("call", "day", "-", "days")),)),
        ("> a.day + values.days", (Comparison(">", Reference("a", "day", "+", "days")),)),
        ("present and <= values.x", (Presence(True), Comparison("<=", Value("x")))),
        (
            ">= a.low and <= a.high",
            (Comparison(">=", Reference("a", "low")), Comparison("<=", Reference("a", "high"))),
        ),
    ],
)
def test_understood(text: str, tests: tuple[Test, ...]) -> None:
    assert parse(text) == tests


@pytest.mark.parametrize(
    "text",
    [
        "> 5",
        "= 7",
        "< sucrose",
        ">",
        "= a.b.c",
        "< a.b * values.c",
        "< values.a + values.b",
        "! PI",
        "< values.a and 7",
    ],
)
def test_not_understood(text: str) -> None:
    with pytest.raises(NotUnderstood):
        parse(text)


def test_only_an_equals_sign_makes_a_reference() -> None:
    assert reference("= lab.ref") == Reference("lab", "ref")
    assert reference("lab.ref") is None
    assert reference("= lab") is None
