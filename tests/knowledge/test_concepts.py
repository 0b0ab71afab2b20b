"""Conditions and allergies by code and by words; the traps that a pharmacist would check first."""

from __future__ import annotations

import pytest

from cds.knowledge import Knowledge
from cds.knowledge.codes import Icd10Cm, Ndc, RxNorm, Snomed, read

ICD = "http://hl7.org/fhir/sid/icd-10-cm"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("D80.2", {"iga_deficiency_selective"}),
        ("D80", set()),
        ("N17.0", {"aki"}),
        ("N17", {"aki"}),
        ("N18.30", {"ckd_3"}),
        ("N18.31", {"ckd_3"}),
        ("N18.2", {"ckd_2"}),
        ("N18.4", {"ckd_4"}),
        ("N18.5", {"ckd_5"}),
        ("N18.6", {"eskd"}),
        ("N18.9", {"ckd_unspecified"}),
        ("N19", {"ckd_unspecified"}),
        ("N18", set()),
        ("Z94.0", {"kidney_transplant"}),
        ("E11.22", {"diabetes"}),
        ("E12", set()),
        ("A41.9", {"sepsis", "recent_bacterial_infection"}),
        ("R65.21", {"sepsis"}),
        ("R65.10", set()),
        ("J15.9", {"recent_bacterial_infection"}),
        ("C88.00", {"paraproteinemia"}),
        ("C90.00", {"paraproteinemia"}),
        ("C90.10", set()),
        ("D47.2", {"paraproteinemia"}),
        ("D47.29", {"paraproteinemia"}),
        ("T80.51XA", {"serum_anaphylaxis"}),
        ("T80.59XD", {"serum_anaphylaxis"}),
        ("T80.52XA", set()),
        ("Z88.7", set()),
        ("Z88.8", set()),
        ("Z91.018", set()),
        ("M30.3", {"kawasaki"}),
        ("M35.81", {"mis_c"}),
        ("B01.9", {"influenza_or_varicella_active"}),
        ("G43.909", {"migraine"}),
        ("G03.0", {"aseptic_meningitis_history"}),
        ("G03.1", set()),
        ("D68.51", {"hypercoagulable"}),
        ("D68.61", {"hypercoagulable", "antiphospholipid_syndrome"}),
        ("E72.59", {"glycine_metabolism_disorder"}),
        ("N180", set()),
    ],
)
def test_icd_10_cm_matches_by_listed_prefixes_only(known: Knowledge, code: str, expected: set[str]) -> None:
    typed = read(ICD, code)
    assert typed is not None
    assert known.concepts.of(typed) == expected


def test_snomed_matches_exactly(known: Knowledge) -> None:
    assert known.concepts.of(Snomed("190979003")) == {"iga_deficiency_selective"}
    assert known.concepts.of(Snomed("234554004")) == {"secretory_iga_deficiency"}
    assert known.concepts.of(Snomed("16025471000119107")) == {"coronary_aneurysm_kd"}
    assert known.concepts.of(Snomed("39579001")) == {"anaphylaxis"}, "anaphylaxis without a cause"
    assert known.concepts.of(Snomed("76612001")) == set(), "unverified"
    assert known.concepts.of(Snomed("433144")) == set()


