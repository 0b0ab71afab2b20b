"""Every statement of the articles: rules and firing cases stand on it, or it says why none does."""

from __future__ import annotations

from cds.knowledge import Claim
from cds.pages import Covered, coverage
from cds.situations import cases_folder, situations
from tests.support.run import book

CLAIMS = book().knowledge.claims
COVERED = coverage(CLAIMS, book().rules.topics, situations())


def test_every_statement_is_there_exactly_once() -> None:
    assert [one.number for one in COVERED] == [*(f"A{n}" for n in range(1, 12)), *(f"B{n}" for n in range(1, 67))]


def test_a_statement_without_a_reason_has_a_rule_and_a_case_in_which_it_speaks() -> None:
    assert [one.number for one in COVERED if not one.claim.why and not (one.rules and one.cases)] == []


def test_a_statement_with_a_reason_has_no_rule() -> None:
    assert [(one.number, one.rules) for one in COVERED if one.claim.why and one.rules] == []


def test_every_statement_that_a_rule_cites_is_in_the_table() -> None:
    cited = {cite.text for topic in book().rules.topics for rule in topic.rules for cite in rule.cites}
    assert {key for key in cited if key[0] in "AB" and key[1:].isdigit()} - set(CLAIMS) == set()


def test_rules_and_cases_are_counted_as_they_are() -> None:
    found = next(one for one in COVERED if one.number == "A5")
    firing = [case for case in situations() if any(one.rule == "dose.interval-short" for one in case.expected)]
    files = dict.fromkeys(case.file.relative_to(cases_folder()).as_posix() for case in firing)
    assert found == Covered("A5", CLAIMS["A5"], ("dose.interval-short",), len(firing), tuple(files))


def test_a_statement_that_nothing_stands_on_counts_nothing() -> None:
    (found,) = coverage({"B7": Claim("prices", "no card")}, book().rules.topics, situations())
    assert (found.rules, found.cases, found.files) == ((), 0, ())
