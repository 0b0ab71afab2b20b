"""Texts: what comes from a patient stays text, and what is missing is an error."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from markdown_it import MarkdownIt

from cds.wording import WordingError, escape, markdown, plain, spoken


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (968.0, "968"),
        (0.3, "0.3"),
        (Decimal("1000"), "1000"),
        (Decimal("1E+3"), "1000"),
        (1234567.0, "1234567"),
        (True, "yes"),
        (False, "no"),
        (None, "unknown"),
        (date(2026, 11, 18), "2026-11-18"),
        ("two\n  lines\t", "two lines"),
    ],
)
def test_values_are_written_as_people_read_them(value: object, words: str) -> None:
    assert spoken(value) == words
    assert plain("{{ x }}").render({"x": value}) == words


HOSTILE = [
    "**bold** _it_",
    "[here](http://evil.example)",
    "![x](http://evil.example/p.png)",
    "<script>alert(1)</script>",
    "<b>x</b> & y",
    "# heading",
    "- item",
    "+ item",
    "1. item",
    "2) item",
    "=====",
    "> quote",
    "`code`",
    "    indented",
    "a\n\n# b\n- c",
    "| a | b |\n|---|---|",
    "~~gone~~",
    "\\*x\\*",
    "http://evil.example www.evil.example mailto:x@evil.example",
    "&lt;img&gt;",
]


@pytest.mark.parametrize("value", HOSTILE)
def test_a_value_in_markdown_reads_as_itself_and_makes_no_markup(value: str) -> None:
    written = markdown("{{ x }}").render({"x": value})
    reader = MarkdownIt("commonmark", {"linkify": False}).enable(["table", "strikethrough"])
    tokens = reader.parse(written)
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert {child.type for child in tokens[1].children or []} <= {"text", "text_special"}
    assert "".join(child.content for child in tokens[1].children or []) == " ".join(value.split())
    assert not any(mark in written for mark in ("<", "http:", "www.e", "mailto:"))


def test_ordinary_words_stay_readable() -> None:
    assert escape("Privigen 60 g (10 %), 968 mg/kg on 2026-11-18") == "Privigen 60 g (10 %), 968 mg/kg on 2026-11-18"
    assert escape(-3.5) == "-3.5"


def test_the_authors_own_markdown_stays() -> None:
    assert markdown("**What to do:** {{ x }}").render({"x": "*"}) == "**What to do:** \\*"


def test_a_missing_name_or_attribute_is_a_fault_without_any_value() -> None:
    for source in ("{{ missing }}", "{{ x.missing }}", "{{ x + 1 }}"):
        with pytest.raises(WordingError) as fault:
            plain(source).render({"x": "Jane Doe"})
        assert "Jane" not in str(fault.value)


def test_the_sandbox_keeps_python_out() -> None:
    with pytest.raises(WordingError):
        plain("{{ x.__class__.__mro__ }}").render({"x": "a"})


def test_a_broken_text_is_refused_when_it_is_made() -> None:
    for source in ("{{ x", "{% for %}", "{{ x | nosuchfilter }}"):
        with pytest.raises(WordingError):
            plain(source)


def test_filters_are_the_callers() -> None:
    text = markdown("{{ x | shout }}", {"shout": lambda value: f"{value.upper()}_"})
    assert text.render({"x": "a"}) == "A\\_"


def test_the_names_a_text_needs_are_known() -> None:
    text = plain("{{ lab.says }} {{ values.limit }} {% for gap in each.gap %}{{ gap.says }}{% endfor %}{{ each['x'] }}")
    assert text.names == {"lab", "values", "each"}
    assert {("lab", "says"), ("values", "limit"), ("each", "gap"), ("each", "x")} <= text.paths
    assert not any(path[0] == "gap" for path in text.paths)


@pytest.mark.parametrize(
    "hidden",
    ["\u202e", "\u2066", "\u200f", "\u200b", "\u00ad", "\u2060", "\ufeff", "\x07", "\x1b", "\x7f", "\x9b", "\udcff"],
)
def test_nothing_that_a_reader_does_not_see_is_written(hidden: str) -> None:
    assert spoken(f"10{hidden}g").replace(" ", "") == "10g"
    assert hidden not in escape(f"10{hidden}g")


def test_letters_of_any_script_stay() -> None:
    assert spoken("Ärztin 李 ≥ 5 µg\u00a0/ mL") == "Ärztin 李 ≥ 5 µg / mL"
