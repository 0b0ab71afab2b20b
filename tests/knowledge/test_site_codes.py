"""A site's codes beside those of the tables: matched exactly, and never against what the tables say."""

from __future__ import annotations

from pathlib import Path

import pytest

from cds.knowledge import Knowledge, load
from cds.knowledge import read as read_all
from cds.knowledge.codes import Code, OtherCode, read

HERE = "http://hospital.example/x"
ICD, LOINC = "http://hl7.org/fhir/sid/icd-10-cm", "http://loinc.org"
RXNORM, CVX = "http://www.nlm.nih.gov/research/umls/rxnorm", "http://hl7.org/fhir/sid/cvx"


@pytest.fixture(scope="module")
def own(rules_folder: Path, site_file: Path) -> Knowledge:
    return load(rules_folder, site_file)


def code(system: str, value: str) -> Code:
    found = read(f"http://hospital.example/{system}", value)
    assert found is not None
    return found


def faults(folder: Path, rules: Path, text: str) -> list[str]:
    path = folder / "site.yaml"
    path.write_text(text, "utf-8")
    _, found = read_all(rules, path)
    assert all(fault.file == str(path) for fault in found)
    return [f"{fault.line}: {fault.what}" for fault in sorted(found)]


def test_each_section_puts_its_codes_where_they_are_asked_for(own: Knowledge) -> None:
    assert own.measurements.of(code("lab", "GFR-CKDEPI")) == "egfr"
    assert own.concepts.of(code("problems", "RENAL-3")) == {"ckd_3"}
    assert own.indications.of(code("ivig-reasons", "PID")) == {"PI"}
    assert own.concepts.of(code("allergens", "GLOBULIN")) == {"immune_globulin"}
    identified = own.products.identify([code("formulary", "9001")], ["something"])
    assert (identified.verdict, identified.product, identified.brand) == ("ivig", "privigen", "known")
    assert own.products.identify([code("formulary", "9002")], []).candidates == ("octagam_10", "octagam_5")


@pytest.mark.parametrize("concept", ["immobility", "central_line", "anti_iga_antibody", "recent_bacterial_infection"])
def test_what_has_no_public_code_has_the_sites(own: Knowledge, concept: str) -> None:
    (mine,) = (one for one in own.site.codes if [id.value for id in one.ids] == [concept])
    assert own.concepts.of(mine.code) == {concept}


def test_a_drug_counts_by_its_ingredients_and_its_form(own: Knowledge) -> None:
    tablet, both, gel, estrogen = (own.drugs.classify([code("formulary", f"471{n}")], []) for n in (1, 2, 3, 4))
    assert tablet is not None
    assert both is not None
    assert gel is not None
    assert estrogen is not None
    assert (tablet.name, tablet.nsaid, tablet.systemic, tablet.nephrotoxic) == (
        "ibuprofen",
        True,
        "unknown",
        "moderate",
    )
    assert (both.name, both.nsaid, both.acetaminophen) == ("acetaminophen / ibuprofen", True, True)
    assert (gel.nsaid, gel.systemic, gel.nephrotoxic) == (True, "no", "no")
    assert estrogen.estrogen


def test_a_vaccine_is_the_one_it_equals_or_has_its_antigens(own: Knowledge) -> None:
    mmr, vzv = (own.vaccines.classify([code("formulary", f"VAC-{name}")], []) for name in ("MMR", "VZV"))
    assert mmr == own.vaccines.classify([code_of(CVX, "03")], [])
    assert vzv is not None
    assert (vzv.antigens, vzv.affected) == ({"varicella"}, True)


def code_of(system: str, value: str) -> Code:
    found = read(system, value)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("system", "value", "same"),
    [
        ("http://hospital.example/problems", "RENAL-3", True),
        ("https://HOSPITAL.example/problems/", "RENAL-3", True),
        ("http://hospital.example/problems", "renal-3", False),
        ("http://hospital.example/problems", "RENAL-3a", False),
        ("http://hospital.example/problem", "RENAL-3", False),
        ("http://hospital.example/lab", "RENAL-3", False),
    ],
)
def test_systems_are_compared_as_everywhere_and_codes_to_the_letter(
    own: Knowledge, system: str, value: str, same: bool
) -> None:
    assert own.concepts.of(code_of(system, value)) == ({"ckd_3"} if same else set())


