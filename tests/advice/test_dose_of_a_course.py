"""A dose within range where several make one course: what is offered, what is recommended, and what is left alone."""

from __future__ import annotations

import pytest

from tests.advice.suggesting import changed, labels, offered, signed
from tests.chart.ordering import daily, dosage, every, on, order

RULE, COURSE = "dose.out-of-range", "dose.course-exceeded"
ICD = "http://hl7.org/fhir/sid/icd-10-cm"


@pytest.mark.parametrize(
    ("reason", "days", "written", "expected"),
    [
        ("ITP", 1, "43 g", ["Change the dose to 50 g (806 mg/kg)"]),
        ("ITP", 2, "124 g", ["Change the dose to 60 g (968 mg/kg) each day"]),
        ("GBS", 5, "124 g", ["Change the dose to 25 g (403 mg/kg) each day"]),
        ("GBS", 7, "25 g", []),
    ],
)
def test_a_single_printed_dose_is_met_in_the_nearest_whole_vials(
    reason: str, days: int, written: str, expected: list[str]
) -> None:
    rule = COURSE if days > 1 else RULE
    assert labels(order(dosage(written, timing=daily(days)), reason=reason), rule=rule) == expected


@pytest.mark.parametrize(
    ("reason", "days", "written", "rule"),
    [
        ("ITP", 3, "62 g", COURSE),
        ("ITP", 3, "1 g/kg", COURSE),
        ("ITP", 3, "124 g", COURSE),
        ("GBS", 1, "2 g/kg", RULE),
        ("GBS", 1, "124 g", RULE),
        ("GBS", 2, "1 g/kg", RULE),
        ("GBS", 3, "124 g", COURSE),
        ("PI", 2, "62 g", COURSE),
        ("CIDP", 3, "1 g/kg", COURSE),
        ("CIDP", 5, "62 g", COURSE),
        ("KAWASAKI", 2, "2 g/kg", COURSE),
        ("KAWASAKI", 2, "124 g", COURSE),
    ],
)
def test_a_course_on_another_number_of_days_is_not_cut_to_the_dose_of_one(
    reason: str, days: int, written: str, rule: str
) -> None:
    assert labels(order(dosage(written, timing=daily(days)), reason=reason), rule=rule) == []


def test_of_two_orders_of_one_course_the_correct_one_is_left_alone() -> None:
    course = order(dosage("62 g", timing=daily(2)), id="o1", reason="ITP")
    third = order(dosage("62 g", timing=on(2)), id="o2", reason="ITP")
    advice = signed(course, third)
    assert offered(advice, COURSE, "MedicationRequest/o1") == offered(advice, COURSE, "MedicationRequest/o2") == []


def test_a_dose_beside_others_of_its_course_is_not_recommended() -> None:
    two = [
        order(dosage("62 g", timing=on(0)), id="o1", reason="ITP"),
        order(dosage("124 g", timing=on(1)), id="o2", reason="ITP"),
    ]
    (suggestion,) = offered(signed(*two), COURSE, "MedicationRequest/o2")
    assert suggestion["label"] == "Change the dose to 60 g (968 mg/kg)"
    assert "isRecommended" not in suggestion


@pytest.mark.parametrize(("reason", "days", "label"), [("ITP", 5, "25 g (403"), ("KAWASAKI", 2, "60 g (968")])
def test_a_printed_dose_between_the_two_keeps_the_lower_from_being_recommended(
    reason: str, days: int, label: str
) -> None:
    (suggestion,) = offered(signed(order(dosage("150 g", timing=daily(days)), reason=reason)), COURSE)
    assert suggestion["label"] == f"Change the dose to {label} mg/kg) each day"
    assert "isRecommended" not in suggestion


@pytest.mark.parametrize(("days", "recommended"), [(1, False), (2, True), (5, True), (6, False)])
def test_a_course_is_recommended_on_the_days_that_are_printed_for_it(days: int, recommended: bool) -> None:
    (suggestion,) = offered(signed(order(dosage("2.5 g/kg", timing=daily(days)), reason="CIDP")), COURSE)
    assert ("isRecommended" in suggestion) is recommended


@pytest.mark.parametrize(
    ("reason", "written", "label"),
    [
        ("GBS", "441 mg/kg", "Change the dose to 400 mg/kg (24.8 g) each day"),
        ("KAWASAKI", "2201 mg/kg", "Change the dose to 2000 mg/kg (124 g)"),
        ("CLL", "441 mg/kg", "Change the dose to 400 mg/kg (24.8 g)"),
        ("CLL", "30 g", "Change the dose to 20 g (323 mg/kg)"),
    ],
)
def test_an_order_by_weight_goes_to_what_is_printed_and_vials_stay_in_the_range(
    reason: str, written: str, label: str
) -> None:
    coded = {"reasonCode": [{"coding": [{"system": ICD, "code": "C91.10"}]}]} if reason == "CLL" else {}
    sent = order(dosage(written, timing=daily(5 if reason == "GBS" else 1)), reason=None if coded else reason, **coded)
    assert labels(sent, rule=RULE if coded else COURSE) == [label]


def test_a_course_is_told_by_the_day_and_by_its_new_total() -> None:
    (suggestion,) = offered(signed(order(dosage("124 g", timing=daily(5)), reason="GBS")), COURSE)
    assert suggestion["actions"][0]["description"] == (
        "Privigen 10%: 25 g (403 mg/kg) each day in place of 124 g (2000 mg/kg), in whole vials. "
        "5 doses come to 2016 mg/kg. 0.4 g/kg/day on 5 days (EU label)."
    )
    twice = {"repeat": {**daily(2)["repeat"], "frequency": 2}}
    (suggestion,) = offered(signed(order(dosage("124 g", timing=twice), reason="CIDP")), COURSE)
    assert suggestion["label"] == "Change the dose to 30 g (484 mg/kg) each time"


def test_another_warning_about_the_dose_keeps_it_from_being_recommended() -> None:
    (suggestion,) = offered(signed(order(dosage("60 g", timing=every(1, "wk")))), RULE)
    assert "isRecommended" not in suggestion


def test_a_course_that_falls_short_may_lack_days_and_its_dose_is_not_raised() -> None:
    assert labels(order(dosage("60 g", timing=daily(1)), reason="KAWASAKI")) == [
        "Change the dose to 125 g (2016 mg/kg)"
    ]
    assert labels(order(dosage("25 g", timing=daily(2)), reason="CIDP")) == []


def test_two_orders_that_make_one_course_are_each_mended_alone() -> None:
    two = [
        order(dosage("62 g", timing=daily(1)), id="o1", reason="ITP"),
        order(dosage("124 g", timing=daily(1)), id="o2", reason="ITP"),
    ]
    advice = signed(*two)
    for ref in ("MedicationRequest/o1", "MedicationRequest/o2"):
        for one in offered(advice, COURSE, ref):
            mended = changed(one)
            after = signed(*(mended if each["id"] == mended["id"] else each for each in two))
            assert COURSE not in str(after.cards)
