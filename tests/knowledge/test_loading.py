"""Everything wrong in the tables is told at once, with file and line; what is unverified is never used."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from cds.errors import BookFault
from cds.knowledge import load
from cds.knowledge.codes import Cvx, Icd10Cm, Loinc, RxNorm


@pytest.fixture
def copy(tmp_path: Path, rules_folder: Path) -> Path:
    for name in ("tables", "concepts", "products"):
        shutil.copytree(rules_folder / name, tmp_path / name)
    return tmp_path


def _change(folder: Path, file: str, old: str, new: str) -> int:
    """Replaces the one place; its line."""
    path = folder / file
    content = path.read_text("utf-8")
    assert content.count(old) == 1, f"{content.count(old)} places in {file}"
    path.write_text(content.replace(old, new), "utf-8")
    return content[: content.index(old)].count("\n") + 1


def _faults(folder: Path) -> set[tuple[str, int, str]]:
    with pytest.raises(BookFault) as raised:
        load(folder)
    return {(fault.file, fault.line, fault.what) for fault in raised.value.faults}


def test_all_faults_come_at_once_with_file_and_line(copy: Path) -> None:
    privigen = "products/privigen.yaml"
    sugar = _change(copy, privigen, "sugar: {value: none,", "sugar: {value: honey,")
    iga = _change(copy, privigen, "{value: 25, basis: max", "{value: lots, basis: max")
    dose = _change(
        copy, "tables/indications.yaml", "low: 800, high: 1000, per: dose", "low: 1800, high: 1000, per: dose"
    )
    unit = _change(copy, "tables/measurements.yaml", "{unit: umol/L, divide: 88.4,", "{unit: umol/L, divide: 0,")
    source = _change(copy, "concepts/kawasaki.yaml", "sources: [VSAC]", "sources: [NOWHERE]")
    status = _change(
        copy, "tables/vaccines.yaml", "status: verified_single, sources: [IHS]", "status: sure, sources: [IHS]"
    )
    found = _faults(copy)
    assert {(file, line) for file, line, _ in found} >= {
        (privigen, sugar),
        (privigen, iga),
        ("tables/indications.yaml", dose),
        ("tables/measurements.yaml", unit),
        ("concepts/kawasaki.yaml", source),
        ("tables/vaccines.yaml", status),
    }
    assert len(found) == 6, found


@pytest.mark.parametrize(
    ("file", "old", "new", "what"),
    [
        ("products/privigen.yaml", "market: US", "market: US\nprice: high", "unknown key price"),
        ("products/privigen.yaml", "market: US", "market: US\nmarket: EU", "the key market is given twice"),
        ("products/privigen.yaml", "{indication: ITP, phase", "{indication: ITPP, phase", "ITPP is in no table"),
        ("products/privigen.yaml", "{indication: ITP, highest", "{indication: IPT, highest", "IPT is in no table"),
        ("products/privigen.yaml", "{mg_per_kg_min: 4, ml_per_kg_min: 0.04}", "{}", "a rate is over zero in at least"),
        ("products/privigen.yaml", "{mg_per_kg_min: 4, ", "{mg_per_kg_min: 0, ", "a rate is over zero in at least"),
        ("products/privigen.yaml", "{mg_per_kg_min: 4, ", "{mg_per_lb_min: 4, ", "unknown key mg_per_lb_min"),
        ("products/privigen.yaml", "proline: {value: yes,", "proline: {value: some,", "some is not one of no"),
        ("products/hizentra.yaml", "{value: [intravenous],", "{value: [intravascular],", "is no route"),
        ("products/asceniv.yaml", "min_age_years: 12,", "min_age_years: 1.5,", "is a whole number of years"),
        ("products/flebogamma_5.yaml", "{years: 2,", "{years: two,", "two is not a number"),
        ("products/privigen.yaml", "44206043605", "4420604360", "does not have eleven digits"),
        ("products/privigen.yaml", "name: Privigen 10%", "", "name is missing"),
        ("tables/indications.yaml", "products: [panzyga]", "products: [panziga]", "panziga has no page"),
        ("tables/indications.yaml", "labeled: [octagam_10]", "labeled: [octagam]", "octagam has no page"),
        (
            "tables/indications.yaml",
            "[pregnancy, aps_pregnancy_loss]",
            "[pregnant, pregnancy]",
            "pregnant is no concept",
        ),
        ("tables/indications.yaml", "evidence: case_reports", "evidence: reports", "reports is not one of"),
        ("tables/indications.yaml", "labeled: [octagam_10]", "accepted: maybe", "maybe is not one of"),
        ("tables/indications.yaml", "code: M30.3,", "code: M3-0.3,", "does not have the shape"),
        ("tables/lookalikes.yaml", r"'\bprivigen\b'", r"'\bprivigen(\b'", "does not compile"),
        ("tables/vaccine_intervals.yaml", "up_to: 400, months: 8", "up_to: 1400, months: 8", "ascending steps"),
        ("tables/vaccine_intervals.yaml", "up_to: any, months: 11", "up_to: any, months: eleven", "is not a number"),
        (
            "tables/drug_classes.yaml",
            "words: [gentamicin], status",
            "words: [gentamicin], x: y, status",
            "unknown key x",
        ),
        ("tables/drugs.csv", "rxcui,tty,", "rxcui,type,", "the columns are"),
        ("tables/ndc.csv", "ndc,rxcui", "ndc,rxcui\n123,5640", "not eleven digits"),
        ("tables/vaccines.csv", "03,MMR,vaccine,yes,", "03,MMR,vaccine,maybe,", "an unknown word"),
        ("concepts/allergens.yaml", "takes_in: [aspirin]", "takes_in: [asprin]", "asprin is not one of"),
        ("tables/negation.yaml", "between: [", "betwixt: [", "unknown key betwixt"),
    ],
)
def test_a_fault_says_what_is_wrong(copy: Path, file: str, old: str, new: str, what: str) -> None:
    _change(copy, file, old, new)
    found = _faults(copy)
    assert any(fault[0] == file and what in fault[2] for fault in found), found


def test_a_missing_file_is_a_fault(copy: Path) -> None:
    (copy / "tables" / "measurements.yaml").unlink()
    assert ("tables/measurements.yaml", 1, "cannot be read: No such file or directory") in _faults(copy)


def test_an_empty_folder_tells_every_file(tmp_path: Path) -> None:
    assert len(_faults(tmp_path)) > 10


def test_an_entry_made_unverified_is_no_longer_used(copy: Path) -> None:
    before = load(copy)
    page = "products/privigen.yaml"
    _change(copy, page, "sugar: {value: none, status: label_seen", "sugar: {value: none, status: unverified")
    _change(copy, page, "basis: max, status: label_seen", "basis: max, status: unverified")
    _change(copy, page, "rxnorm:\n  status: verified", "rxnorm:\n  status: unverified")
    kawasaki = 'code: M30.3, display: "Mucocutaneous lymph node syndrome [Kawasaki]", status: '
    _change(copy, "concepts/kawasaki.yaml", f"{kawasaki}verified", f"{kawasaki}unverified")
    _change(
        copy,
        "tables/measurements.yaml",
        "display: Body weight, status: verified",
        "display: Body weight, status: unverified",
    )
    _change(
        copy,
        "tables/vaccines.yaml",
        "{cvx: 87, display: IGIV, status: verified",
        "{cvx: 87, display: IGIV, status: unverified",
    )
    after = load(copy)
    assert (before.products.page("privigen").sugar, after.products.page("privigen").sugar) == ("none", "unknown")
    assert after.products.page("privigen").iga_ug_per_ml is None
    assert after.products.page("privigen").iga_basis == "unknown"
    assert before.products.identify([RxNorm("758996")], []).product == "privigen"
    assert after.products.identify([RxNorm("758996")], []).verdict == "no"
    assert before.concepts.of(Icd10Cm("M30.3")) == {"kawasaki"}
    assert after.concepts.of(Icd10Cm("M30.3")) == set()
    assert (before.measurements.of(Loinc("29463-7")), after.measurements.of(Loinc("29463-7"))) == ("body_weight", None)
    assert before.vaccines.is_ivig_given(Cvx("87"))
    assert not after.vaccines.is_ivig_given(Cvx("87"))


def test_the_digest_covers_every_file(copy: Path) -> None:
    before = load(copy).digest
    assert load(copy).digest == before
    for file in ("tables/negation.yaml", "products/kiovig.yaml", "tables/ndc.csv", "concepts/other.yaml"):
        path = copy / file
        path.write_bytes(
            path.read_bytes() + b"\n" * (not file.endswith("csv")) + b"76179001099,5640\n" * file.endswith("csv")
        )
        changed = load(copy).digest
        assert changed != before, file
        before = changed


def test_loading_is_fast(rules_folder: Path) -> None:
    took = []
    for _ in range(3):
        start = time.process_time()
        load(rules_folder)
        took.append(time.process_time() - start)
    assert min(took) < 0.5
