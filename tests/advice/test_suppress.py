"""Which card wins about the same order, and that what does not fire hides nothing."""

from __future__ import annotations

from itertools import permutations

from cds.advice import suppress
from cds.advice.suppress import circles
from tests.advice.conftest import DRUG, finding, rule

IMPLAUSIBLE = rule("dose.implausible", over=("dose.course-exceeded",))
COURSE = rule("dose.course-exceeded", over=("dose.out-of-range",))
RANGE = rule("dose.out-of-range")


def shown(*findings: object) -> list[str]:
    return [found.rule.id for found in suppress(findings)[0]]


def test_a_rule_hides_another_about_the_same_order() -> None:
    assert shown(finding(RANGE), finding(COURSE)) == ["dose.course-exceeded"]


def test_it_hides_nothing_about_another_order() -> None:
    assert shown(finding(RANGE, about=DRUG), finding(COURSE)) == ["dose.out-of-range", "dose.course-exceeded"]


def test_a_rule_that_did_not_fire_hides_nothing() -> None:
    assert shown(finding(RANGE)) == ["dose.out-of-range"]


def test_a_hidden_rule_still_hides_whatever_the_order_of_findings() -> None:
    for given in permutations((finding(RANGE), finding(COURSE), finding(IMPLAUSIBLE))):
        assert shown(*given) == ["dose.implausible"]


def test_a_hidden_rule_hides_only_what_it_names_itself() -> None:
    assert shown(finding(RANGE), finding(IMPLAUSIBLE)) == ["dose.out-of-range", "dose.implausible"]


def test_what_is_hidden_names_every_rule_that_hides_it() -> None:
    both = rule("dose.duplicate", over=("dose.out-of-range",))
    hidden = suppress([finding(RANGE), finding(COURSE), finding(both)])[1]
    assert [(one.finding.rule.id, one.by) for one in hidden] == [
        ("dose.out-of-range", ("dose.course-exceeded", "dose.duplicate"))
    ]


def test_rules_that_hide_each_other_are_found() -> None:
    first, second = rule("a.one", over=("a.two",)), rule("a.two", over=("a.three",))
    third, beside = rule("a.three", over=("a.one",)), rule("a.four", over=("a.one", "a.off"))
    assert circles([first, second, third, beside]) == (first, second, third)
    assert circles([rule("a.self", over=("a.self",))])
    assert circles([IMPLAUSIBLE, COURSE, RANGE]) == ()