def test_an_oid_is_one_system_however_it_is_written() -> None:
    assert OtherCode("urn:oid:2.16.578.1", "X") == OtherCode("2.16.578.1", "X")
    assert hash(OtherCode("urn:oid:2.16.578.1/", "X")) == hash(OtherCode("2.16.578.1", "X"))
    assert OtherCode("urn:oid:2.16.578.1", "X") != OtherCode("urn:oid:2.16.578.2", "X")


def test_a_public_code_of_the_site_does_not_match_what_begins_with_it(tmp_path: Path, rules_folder: Path) -> None:
    path = tmp_path / "site.yaml"
    path.write_text(f"conditions: [{{system: '{ICD}', code: Z74.0, is: immobility}}]")
    known = load(rules_folder, path)
    assert known.concepts.of(code_of(ICD, "Z74.0")) == {"immobility"}
    assert known.concepts.of(code_of(ICD, "Z74.01")) == set()
    assert known.concepts.of(code_of(ICD, "N18.30")) == {"ckd_3"}


def test_an_ndc_of_the_site_is_found_however_it_is_written(tmp_path: Path, rules_folder: Path) -> None:
    ndc = "http://hl7.org/fhir/sid/ndc"
    path = tmp_path / "site.yaml"
    path.write_text(f"drugs: [{{system: '{ndc}', code: 99999-123-45, is: ibuprofen}}]")
    known = load(rules_folder, path)
    for written in ("99999-123-45", "99999-0123-45", "99999012345", "9999912345"):
        found = known.drugs.classify([code_of(ndc, written)], [])
        assert found is not None, written
        assert found.nsaid


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("measurements: [{S, code: A, is: egffr}]", "measurements: egffr is not known; did you mean egfr?"),
        ("conditions: [{S, code: A, is: imobility}]", "conditions: imobility is not known; did you mean immobility?"),
        ("conditions: [{S, code: A, is: aspirin}]", "conditions: aspirin is not known"),
        ("allergens: [{S, code: A, is: ckd_3}]", "allergens: ckd_3 is not known"),
        ("reasons: [{S, code: A, is: CVID}]", "reasons: CVID is not known"),
        ("drugs: [{S, code: A, is: privigen}]", "drugs: privigen is not known"),
        ("drugs: [{S, code: A, is: [ibuprofen, naproxin]}]", "drugs: naproxin is not known; did you mean naproxen?"),
        ("products: [{S, code: A, is: privigenn}]", "products: privigenn is not known; did you mean privigen?"),
        ("products: [{S, code: A, is: vaccinia_igiv}]", "products: vaccinia_igiv is not known"),
        ("vaccines: [{S, code: A, cvx: '999'}]", "CVX 999 is no vaccine of the tables"),
        ("vaccines: [{S, code: A, cvx: '87'}]", "CVX 87 is no vaccine of the tables"),
        ("formulary: [privigen, octagam]", "formulary: octagam is not known; did you mean octagam_5?"),
    ],
)
def test_what_no_table_has_is_a_fault_with_a_hint(tmp_path: Path, rules_folder: Path, text: str, expected: str) -> None:
    (found,) = faults(tmp_path, rules_folder, text.replace("S", f"system: '{HERE}'", 1) if "{S" in text else text)
    assert found.startswith(f"1: {expected.partition(';')[0]}")
    assert ("did you mean" in found) >= ("did you mean" in expected)


