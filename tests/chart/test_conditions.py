"""Conditions as concepts: which codes and words count, which statuses, and what their dates decide."""

from __future__ import annotations

from typing import Any

import pytest

from tests.chart.charting import ICD, SCT, Chart, ago, chart, coded, condition, fact, facts, readings, state

AKI = coded(ICD, "N17.9")
ELSEWHERE = "http://hospital.example.org/problems"


def read(*found: dict[str, Any], encounter: str | None = None) -> Chart:
    return chart(conditions=found, encounter=encounter)


def concepts(code: dict[str, Any], **more: Any) -> set[str]:
    return {one.concept for one in facts(read(condition(code, **more)), "condition")}


@pytest.mark.parametrize(
    ("system", "code", "concept"),
    [
        (ICD, "N17.9", "aki"),
        (ICD, "N17", "aki"),
        (ICD, "N18.30", "ckd_3"),
        (ICD, "N1830", "ckd_3"),
        (ICD, "n18.31", "ckd_3"),
        (ICD, "D80.2", "iga_deficiency_selective"),
        (SCT, "190979003", "iga_deficiency_selective"),
        (SCT, "234554004", "secretory_iga_deficiency"),
        (ICD, "C88.00", "paraproteinemia"),
        (ICD, "R65.20", "sepsis"),
        (ICD, "T80.51XA", "serum_anaphylaxis"),
        (ICD, "M30.3", "kawasaki"),
        ("urn:oid:2.16.840.1.113883.6.90", "M30.3", "kawasaki"),
    ],
)
def test_codes_name_concepts(system: str, code: str, concept: str) -> None:
    assert concepts(coded(system, code)) == {concept}


@pytest.mark.parametrize(
    ("system", "code"),
    [(ICD, "N18.2"), (ICD, "D80.1"), (ICD, "I10"), (ICD, "Z88.7"), (ELSEWHERE, "N17.9"), ("", "N17.9")],
)
def test_other_codes_name_none_and_are_told_in_explain(system: str, code: str) -> None:
    watched = {"aki", "iga_deficiency_selective", "serum_anaphylaxis", "ckd_3"}
    assert not concepts(coded(system, code)) & watched
    assert state(read(condition(coded(system, code))), "conditions") == ("read", "")


def test_the_code_wins_over_the_text_beside_it() -> None:
    assert concepts(coded(ICD, "J45.909", "Kawasaki disease")) == concepts(coded(ICD, "J45.909"))
    assert "kawasaki" not in concepts(coded(SCT, "195967001", "Kawasaki disease", "Asthma"))
    assert concepts(coded(ICD, "N17.9", "Kawasaki disease")) == {"aki"}
    assert "kawasaki" not in concepts(coded(ICD, "I10", display="Kawasaki disease"))


def test_the_code_of_a_group_counts_with_the_words_that_the_table_wants() -> None:
    assert concepts(coded(ICD, "Z91.018", "Food allergy: corn")) == {"corn_allergy"}
    assert concepts(coded(ICD, "Z91.018", "Food allergy: egg")) == set()
    both = {"hyperprolinemia", "glycine_metabolism_disorder"}
    assert concepts(coded(ICD, "E72.59", "Hyperprolinemia type II")) == both
    assert concepts(coded(ICD, "E72.59", "Sarcosinemia")) == {"glycine_metabolism_disorder"}


def test_text_counts_where_no_code_decides_and_the_sentence_says_so() -> None:
    found = fact(read(condition({"text": "Selective IgA deficiency"})), "condition")
    assert found.concept == "iga_deficiency_selective"
    assert found.says.endswith("(active, undated, read from text)")
    assert concepts(coded(ELSEWHERE, "17", "Sepsis")) == {"sepsis"}


def test_a_narrower_snomed_code_counts_by_its_own_display() -> None:
    assert concepts(coded(SCT, "447931005", display="Sepsis caused by Escherichia coli")) == {"sepsis"}
    assert concepts(coded(SCT, "447931005", "Sepsis")) == set()


