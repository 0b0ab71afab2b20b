"""Whatever stands in a patient's record, a card's detail shows it as words: no HTML, link, image, table or heading."""

from __future__ import annotations

import re
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from cds.advice.layout import LONGEST, detail, length, shorten, unlinked
from cds.advice.layout import one_line as one
from cds.findings import Evidence
from tests.advice.conftest import DRUG, ORDER, Write, finding, rule, view

HOSTILE = [
    "[click](javascript:alert(1))",
    "](javascript:alert(1))",
    "![x](https://evil.example/p.png)",
    "[x]: https://evil.example\n\n[x]",
    "<img src=x onerror=alert(1)>",
    "<https://evil.example>",
    "https://evil.example",
    "HTTP://evil.example",
    "www.evil.example",
    "someone@evil.example",
    "mailto:someone@evil.example",
    "a | b\n---|---\n1 | 2",
    "| a |",
    "# heading",
    "line\n# heading\n\n- item\n\n```\ncode",
    "setext\n===",
    "setext\n---",
    "`code`",
    "~~~\ncode",
    "    indented",
    "\tindented",
    "**bold** _it_ ~~gone~~",
    "&lt;img&gt; &#x3C;img&#x3E; &#91;x&#93;(https://evil.example)",
    "\\[x](https://evil.example)",
    "\\<img>",
    "> quote",
    "1. one",
    "[ ] task",
    "[^1]\n\n[^1]: note",
    "<!-- comment",
    "<details>",
    "x\u2028# heading",
    "\x1b[31mred",
]

PLAIN = {"text", "text_special", "softbreak", "strong_open", "strong_close"}
BLOCKS = {"paragraph", "bullet_list", "list_item", "inline"}
BARE_LINK = re.compile(r"(?i)(https?|ftp|mailto):|www\.|@[\w-]")


def rendered(markdown: str) -> tuple[list[Token], str]:
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown)
    inline = [child for token in tokens for child in token.children or ()]
    assert {re.sub("_(open|close)$", "", token.type) for token in tokens} <= BLOCKS
    assert {child.type for child in inline} <= PLAIN
    return tokens, "".join(child.content for child in inline if child.type.startswith("text"))


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_record_stays_words_wherever_it_stands(write: Write, text: str) -> None:
    words = "{{ order.product_name }} and {{ each.drug | names }}"
    long = (
        "{% for drug in each.drug %}- {{ drug.name }}\n{% endfor %}\n{{ order.product_name }} ({{ order.dose_text }})."
    )
    order, drug = view(ORDER, product_name=text, dose_text=text), view(DRUG, name=text)
    found = finding(
        rule(summary=words, detail=long),
        about=order,
        each={"drug": (drug,)},
        evidence=(Evidence("Condition/1", text),),
        lines=(text,),
        not_checked=(text,),
    )
    (card,) = write(found)
    tokens, seen = rendered(card["detail"])
    assert sum(token.type == "bullet_list_open" for token in tokens) == 2
    assert not BARE_LINK.search(seen)
    assert seen.replace("\u2060", "").count(one(text)) >= 3
    assert "<" not in card["detail"]
    assert "\n" not in card["summary"]
    assert card["summary"].isprintable()
    assert length(card["summary"]) <= LONGEST


@pytest.mark.parametrize(("before", "text"), list(product(["", "a ", "a\n\n", "- "], HOSTILE)))
def test_evidence_with_anything_before_it_stays_words(before: str, text: str) -> None:
    rendered(detail(finding(evidence=(Evidence("Condition/1", before + text),)), "Why.", ("A source",)))


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ab1 .-+*_`~#>|<&;:/\\[]()!@\n\tw\u200b", max_size=60))
def test_anything_stays_words(text: str) -> None:
    made = detail(finding(evidence=(Evidence("Condition/1", text),), not_checked=(text,)), "Why.", ("A source",))
    rendered(made)
    assert length(shorten(one(text * 5))) <= LONGEST


def test_ordinary_words_are_left_alone() -> None:
    assert unlinked("Privigen 10 %: 60 g ÷ 62 kg (2026-11-18) = 968 mg/kg") == (
        "Privigen 10 %: 60 g ÷ 62 kg (2026-11-18) = 968 mg/kg"
    )
