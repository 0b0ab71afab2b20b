"""Reading a site file: everything wrong in it at once, each with its line, and no surprises of YAML."""

from __future__ import annotations

from pathlib import Path

import pytest

from cds.knowledge.codes import Icd10Cm, OtherCode
from cds.knowledge.site import Site
from cds.knowledge.site_file import read_site

LAB = "http://hospital.example/lab"


def read(folder: Path, text: str) -> tuple[Site, list[str]]:
    """What the file says, and its faults as "line: what"."""
    path = folder / "site.yaml"
    path.write_text(text, "utf-8")
    site, faults = read_site(path)
    assert all(fault.file == str(path) for fault in faults)
    return site, [f"{fault.line}: {fault.what}" for fault in sorted(faults)]


def row(**members: str) -> str:
    """One row for measurements, with these members in place of sound ones."""
    sound = {"system": LAB, "code": "GFR", "is": "egfr"} | members
    return f"measurements:\n- {{{', '.join(f'{key}: {value!r}' for key, value in sound.items() if value != '-')}}}\n"


def test_the_documented_example_is_sound(site_file: Path) -> None:
    site, faults = read_site(site_file)
    assert faults == []
    assert {one.section for one in site.codes} == {
        *("measurements", "conditions", "reasons", "allergens", "drugs", "products", "vaccines")
    }
    assert [id.value for id in site.formulary] == ["privigen", "octagam_10"]
    assert [rule.value for rule in site.rules_on] == ["renal.no-baseline"]


def test_a_code_stays_text(tmp_path: Path) -> None:
    for written in ("03", "on", "1e3", "null", "4711.0"):
        site, faults = read(tmp_path, f"conditions: [{{system: {LAB}, code: {written}, is: immobility}}]")
        assert faults == []
        assert site.codes[0].code == OtherCode(LAB, written)


def test_a_public_code_is_typed_as_everywhere(tmp_path: Path) -> None:
    site, _ = read(tmp_path, "conditions: [{system: 'urn:oid:2.16.840.1.113883.6.90', code: z740, is: immobility}]")
    assert site.codes[0].code == Icd10Cm("Z74.0")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (row(), []),
        (row(system="hospital"), ["2: the system hospital is no URI"]),
        (row(system="LOINC"), ["2: the system LOINC is no URI: write http://loinc.org"]),
        (row(system="http://loinc.org"), ["2: GFR does not have the shape of a code of http://loinc.org"]),
        (row(code=""), ["2: the code is empty, or has white space around it or twice in it"]),
        (row(code=" GFR"), ["2: the code is empty, or has white space around it or twice in it"]),
        (row(code="GF  R"), ["2: the code is empty, or has white space around it or twice in it"]),
        (row(code="GFR by CKD-EPI"), []),
        (row(code="-"), ["2: code is missing"]),
        (row(system="-"), ["2: system is missing"]),
        (row(**{"is": "-"}), ["2: `is` says what the code stands for, and is missing"]),
        (row(cod="x"), ["2: unknown key cod; known are code, display, is, system"]),
        (row(systemic="no"), ["2: unknown key systemic; known are code, display, is, system"]),
        ("measurments: []\n", None),
        ("name: {a: b}\n", ["1: name: one word or text is wanted"]),
        ("measurements: {a: b}\n", ["1: measurements: a list is wanted"]),
        ("conditions: [x]\n", None),
        ("- a\n", ["1: the top of the file is a mapping"]),
        ("", ["1: the file is empty"]),
        ("# nothing\n", ["1: the file is empty"]),
        ("name: &a x\n", ["1: the anchor &a is not allowed"]),
        ("name: x\nname: y\n", ["2: the key name is given twice"]),
        ("formulary: [a, b, a]\n", ["1: formulary: a is given twice"]),
        ("rules_on: [a.b]\nrules_off:\n- a.b\n", ["1: a.b is switched off too"]),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, text: str, expected: list[str] | None) -> None:
    _, faults = read(tmp_path, text)
    assert faults if expected is None else faults == expected


@pytest.mark.parametrize(
    ("members", "what"),
    [
        ("cvx: '03'", ""),
        ("cvx: '3'", ""),
        ("antigens: [measles]", ""),
        ("cvx: MMR", "MMR does not have the shape of a CVX code"),
        ("antigens: []", "antigens are some of measles, mumps, rubella, varicella; any other vaccine has its cvx"),
        ("antigens: [zoster]", "zoster is not one of measles, mumps, rubella, varicella"),
        ("display: x", "a vaccine has either cvx, the code it equals, or antigens"),
        ("cvx: '03', antigens: [measles]", "a vaccine has either cvx, the code it equals, or antigens"),
        ("cvx: '03', is: MMR", "unknown key is; known are antigens, code, cvx, display, system"),
    ],
)
def test_a_vaccine_is_told_by_its_cvx_or_its_antigens(tmp_path: Path, members: str, what: str) -> None:
    _, faults = read(tmp_path, f"vaccines:\n- {{system: {LAB}, code: V1, {members}}}\n")
    assert faults == ([f"2: {what}"] if what else [])


def test_an_ndc_of_ten_digits_without_hyphens_is_not_one_code(tmp_path: Path) -> None:
    ndc = "products: [{{system: 'http://hl7.org/fhir/sid/ndc', code: '{}', is: privigen}}]"
    assert read(tmp_path, ndc.format("4420643605"))[1]
    assert read(tmp_path, ndc.format("44206-436-05"))[1] == []


def test_one_code_of_an_order_has_one_meaning_whatever_the_section(tmp_path: Path) -> None:
    text = (
        f"drugs:\n- {{system: {LAB}, code: A, is: ibuprofen}}\nproducts:\n- {{system: {LAB}/, code: A, is: privigen}}\n"
    )
    assert read(tmp_path, text)[1] == [f"4: {LAB}/ A is given twice, first on line 2"]
    apart = text.replace("products", "allergens")
    assert read(tmp_path, apart)[1] == []


def test_a_result_is_of_one_measurement(tmp_path: Path) -> None:
    text = f"measurements:\n- {{system: {LAB}, code: A, is: [egfr, iga]}}\n"
    assert read(tmp_path, text)[1] == ["2: a result is of one measurement"]


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        ("add: [{system: 'urn:x', code: A, display: Palliative}]", ""),
        ("replace: [{system: 'urn:x', code: A, display: Palliative}]", ""),
        ("add: [{system: 'urn:x', code: A}]", "display is missing"),
        ("add: [{system: 'urn:x', code: A, display: ' '}]", "a reason has a display, which the clinician reads"),
        ("replace: []", "no reason is given for renal"),
        ("also: []", "unknown key also; known are add, replace"),
        (
            "{add: [{system: 'urn:x', code: A, display: P}], replace: [{system: 'urn:x', code: B, display: Q}]}",
            "the reasons of renal either add to the built-in ones or replace them",
        ),
        ("add: [{system: 'urn:x', code: A, display: P}, {system: 'urn:x', code: A, display: Q}]", "urn:x A is given"),
    ],
)
def test_override_reasons_are_complete_codings(tmp_path: Path, entry: str, what: str) -> None:
    entry = entry if entry.startswith("{") else f"{{{entry}}}"
    _, faults = read(tmp_path, f"override_reasons:\n  renal: {entry}\n")
    assert any(what in fault for fault in faults) if what else faults == []


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    _, faults = read_site(tmp_path / "nowhere.yaml")
    assert [str(fault) for fault in faults] == [f"{tmp_path}/nowhere.yaml:1: cannot be read: No such file or directory"]