@pytest.mark.parametrize(
    "words",
    [
        "Family history of Kawasaki disease",
        "Mother with sepsis",
        "No sepsis",
        "Sepsis ruled out",
        "No known problems",
        "Secretory IgA deficiency",
    ],
)
def test_negated_words_the_family_and_near_misses_are_not_there(words: str) -> None:
    assert not concepts({"text": words}) & {"kawasaki", "sepsis", "iga_deficiency_selective"}


@pytest.mark.parametrize("verified", ["refuted", "differential", "entered-in-error", "entered-in-error ", "refuted "])
def test_what_is_denied_does_not_count_and_leaves_nothing_open(verified: str) -> None:
    found = read(condition(AKI, verified=verified))
    assert not facts(found, "condition")
    assert state(found, "conditions") == ("read", "")


@pytest.mark.parametrize("verified", ["confirmed", "provisional", "unconfirmed", None])
def test_what_is_held_to_be_so_counts(verified: str | None) -> None:
    assert fact(read(condition(AKI, verified=verified)), "condition").concept == "aki"


def test_a_provisional_diagnosis_says_so() -> None:
    assert "provisional" in fact(read(condition(AKI, verified="provisional")), "condition").says


@pytest.mark.parametrize(
    ("clinical", "expected"),
    [
        ("active", "active"),
        ("active ", "active"),
        ("recurrence", "active"),
        ("relapse", "active"),
        ("inactive", "past"),
        ("remission", "past"),
        ("resolved", "past"),
    ],
)
def test_states(clinical: str, expected: str) -> None:
    assert fact(read(condition(AKI, clinical)), "condition").state == expected


def test_without_a_clinical_status_an_end_makes_it_past() -> None:
    assert fact(read(condition(AKI, None)), "condition").state == "active"
    assert fact(read(condition(AKI, None, abatementDateTime="2026-10-01")), "condition").state == "past"


@pytest.mark.parametrize(("clinical", "verified"), [("banana", "confirmed"), ("active", "banana")])
def test_an_unknown_status_is_left_out_and_said(clinical: str, verified: str) -> None:
    found = read(condition(AKI, clinical, verified))
    assert not facts(found, "condition")
    assert state(found, "conditions")[0] == "partial"


def test_it_started_on_the_later_of_onset_and_record() -> None:
    late = fact(read(condition(AKI, onsetDateTime="2025-08-10", recordedDate="2026-11-12")), "condition")
    assert (str(late.started), str(late.onset)) == ("2026-11-12", "2025-08-10")
    assert late.says.endswith("(active, onset 2025-08-10, recorded 2026-11-12)")
    for onset, recorded in (("2026-11-10", "2026-11-01"), ("2026-11-10", "2026-11-10"), ("2026-11", "2026-11-10")):
        found = fact(read(condition(AKI, onsetDateTime=onset, recordedDate=recorded)), "condition")
        assert found.started == found.onset
        assert found.says.endswith(f"(active, onset {onset})")
    recorded = fact(read(condition(AKI, recordedDate="2026-11-12")), "condition")
    assert (str(recorded.started), recorded.onset) == ("2026-11-12", None)
    assert recorded.says.endswith("(active, recorded 2026-11-12)")
    period = fact(read(condition(AKI, onsetPeriod={"start": "2026-11-09"})), "condition")
    assert str(period.onset) == "2026-11-09"


def test_a_record_dated_after_today_counts_as_of_today_and_a_later_onset_not_at_all() -> None:
    skewed = read(condition(AKI, onsetDateTime=ago(90), recordedDate=ago(-1)))
    assert str(fact(skewed, "condition").started) == ago(0)
    assert not facts(read(condition(AKI, onsetDateTime=ago(-1), recordedDate=ago(1))), "condition")


def test_an_undated_one_says_so() -> None:
    found = fact(read(condition(AKI)), "condition")
    assert (found.started, found.onset) == (None, None)
    assert "undated" in found.says


