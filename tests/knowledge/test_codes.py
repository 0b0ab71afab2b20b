"""Codes are typed by their system, whatever way the system is written."""

from __future__ import annotations

import pytest

from cds.knowledge.codes import Atc, Cvx, Hcpcs, Icd10Cm, Loinc, Ndc, OtherCode, RxNorm, Snomed, read

NDC = "http://hl7.org/fhir/sid/ndc"


@pytest.mark.parametrize(
    ("system", "code", "expected"),
    [
        ("http://loinc.org", "2160-0", Loinc("2160-0")),
        ("https://LOINC.org/", " 2160-0 ", Loinc("2160-0")),
        ("urn:oid:2.16.840.1.113883.6.1", "2160-0", Loinc("2160-0")),
        ("http://www.nlm.nih.gov/research/umls/rxnorm", "5666", RxNorm("5666")),
        ("http://www.nlm.nih.gov/research/umls/rxnorm/", "5666", RxNorm("5666")),
        ("urn:oid:2.16.840.1.113883.6.88", "5666", RxNorm("5666")),
        ("2.16.840.1.113883.6.88", "5666", RxNorm("5666")),
        ("http://hl7.org/fhir/sid/icd-10-cm", "d802", Icd10Cm("D80.2")),
        ("urn:oid:2.16.840.1.113883.6.90", "D80.2", Icd10Cm("D80.2")),
        ("http://snomed.info/sct", "190979003", Snomed("190979003")),
        ("http://snomed.info/sct/731000124108/version/20250301", "190979003", Snomed("190979003")),
        ("urn:oid:2.16.840.1.113883.6.96", "190979003", Snomed("190979003")),
        ("http://www.whocc.no/atc", "j06ba02", Atc("J06BA02")),
        ("urn:oid:2.16.840.1.113883.6.73", "J06BA02", Atc("J06BA02")),
        ("http://hl7.org/fhir/sid/cvx", "3", Cvx("03")),
        ("urn:oid:2.16.840.1.113883.12.292", "03", Cvx("03")),
        ("http://hl7.org/fhir/sid/cvx", "121", Cvx("121")),
        ("urn:oid:2.16.840.1.113883.6.285", "j1459", Hcpcs("J1459")),
        ("http://hospital.example/drugs", "X1", OtherCode("http://hospital.example/drugs", "X1")),
        # ICD-10 of the WHO is another system than ICD-10-CM
        ("http://hl7.org/fhir/sid/icd-10", "D80.2", OtherCode("http://hl7.org/fhir/sid/icd-10", "D80.2")),
        # a code without its system's shape is shown, never matched
        ("http://loinc.org", "creatinine", OtherCode("http://loinc.org", "creatinine")),
        ("", "5666", None),
        ("http://loinc.org", " ", None),
    ],
)
def test_a_code_has_the_type_of_its_system(system: str, code: str, expected: object) -> None:
    assert read(system, code) == expected


def test_the_same_characters_in_two_systems_are_two_codes() -> None:
    assert RxNorm("5666") != Snomed("5666")
    assert len({RxNorm("87"), Cvx("87")}) == 2


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("0944-2700-04", "00944270004"),
        ("44206-436-05", "44206043605"),
        ("44206-0436-5", "44206043605"),
        ("44206-0436-05", "44206043605"),
        ("44206043605", "44206043605"),
        ("urn:oid:2.16.840.1.113883.6.69", None),
    ],
)
def test_an_ndc_is_eleven_digits(written: str, expected: str | None) -> None:
    code = read(NDC, written)
    assert code == (Ndc(expected) if expected else OtherCode(NDC, written))


def test_ten_digits_without_hyphens_stay_open() -> None:
    code = read(NDC, "0944270004")
    assert isinstance(code, Ndc)
    assert code.candidates == ("00944270004", "09442070004", "09442700004")


@pytest.mark.parametrize("written", ["4420-436-05", "44206-436", "44206-43x-05", "442060436", "442060436050"])
def test_what_is_no_ndc_is_never_matched(written: str) -> None:
    assert read(NDC, written) == OtherCode(NDC, written)
