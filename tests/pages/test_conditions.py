"""Rules in words: sentences that a pharmacist understands, made from the typed rule."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest

from cds.facts import KINDS
from cds.knowledge.values import DatedValue, in_force
from cds.pages import vocabulary
from cds.pages.conditions import Clauses, Teller
from cds.rulebook.reader import read_topic
from cds.rulebook.topic import Rule
from tests.pages.conftest import Page
from tests.support.run import AS_OF, book

NAMES = vocabulary.Names(book().knowledge, dict.fromkeys(book().knowledge.concepts.ids, "concepts/x.html"), ())
VALUES = {
    "limit": DatedValue(date(2013, 1, 1), Decimal("60"), "mL/min/1.73 m2", "KDIGO"),
    "window": DatedValue(date(2013, 1, 1), Decimal("30"), "days", "PROJECT"),
    "one": DatedValue(date(2013, 1, 1), Decimal("1"), "days", "PROJECT"),
    "ratio": DatedValue(date(2013, 1, 1), Decimal("1.50"), "1", "PROJECT"),
}


def plain(markup: object) -> str:
    return re.sub(r"<[^>]+>", "", str(markup)).replace("&#39;", "'")


def rule_of(text: str) -> Rule:
    lines = "\n".join(f"    {line}" for line in text.strip("\n").split("\n"))
    content = f"topic: T\nabout: A\nrules:\n  - id: t.rule\n{lines}\n"
    topic, faults = read_topic(content.encode(), "t.yaml")
    assert topic is not None
    assert not [fault for fault in faults if "needs" not in fault.what], faults
    return topic.rules[0]


def clauses(text: str) -> Clauses:
    return Teller("t", VALUES, book().rules.kinds, NAMES).tell(rule_of(text)).body


def said(pattern: str) -> str:
    """One pattern besides an order, a call and a lab, in words."""
    order, call = "  order: {is: ig_order}", "  call: {is: call}"
    return plain(clauses(f"when:\n{order}\n{call}\n  x: {pattern}").when[-1])


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("{is: body}", "there is a body size"),
        ("{is: lab, concept: egfr}", "there is a result of eGFR"),
        ("{is: condition, concept: [ckd_3, diabetes]}",
         "there is a diagnosis of chronic kidney disease stage 3 or diabetes mellitus"),
        ("{is: condition, concept: [ckd_3, ckd_unspecified, diabetes]}",
         "there is a diagnosis of chronic kidney disease stage 3; chronic kidney disease, stage not said "
         "or diabetes mellitus"),
        ("{is: lab, at_most: '< values.limit'}",
         "there is a laboratory result, whose highest possible value is less than 60 mL/min/1.73 m2"),
        ("{is: lab, at_most: '<= values.limit'}",
         "there is a laboratory result, whose highest possible value is at most 60 mL/min/1.73 m2"),
        ("{is: lab, at_most: '> values.limit'}",
         "there is a laboratory result, whose highest possible value is more than 60 mL/min/1.73 m2"),
        ("{is: lab, at_most: '>= values.limit'}",
         "there is a laboratory result, whose highest possible value is at least 60 mL/min/1.73 m2"),
        ("{is: lab, at_most: '= values.limit'}",
         "there is a laboratory result, whose highest possible value is 60 mL/min/1.73 m2"),
        ("{is: lab, at_most: '!= values.limit'}",
         "there is a laboratory result, whose highest possible value is not 60 mL/min/1.73 m2"),
        ("{is: lab, at_most: absent}", "there is a laboratory result, whose highest possible value is not known"),
        ("{is: lab, at_most: present}", "there is a laboratory result, whose highest possible value is known"),
        ("{is: lab, at_most: '> 0'}", "there is a laboratory result, whose highest possible value is more than 0"),
        ("{is: creatinine_change, ratio: '>= values.ratio'}",
         "there is a change of creatinine, whose ratio to the baseline is at least 1.5"),
        ("{is: drug, nsaid: true, systemic: ['yes', unknown]}",
         "there is a watched drug, which is an NSAID, and whose systemic effect is yes or not known"),
        ("{is: drug, nsaid: false}", "there is a watched drug, which is no NSAID"),
        ("{is: order_indication, order: '= order.ref', indication: PI}",
         "there is the reason primary immunodeficiency for that order"),
        ("{is: order_indication, order: '= order.ref', indication: '!= PI'}",
         "there is a recognized reason for that order, whose indication is not primary immunodeficiency"),
        ("{is: ig_order, ref: '= order.ref', brand: generic}", "that order: its brand is not named"),
        ("{is: ig_order, ref: '= order.ref', product: '!= unknown'}", "that order: its product is known"),
        ("{is: ig_order, ref: '= order.ref', last_day: '> order.first_day'}",
         "that order: its last planned day is after its own first planned day"),
        ("{is: condition, started: '>= call.day - values.window'}",
         "there is a diagnosis, whose beginning is no earlier than 30 days before the day of the call"),
        ("{is: condition, started: '< order.first_day - values.one'}",
         "there is a diagnosis, whose beginning is earlier than 1 day before the first planned day of that order"),
        ("{is: condition, started: '<= order.first_day + values.window'}",
         "there is a diagnosis, whose beginning is no later than 30 days after the first planned day of that order"),
        ("{is: condition, started: '>= order.first_day'}",
         "there is a diagnosis, whose beginning is on or after the first planned day of that order"),
        ("{is: condition, started: '> order.first_day and <= call.day'}",
         "there is a diagnosis, whose beginning is after the first planned day of that order, "
         "and whose beginning is on or before the day of the call"),
        ("{is: given_course, product: '= order.product'}",
         "there is an earlier course of immune globulin, whose product is that of that order"),
        ("{is: source, name: orders, state: partial}",
         "there is this part of the record: the orders of this call, whose state is partial"),
        ("{is: amount, order: '= order.ref', basis: dose, weight: [ordered, actual]}",
         "there is a plausible amount per dose for that order, "
         "whose weight is that of the order itself or the actual one"),
        ("{is: rate_limit, origin: at_risk, below: true}",
         "there is an infusion rate of the label, whose place on the label is the one for patients at risk, "
         "and which must stay under its number"),
        ("{is: ig_product, ref: '= order.ref'}",
         "there is an order for any immune globulin product that is the same as the order “order”"),
        ("{is: a_new_kind, some_thing: word}", "there is an a new kind, whose some thing is word"),
    ],
)  # fmt: skip
def test_a_pattern_in_words(pattern: str, words: str) -> None:
    assert said(pattern) == words


def test_values_and_table_entries_are_links() -> None:
    when = clauses("when:\n  x: {is: lab, concept: egfr, at_most: '< values.limit'}").when[0]
    assert '<a href="../topics/t.html#value-limit">60 mL/min/1.73 m2</a>' in when
    assert '<a href="../tables/measurements.html#egfr">eGFR</a>' in when


def test_names_are_told_where_two_facts_are_called_alike() -> None:
    text = """