@pytest.mark.parametrize(
    ("onset", "counted"), [("2026-11", "2026-11-20"), ("2026-10", "2026-10-31"), ("2025", "2025-12-31")]
)
def test_a_partial_date_is_the_last_day_it_may_mean(onset: str, counted: str) -> None:
    found = fact(read(condition(AKI, onsetDateTime=onset)), "condition")
    assert (str(found.started), str(found.onset)) == (counted, counted)
    assert f"onset {onset})" in found.says


@pytest.mark.parametrize(("onset", "there"), [(ago(0), True), (ago(-1), False), ("2027", False), ("2026", True)])
def test_the_future_does_not_count(onset: str, there: bool) -> None:
    assert bool(facts(read(condition(AKI, onsetDateTime=onset)), "condition")) is there


@pytest.mark.parametrize("encounter", ["e1", "Encounter/e1"])
@pytest.mark.parametrize("reference", ["Encounter/e1", "https://ehr.example.org/fhir/Encounter/e1"])
def test_a_diagnosis_of_this_encounter(encounter: str, reference: str) -> None:
    found = read(condition(AKI, encounter={"reference": reference}), encounter=encounter)
    assert fact(found, "condition").this_encounter


def test_a_diagnosis_of_another_encounter_or_of_none() -> None:
    elsewhere = condition(AKI, encounter={"reference": "Encounter/e2"})
    assert not fact(read(elsewhere, encounter="e1"), "condition").this_encounter
    assert not fact(read(condition(AKI), encounter="e1"), "condition").this_encounter
    assert not fact(read(elsewhere), "condition").this_encounter


def test_the_newest_of_a_concept_and_state_counts() -> None:
    days = [condition(AKI, onsetDateTime=ago(day), recordedDate=ago(day)) for day in (400, 3, 60)]
    assert str(fact(read(*days), "condition").started) == ago(3)


def test_an_undated_entry_is_not_hidden_by_an_old_one_nor_this_encounter_by_a_newer_one() -> None:
    found = read(
        condition(AKI, onsetDateTime=ago(400)),
        condition(AKI),
        condition(AKI, onsetDateTime=ago(500), encounter={"reference": "Encounter/e1"}),
        encounter="e1",
    )
    assert {(str(one.started), one.this_encounter) for one in facts(found, "condition")} == {
        (ago(400), False),
        ("None", False),
        (ago(500), True),
    }


def test_active_and_past_are_two_facts() -> None:
    found = read(condition(AKI, onsetDateTime=ago(3)), condition(AKI, "resolved", onsetDateTime=ago(400)))
    assert {one.state for one in facts(found, "condition")} == {"active", "past"}


def test_an_allergy_among_the_conditions_is_no_condition() -> None:
    assert not {"aspirin", "immune_globulin"} & concepts({"text": "Allergy to aspirin"})


def test_explain_tells_how_each_was_read() -> None:
    found = read(condition(AKI, onsetDateTime="2026-11-10"), condition(coded(ICD, "I10")))
    (one,) = [r for r in readings(found, "read") if r.source == "conditions"]
    assert (one.ref, one.codes) == ("Condition/conditions-1", ("ICD-10-CM N17.9",))
    (other,) = [r for r in readings(found, "not recognized") if r.source == "conditions"]
    assert other.codes == ("ICD-10-CM I10",)


@pytest.mark.parametrize(
    ("code", "recognized"),
    [
        (coded(ICD, "D83.9"), True),
        ({"text": "primary immunodeficiency"}, True),
        (coded(ICD, "E03.9"), False),
        (coded(ICD, "E03.9", text="primary immunodeficiency"), False),
        ({"text": "no primary immunodeficiency"}, False),
    ],
)
def test_what_is_only_a_reason_for_immune_globulin_is_recognized_and_no_condition(
    code: dict[str, Any], recognized: bool
) -> None:
    found = read(condition(code))
    assert not facts(found, "condition")
    what = "primary immunodeficiency: counts only as the reason of an order"
    assert [one.what for one in readings(found, "ignored")] == ([what] if recognized else [])
    assert len(readings(found, "not recognized")) == (not recognized)
