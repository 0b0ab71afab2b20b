"""What the pages say about the rules: all of them, with their cards, their cases, and what is not signed."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import UTC
from pathlib import Path

import pytest

from cds.evaluation import load_book
from cds.pages import Pages
from cds.situations import situations
from tests.pages.conftest import Page, read
from tests.support.run import AS_OF, RULES, book

TOPICS = book().rules.topics
EVERY = [(topic, rule) for topic in TOPICS for rule in topic.rules]
SITUATIONS = tuple(situations())


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The rule book, to be changed."""
    return Path(shutil.copytree(RULES, tmp_path / "rules"))


def change(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text("utf-8")
    assert text.count(old) == 1, f"{text.count(old)} places in {file}"
    (folder / file).write_text(text.replace(old, new), "utf-8")


def made(folder: Path, **switched: frozenset[str]) -> Pages:
    return Pages(load_book(folder, UTC, **switched), folder, AS_OF)


def test_every_rule_has_a_page_and_stands_on_that_of_its_topic(parsed: Mapping[str, Page]) -> None:
    for topic, rule in EVERY:
        assert parsed[f"rules/{rule.id}.html"].title.startswith(rule.id)
        assert f"../rules/{rule.id}.html" in parsed[f"topics/{topic.stem}.html"].links


def test_rules_that_infer_are_linked_with_those_that_read_them(parsed: Mapping[str, Page]) -> None:
    makers = {rule.infer.kind: [] for _, rule in EVERY if rule.infer}
    for _, rule in EVERY:
        if rule.infer:
            makers[rule.infer.kind].append(rule.id)
    pairs = {
        (maker, rule.id)
        for _, rule in EVERY
        for pattern in rule.patterns()
        for maker in makers.get(pattern.kind, ())
        if maker != rule.id
    }
    assert ("renal.low-egfr", "renal.risk-of-order") in pairs
    for maker, reader in pairs:
        assert f"../rules/{reader}.html" in parsed[f"rules/{maker}.html"].links
        assert f"../rules/{maker}.html" in parsed[f"rules/{reader}.html"].links


def test_hiding_is_said_on_both_pages(parsed: Mapping[str, Page]) -> None:
    for _, rule in EVERY:
        for hidden in rule.over:
            assert f"../rules/{hidden.text}.html" in parsed[f"rules/{rule.id}.html"].links
            assert f"../rules/{rule.id}.html" in parsed[f"rules/{hidden.text}.html"].links


def test_every_rule_that_speaks_shows_a_card_of_each_tier_that_a_case_expects(parsed: Mapping[str, Page]) -> None:
    for _, rule in EVERY:
        tiers = {one.tier for case in SITUATIONS for one in case.expected if one.rule == rule.id}
        page = parsed[f"rules/{rule.id}.html"]
        assert page.tags.count("article") == len(tiers), rule.id
        assert bool(tiers) == (rule.card is not None), rule.id


def test_a_card_is_the_one_that_the_case_gets(parsed: Mapping[str, Page]) -> None:
    text = parsed["rules/dose.out-of-range.html"].text
    assert "Privigen 10% 60 g is 968 mg/kg, over the 200-800 mg/kg range for primary immunodeficiency" in text
    assert "60 g ÷ 62 kg (2026-11-18) = 968 mg/kg" in text
    assert "Reasons to set it aside: Benefit outweighs risk, Data out of date, Not applicable to this patient" in text
    assert "**" not in text


def test_every_case_is_there_with_what_comes_of_it(parsed: Mapping[str, Page]) -> None:
    for _, rule in EVERY:
        page = parsed[f"rules/{rule.id}.html"]
        own = [case for case in SITUATIONS if case.rule == rule.id]
        assert all(" ".join(case.sentence.split()) in page.text for case in own)
        silent = [case for case in own if not case.expected and not case.also_allowed]
        assert page.text.count("nothing to say") >= len(silent), rule.id


def test_values_tell_their_source_and_that_nobody_signed_them(parsed: Mapping[str, Page]) -> None:
    text = parsed["topics/renal.html"].text
    assert "KDIGO rise 0.3 mg/dL 2013-01-01 KDIGO: KDIGO guideline" in text
    assert "0.3 mg/dL or more within 48 hours" in text
    values = next(len(topic.values) for topic in TOPICS if topic.stem == "renal")
    assert text.count("not signed") == values
    count = sum(len(topic.values) for topic in TOPICS)
    assert f"Values not signed by a pharmacist {count} of {count}" in parsed["index.html"].text


def test_a_signature_is_shown_with_its_day(copy: Path) -> None:
    quote = 'quote: "Under 30, as in chronic kidney disease from stage 4 on", reviewed: '
    change(copy, "renal.yaml", f"{quote}null", f"{quote}{{by: A. Pharmacist, on: 2026-11-19}}")
    pages = made(copy)
    text = read(pages["topics/renal.html"]).text
    assert "A. Pharmacist, 2026-11-19" in text
    total = sum(len(topic.values) for topic in TOPICS)
    assert f"{total - 1} of {total}" in read(pages["index.html"]).text


def test_only_the_value_in_force_is_the_one_of_the_conditions(copy: Path) -> None:
    quote = 'quote: "Under 30, as in chronic kidney disease from stage 4 on", reviewed: null}\n'
    later = quote + quote.replace(
        "quote", "    - {from: 2026-11-21, value: 25, unit: mL/min/1.73 m2, source: KDIGO, quote"
    )
    change(copy, "renal.yaml", quote, later)
    text = read(made(copy)["rules/renal.severe-egfr.html"]).text
    assert "its highest possible value is less than 30 mL/min/1.73 m2" in text
    assert "25 mL/min/1.73 m2 not in force" in text


def test_rules_that_are_off_say_so_and_are_shown_all_the_same() -> None:
    pages = made(RULES, off=frozenset({"renal.sucrose"}))
    index, off = read(pages["index.html"]), read(pages["rules/renal.sucrose.html"])
    assert "Rules off renal.sucrose, renal.no-baseline" in index.text
    assert "Switched off here" in off.text
    assert "article" in off.tags
    assert "Switched off here" not in read(pages["rules/renal.at-risk.html"]).text


def test_a_silent_rule_says_so(parsed: Mapping[str, Page]) -> None:
    text = parsed["rules/renal.no-baseline.html"].text
    assert "Silent: it does not speak until a site switches it on. It is off here." in text
    on = read(made(RULES, on=frozenset({"renal.no-baseline"}))["rules/renal.no-baseline.html"]).text
    assert "switches it on." in on
    assert "It is off here" not in on


def test_what_the_book_says_cannot_become_markup(copy: Path) -> None:
    change(copy, "product.yaml", "topic: Product", "topic: '<b>Product</b> & \"more\"'")
    change(copy, "product.yaml", "  What a product contains", "  <script>alert(1)</script> What a product contains")
    page = read(made(copy)["topics/product.html"])
    assert '<b>Product</b> & "more"' in page.text
    assert not {"script", "b"} & set(page.tags)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("dose.out-of-range", "Suggests: a dose inside the printed range, in whole vials of the product."),
        (
            "iga-deficiency.caution",
            "another product of the site's formulary, with volume and rate recalculated (low IgA)",
        ),
        ("renal.sucrose-at-risk", "with volume and rate recalculated (free of sucrose)."),
    ],
)
def test_a_rule_says_what_its_card_suggests(parsed: Mapping[str, Page], rule: str, said: str) -> None:
    assert said in " ".join(parsed[f"rules/{rule}.html"].text.split())


def test_a_rule_that_suggests_nothing_says_nothing_of_it(parsed: Mapping[str, Page]) -> None:
    assert "Suggests:" not in parsed["rules/dose.implausible.html"].text