@pytest.mark.parametrize(
    ("section", "system", "value", "means", "listed"),
    [
        ("measurements", LOINC, "2160-0", "is: egfr", "serum_creatinine"),
        ("conditions", ICD, "N18.31", "is: ckd_4", "ckd_3"),
        ("reasons", ICD, "D83.9", "is: ITP", "PI"),
        ("allergens", RXNORM, "1191", "is: immune_globulin", "aspirin"),
        ("drugs", RXNORM, "5640", "is: naproxen", "ibuprofen"),
        ("drugs", RXNORM, "1809517", "is: ibuprofen", "privigen"),
        ("products", RXNORM, "1809517", "is: octagam_10", "privigen"),
        ("products", RXNORM, "5640", "is: privigen", "ibuprofen"),
        ("products", "http://www.whocc.no/atc", "J06BA02", "is: privigen", "immune globulin"),
        ("products", CVX, "87", "is: privigen", "immune globulin"),
        ("vaccines", CVX, "03", "cvx: '21'", "measles/mumps/rubella vaccine"),
        ("vaccines", CVX, "03", "antigens: [measles]", "measles/mumps/rubella vaccine"),
    ],
)
def test_a_code_that_contradicts_the_tables_is_a_fault(
    tmp_path: Path, rules_folder: Path, section: str, system: str, value: str, means: str, listed: str
) -> None:
    (found,) = faults(tmp_path, rules_folder, f"{section}:\n- {{system: '{system}', code: '{value}', {means}}}\n")
    assert found == f"2: {read(system, value)} stands for {listed} in the tables"


@pytest.mark.parametrize(
    ("section", "system", "value", "means"),
    [
        ("measurements", LOINC, "2160-0", "is: serum_creatinine"),
        ("conditions", ICD, "N18.31", "is: ckd_3"),
        ("conditions", ICD, "D83.9", "is: recent_bacterial_infection"),
        ("drugs", RXNORM, "5640", "is: ibuprofen"),
        ("products", RXNORM, "1809517", "is: privigen"),
        ("vaccines", CVX, "03", "antigens: [mumps, rubella, measles]"),
        ("vaccines", RXNORM, "77777777", "cvx: '03'"),
    ],
)
def test_a_code_that_says_the_same_or_is_new_is_no_fault(
    tmp_path: Path, rules_folder: Path, section: str, system: str, value: str, means: str
) -> None:
    text = f"{section}: [{{system: '{system}', code: '{value}', {means}}}]"
    assert faults(tmp_path, rules_folder, text) == []


def test_what_the_tables_have_of_another_kind_stays(tmp_path: Path, rules_folder: Path) -> None:
    path = tmp_path / "site.yaml"
    path.write_text(f"conditions: [{{system: '{RXNORM}', code: '1191', is: hemolysis_risk}}]")
    assert load(rules_folder, path).concepts.of(code_of(RXNORM, "1191")) == {"hemolysis_risk", "aspirin"}


def test_a_code_that_the_tables_take_only_with_words_cannot_stand_alone(tmp_path: Path, rules_folder: Path) -> None:
    (found,) = faults(tmp_path, rules_folder, f"conditions: [{{system: '{ICD}', code: Z91.018, is: corn_allergy}}]")
    assert found == "1: ICD-10-CM Z91.018 is too wide for corn_allergy: the tables want words beside it"


def test_everything_wrong_comes_at_once(tmp_path: Path, rules_folder: Path) -> None:
    text = f"""
colour: red
measurements:
- {{system: {HERE}, code: A, is: egffr}}
- {{system: {HERE}, code: A, is: iga}}
conditions:
- {{system: '{ICD}', code: N18.31, is: ckd_4}}
- {{system: nowhere, code: B, is: ckd_4}}
formulary: [privigenn]
"""
    found = faults(tmp_path, rules_folder, text)
    assert [line.partition(":")[0] for line in found] == ["2", "4", "5", "7", "8", "9"]


def test_the_tables_themselves_are_as_before(known: Knowledge, own: Knowledge) -> None:
    assert known.concepts.of(code("problems", "RENAL-3")) == set()
    assert known.drugs.classify([code("formulary", "4711")], []) is None
    assert known.products.identify([code("formulary", "9001")], []).verdict == "no"
    assert known.digest != own.digest
