"""Every text is tried at start with the longest values: what is wrong has a file and a line."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cds import knowledge
from cds.advice import Writer
from cds.advice.samples import Longest
from cds.errors import BookFault
from cds.facts import KINDS, attributes
from cds.findings import AdviceRule, Suggest
from cds.settings import rules_folder
from tests.advice.conftest import ORDER, finding, material, rule, view


@pytest.fixture(scope="session")
def known() -> knowledge.Knowledge:
    return knowledge.load(rules_folder())


@pytest.fixture
def longest_product(known: knowledge.Knowledge) -> str:
    return max((known.products.page(id).name for id in known.products.ids), key=len)


def faults(known: knowledge.Knowledge, *rules: AdviceRule) -> list[str]:
    with pytest.raises(BookFault) as found:
        Writer(rules, known)
    return [str(fault) for fault in found.value.faults]


def of_length(length: int, start: str) -> str:
    return f"{{{{ order.product_name }}}}{'.' * (length - len(start))}"


def test_a_summary_may_be_139_characters_long_with_the_longest_product(
    known: knowledge.Knowledge, longest_product: str
) -> None:
    Writer([rule(summary=of_length(139, longest_product))], known)
    (fault,) = faults(known, rule(summary=of_length(140, longest_product)))
    assert fault.startswith("rules/renal.yaml:7: renal.at-risk: the summary can be 140 characters long, over 139")


@pytest.mark.parametrize(
    "summary",
    [
        "{% if order.route == 'oral' %}" + "x" * 140 + "{% else %}short{% endif %}",
        "{% if tier == 'info' %}" + "x" * 140 + "{% else %}short{% endif %}",
        "{% if not order.repeating %}" + "x" * 140 + "{% else %}short{% endif %}",
        "{% if order.product == 'unknown' %}" + "x" * 140 + "{% else %}short{% endif %}",
        "{% if each.drug | length > 1 %}" + "x" * 140 + "{% else %}short{% endif %}",
    ],
)
def test_every_branch_of_a_summary_is_tried(known: knowledge.Knowledge, summary: str) -> None:
    (fault,) = faults(known, rule(summary=summary))
    assert "140 characters long" in fault


@pytest.mark.parametrize(
    ("texts", "word"),
    [
        ({"summary": "{{ order.colour }}"}, "could not be written"),
        ({"summary": "{{ patient.age_min }}"}, "could not be written"),
        ({"summary": "fine", "detail": "{{ each.nobody | names }}"}, "could not be written"),
        ({"summary": "{{ order.product_name | shout }}"}, "shout"),
        ({"summary": "{% if %}"}, "template"),
        ({"summary": "{% if tier == 'info' %}{% else %}something{% endif %}"}, "can be empty"),
        ({"summary": "fine", "over": ("renal.at-risk",)}, "hides itself"),
    ],
)
def test_a_text_that_cannot_be_used_is_a_fault_of_its_file(
    known: knowledge.Knowledge, texts: dict[str, Any], word: str
) -> None:
    (fault,) = faults(known, rule(**texts))
    assert fault.startswith("rules/renal.yaml:7: renal.at-risk: ")
    assert word in fault


def test_all_faults_come_at_once(known: knowledge.Knowledge) -> None:
    assert len(faults(known, rule(summary="{{ a }}"), rule("renal.sucrose", summary="{{ b }}", line=9))) == 2


def test_each_order_that_a_card_may_stand_on_is_tried(known: knowledge.Knowledge) -> None:
    either = rule(summary="{{ about.product_name }}", about=("order", "drug"))
    assert "could not be written" in faults(known, either)[0]
    Writer([rule(summary="{{ [about] | names }}", about=("order", "drug"))], known)


def test_every_kind_of_fact_has_samples_of_all_its_attributes(known: knowledge.Knowledge) -> None:
    longest = Longest(known)
    for name, kind in KINDS.items():
        samples = longest.of(attributes(kind))
        assert set(samples) == set(attributes(kind)), name
        assert all(values and values[0] not in ("", None) for values in samples.values()), name


def test_a_brand_that_no_table_lists_is_cut_at_a_word(known: knowledge.Knowledge) -> None:
    writer = Writer([rule()], known)
    found = finding(about=view(ORDER, product_name="Brand " * 40))
    (card,) = writer.write([found], material({}), "e").cards
    assert card["summary"].endswith("Brand…")
    assert len(card["summary"]) <= 139


@pytest.mark.parametrize(
    ("suggest", "what"),
    [
        (Suggest("wiegh", "", 9), 'there is no suggestion "wiegh"; did you mean weigh?'),
        (Suggest("weigh", "hemoglobin", 9), 'the suggestion "weigh" takes no argument'),
        (Suggest("order_test", "", 9), 'the suggestion "order_test" cannot be of ""'),
        (
            Suggest("order_test", "hemoglobine", 9),
            'the suggestion "order_test" cannot be of "hemoglobine"; did you mean hemoglobin?',
        ),
        (Suggest("order_test", "abo_group", 9), 'the suggestion "order_test" cannot be of "abo_group"'),
        (Suggest("replace_drug", "ibuprofen", 9), 'the suggestion "replace_drug" cannot be of "ibuprofen"'),
        (
            Suggest("weigh", "", 9, ("oder",)),
            'the suggestion "weigh": no name "oder" is bound; did you mean order?',
        ),
    ],
)
def test_what_cannot_be_suggested_is_a_fault(known: knowledge.Knowledge, suggest: Suggest, what: str) -> None:
    wrong = rule()
    (fault,) = faults(known, replace(wrong, card=replace(wrong.card, suggest=(suggest,))))
    assert fault == f"rules/renal.yaml:9: renal.at-risk: {what}"