when:
  order: {is: ig_order}
  first: {is: amount, order: "= order.ref", basis: day}
  second: {is: amount, order: "= order.ref", low: "> first.high"}
"""
    first, second = map(plain, clauses(text).when[1:])
    assert first == "there is a plausible amount per day (“first”) for that order"
    assert second.endswith("whose lowest amount is more than the highest amount of the amount “first”")


def test_a_denial_a_branch_and_a_line() -> None:
    text = """
when:
  order: {is: ig_order}
any:
  - when:
      body: {is: body, bmi: ">= values.limit"}
    unless:
      kawasaki: {is: order_indication, order: "= order.ref", indication: KAWASAKI}
    tier: warning
    says: "Over {{ values.limit }}: {{ body.says }}."
raise:
  - lower: true
    when:
      call: {is: call}
    tier: info
infer: {is: renal_risk_of_order, order: "= order.ref", factor: age, acute: false}
"""
    told = Teller("t", VALUES, book().rules.kinds, NAMES).tell(rule_of(text))
    (branch,) = told.any
    assert [plain(one) for one in branch.unless] == ["there is the reason Kawasaki disease for that order"]
    assert (branch.tier, branch.says) == ("warning", "Over 60: ….")
    assert (told.raises[0].tier, told.raises[0].lower) == ("info", True)
    assert plain(told.infers) == "the kidney risk age for that order, which is not acute"


def test_every_kind_of_fact_has_words() -> None:
    """A new kind of fact needs a noun in cds/pages/words.yaml before a rule that speaks of it can be signed."""
    assert set(KINDS) - vocabulary.known_kinds() == set()


def test_nothing_of_the_language_is_left_in_the_sentences() -> None:
    for topic in book().rules.topics:
        values = {name: in_force(dates, AS_OF) for name, dates in topic.values.items()}
        teller = Teller(topic.stem, values, book().rules.kinds, NAMES)
        for rule in topic.rules:
            told = teller.tell(rule)
            branches = (told.body, *told.any, *told.raises)
            sentences = [plain(one) for branch in branches for one in (*branch.when, *branch.unless)]
            sentences += [branch.says for branch in branches] + [plain(told.infers)] * bool(told.infers)
            assert len(sentences) > 1
            for sentence in sentences:
                assert not re.search(r"values\.|_|[<>={}]|\bref\b", sentence), (rule.id, sentence)


def test_a_rule_page_reads_like_a_page(parsed: Mapping[str, Page]) -> None:
    text = parsed["rules/renal.sucrose-at-risk.html"].text
    assert (
        "This rule speaks when there is an order for immune globulin, whose route is intravenous or not known, "
        "and whose sugar is sucrose and there is a kidney risk for that order Its card is critical." in text
    )