def test_an_allergy_is_to_the_substance_by_any_of_its_codes(known: Knowledge) -> None:
    assert known.terms["allergen"] == {"immune_globulin", "aspirin", "acetaminophen", "corn"}
    for code in (RxNorm("5666"), RxNorm("1426680"), RxNorm("1809517"), RxNorm("758996"), Ndc("44206043605")):
        assert known.concepts.of(code) == {"immune_globulin"}, code
    for code in (RxNorm("209029"), RxNorm("731383"), RxNorm("597392")):
        assert known.concepts.of(code) == set(), "hyperimmune and anti-D do not count"
    for code in (RxNorm("1191"), RxNorm("994435")):
        assert known.concepts.of(code) == {"aspirin"}, code
    for code in (RxNorm("161"), RxNorm("313782")):
        assert known.concepts.of(code) == {"acetaminophen"}, code
    assert known.concepts.of(RxNorm("5640")) == set()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("IgA deficiency", {"iga_deficiency_selective"}),
        ("Selective IgA deficiency", {"iga_deficiency_selective"}),
        ("IGA DEFICIENCY, severe", {"iga_deficiency_selective"}),
        ("secretory IgA deficiency", {"secretory_iga_deficiency"}),
        ("partial IgA deficiency", set()),
        ("IgA deficiency (partial)", set()),
        ("no IgA deficiency", set()),
        ("IgA deficiency ruled out", set()),
        ("IgA deficiency has been ruled out", set()),
        ("anti-IgA antibodies", {"anti_iga_antibody"}),
        ("anti-IgA antibodies not detected", set()),
        ("anti-IgA antibodies not tested", set()),
        ("anti-IgA antibodies pending", set()),
        ("chronic kidney disease stage 3", {"ckd_3"}),
        ("Chronic kidney disease, stage 3 (moderate)", {"ckd_3"}),
        ("CKD stage 3b", {"ckd_3"}),
        ("CKD 30", {"ckd_unspecified"}),
        ("CKD stage 2", {"ckd_2"}),
        ("CKD", {"ckd_unspecified"}),
        ("end-stage renal disease", {"eskd"}),
        ("kidney transplant", {"kidney_transplant"}),
        ("kidney transplant candidate", set()),
        ("kidney transplant, evaluated yearly", {"kidney_transplant"}),
        ("living kidney transplant donor", set()),
        ("PICC line in place", {"central_line"}),
        ("PICC line removed 2025", set()),
        ("central venous catheter removed", set()),
        ("Kawasaki disease", {"kawasaki"}),
        ("history of Kawasaki disease", {"kawasaki"}),
        ("Kawasaki disease, resolved 2019", {"kawasaki"}),
        ("Dr. Kawasaki", set()),
        ("brother had Kawasaki disease", set()),
        ("Kawasaki disease, pending echocardiogram", {"kawasaki"}),
        ("antiphospholipid syndrome in sister", set()),
        ("diabetes in daughter", set()),
        ("fam hx of migraine", set()),
        ("sepsis", {"sepsis"}),
        ("No fever. Sepsis.", {"sepsis"}),
        ("rule out sepsis", set()),
        ("r/o sepsis", set()),
        ("history of sepsis", set()),
        ("sepsis, resolved", set()),
        ("asepsis", set()),
        ("sepsis screening", set()),
        ("sepsis, workup in progress", {"sepsis"}),
        ("normal thrombophilia work-up", set()),
        ("family history of diabetes", set()),
        ("Family history: none. Diabetes mellitus type 2", {"diabetes"}),
        ("diabetes insipidus", set()),
        ("gestational diabetes", set()),
        ("without diabetes but CKD stage 4", {"ckd_4"}),
        ("influenza vaccine", set()),
        ("flu-like illness", set()),
        ("household contact with influenza", set()),
        ("chickenpox exposure", set()),
        ("varicella non-immune", set()),
        ("immune to varicella", set()),
        ("varicella, immune deficient", {"influenza_or_varicella_active"}),
        ("Haemophilus influenzae pneumonia", set()),
        ("influenza A", {"influenza_or_varicella_active"}),
        ("allergy to IVIG", {"immune_globulin"}),
        ("Immune globulin, human", {"immune_globulin"}),
        ("hepatitis B immune globulin", set()),
        ("Rho(D) immune globulin", set()),
        ("no known allergy to aspirin", set()),
        ("aspirin", {"aspirin"}),
        ("corn", {"corn"}),
        ("Allergy to corn", {"corn", "corn_allergy"}),
        ("corn pollen", set()),
        ("popcorn", set()),
        ("", set()),
    ],
)
def test_words_are_whole_exact_and_not_taken_back(known: Knowledge, text: str, expected: set[str]) -> None:
    assert known.concepts.in_text(text) == expected


@pytest.mark.parametrize(
    ("code", "words", "expected"),
    [
        ("Z91.018", ["Allergy to other foods", "Corn"], {"corn", "corn_allergy"}),
        ("Z91.018", ["Allergy to corn and maize flour"], {"corn", "corn_allergy"}),
        ("Z91.018", ["Allergy to other foods"], set()),
        ("Z91.018", ["Allergy to other foods", "Peppercorn"], set()),
        ("Z91.018", ["No corn allergy"], set()),
        ("Z91.01", ["Corn"], set()),
        ("E72.59", ["Hyperprolinemia type I"], {"hyperprolinemia"}),
        ("E72.59", ["Sarcosinemia"], set()),
        ("E72.59", ["Corn"], set()),
        ("E72.51", ["Hyperprolinemia"], set()),
    ],
)
def test_a_code_of_a_group_counts_only_with_its_words(
    known: Knowledge, code: str, words: list[str], expected: set[str]
) -> None:
    assert known.concepts.of_wide(Icd10Cm(code), words) == expected
    assert "corn" not in known.concepts.of(Icd10Cm(code))


def test_every_concept_that_rules_ask_for_is_there(known: Knowledge) -> None:
    wanted = {
        *("iga_deficiency_selective", "secretory_iga_deficiency", "anti_iga_antibody", "serum_anaphylaxis"),
        *("anaphylaxis", "ckd_1", "ckd_2", "ckd_3", "ckd_4", "ckd_5", "eskd", "ckd_unspecified", "aki"),
        *("kidney_transplant", "diabetes", "volume_depletion", "sepsis", "paraproteinemia", "vte_history"),
        *("arterial_history", "hypercoagulable", "immobility", "central_line", "heart_failure", "hyperprolinemia"),
        *("hereditary_fructose_intolerance", "corn_allergy", "pregnancy", "aps_pregnancy_loss", "migraine"),
        *("aseptic_meningitis_history", "hemolysis_risk", "recent_bacterial_infection", "asthma_not_indication"),
        *("kawasaki", "coronary_aneurysm_kd", "influenza_or_varicella_active", "mis_c", "immune_globulin", "aspirin"),
    }
    assert wanted <= known.terms["concept"]
    assert all(known.concepts.name(id) for id in known.terms["concept"])
    assert known.concepts.of(Icd10Cm("X99.9")) == set()
