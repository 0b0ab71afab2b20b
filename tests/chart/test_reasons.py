"""An order's own reason: coded, referenced, or in words; refuted ones are none."""

from dataclasses import replace
from typing import Any

import pytest

from cds.case import Entry
from cds.chart.reasons import ageless
from cds.chart.reasons import reasons as read
from cds.chart.references import References
from tests.chart.ordering import ICD, SCT, context, dosage, facts, one, order, run


def condition(code: dict[str, Any], **more: Any) -> dict[str, Any]:
    subject = {"reference": "Patient/p1"}
    return {"resourceType": "Condition", "id": "c1", "subject": subject, "code": code} | more


def coded(code: str, system: str = ICD, **more: Any) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code, **more}]}


def reasons(*codes: dict[str, Any], others: tuple[Entry, ...] = (), **more: Any) -> tuple[str, list[str]]:
    made = order(dosage("400 mg/kg"), reason=None, reasonCode=list(codes) or None, **more)
    result = run(made, others=others)
    return one(result, "ig_order").reason, [fact.indication for fact in facts(result, "order_indication")]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (coded("D83.9"), ("table", ["PI"])),
        (coded("M30.3"), ("table", ["KAWASAKI"])),
        (coded("128209004", SCT), ("table", ["CIDP"])),
        (coded("G70.01"), ("recognised", ["MG"])),
        (coded("D80.2"), ("unrecognised", [])),
        (coded("D80.2") | {"text": "primary immunodeficiency"}, ("unrecognised", [])),
        (coded("D80.2", display="Common variable immunodeficiency"), ("unrecognised", [])),
        (coded("E11.9"), ("unrecognised", [])),
        ({"text": "CIDP"}, ("table", ["CIDP"])),
        ({"text": "CIDP", "coding": [{"system": "urn:local", "code": "77"}]}, ("table", ["CIDP"])),
        ({"text": "headache"}, ("unrecognised", [])),
    ],
)
def test_reason_codes(code: dict[str, Any], expected: tuple[str, list[str]]) -> None:
    assert reasons(code) == expected


def test_no_reason() -> None:
    assert reasons() == ("none", [])


def test_two_reasons_those_with_a_table_first() -> None:
    assert reasons(coded("G70.01"), coded("D83.9")) == ("table", ["PI", "MG"])


def test_a_reason_read_from_text_says_so() -> None:
    result = run(order(dosage("400 mg/kg"), reason=None, reasonCode=[{"text": "CIDP"}]))
    assert 'read from text "CIDP"' in one(result, "order_indication").says


@pytest.mark.parametrize(
    ("reference", "url"),
    [("Condition/c1", None), ("urn:uuid:77", "urn:uuid:77"), ("http://ehr.example/r4/Condition/c1", None)],
)
def test_a_condition_of_the_record(reference: str, url: str | None) -> None:
    entry = Entry(condition(coded("D83.9")), url)
    found = reasons(reasonReference=[{"reference": reference}], others=(entry,))
    assert found == ("table", ["PI"])


def test_a_contained_condition() -> None:
    contained = condition(coded("D83.9"))
    assert reasons(contained=[contained], reasonReference=[{"reference": "#c1"}]) == ("table", ["PI"])


@pytest.mark.parametrize("state", ["refuted", "entered-in-error", "entered-in-error "])
def test_a_condition_that_is_none(state: str) -> None:
    verified = {"coding": [{"code": state}]}
    entry = Entry(condition(coded("D83.9"), verificationStatus=verified))
    assert reasons(reasonReference=[{"reference": "Condition/c1"}], others=(entry,)) == ("none", [])


def test_a_condition_that_was_not_sent_is_known_by_its_display() -> None:
    found = reasons(reasonReference=[{"reference": "Condition/gone", "display": "CIDP"}])
    assert found == ("table", ["CIDP"])
    assert reasons(reasonReference=[{"reference": "Condition/gone"}]) == ("unrecognised", [])


def test_the_problem_list_is_no_reason() -> None:
    assert reasons(others=(Entry(condition(coded("D83.9"))),)) == ("none", [])


HIV, ASYMPTOMATIC, WORDS = coded("B20"), coded("Z21"), {"text": "pediatric HIV"}


@pytest.mark.parametrize("reason", [HIV, ASYMPTOMATIC, WORDS])
@pytest.mark.parametrize(
    ("years", "found", "told"),
    [
        ((0, 0), ("HIV_PED",), 0),
        ((17, 17), ("HIV_PED",), 0),
        ((17, 18), (), 2),
        ((18, 18), (), 0),
        ((40, 40), (), 0),
        (None, (), 2),
    ],
)
def test_a_reason_of_children_alone_depends_on_the_age(
    reason: dict[str, Any], years: tuple[int, int] | None, found: tuple[str, ...], told: int
) -> None:
    aged = replace(context(), years=years)
    result = read({"reasonCode": [reason]}, References([]), aged)
    assert result.ids == found
    assert result.state == ("table" if found else "unrecognised")
    unchecked = list(ageless("MedicationRequest/o1", result, aged))
    assert len(unchecked) == told
    assert all("under 18 years only" in fact.says and fact.source == "patient" for fact in unchecked)


def test_beside_a_reason_of_any_age_one_of_children_alone_is_dropped_for_an_adult() -> None:
    result = read({"reasonCode": [HIV, coded("D83.9")]}, References([]), replace(context(), years=(40, 40)))
    assert (result.ids, result.state, result.ageless) == (("PI",), "table", ())
