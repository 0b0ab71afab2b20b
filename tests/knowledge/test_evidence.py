"""Every reason says what was read about it: grade, label, the numbers of its line, doses and codes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from cds.knowledge import CLASS, Knowledge
from cds.knowledge.codes import read

HERE = Path(__file__).parent
READ: dict[str, dict[str, Any]] = yaml.load((HERE / "indications_read.yaml").read_text("utf-8"), yaml.BaseLoader)
TABLE: dict[str, dict[str, Any]] = yaml.load(
    (HERE.parents[1] / "rules" / "tables" / "indications.yaml").read_text("utf-8"), yaml.BaseLoader
)["indications"]
SYSTEMS = {"ICD-10-CM": "http://hl7.org/fhir/sid/icd-10-cm", "SNOMED-CT": "http://snomed.info/sct"}
OFF_LABEL = [
    *("HIV_PED", "TRANSPLANT_INF", "AMR", "TSS", "GRAVES", "BIRDSHOT", "JIA", "SJS_TEN", "URTICARIA", "CF", "SLE"),
    *("HSP", "ANTIPHOSPHOLIPID", "PREGNANCY_LOSS", "ASTHMA", "PANDAS", "TOURETTE", "MS", "EPILEPSY"),
]


def _proof(row: dict[str, Any]) -> str:
    return f" | {row['status']} | {' '.join(sorted(row['sources']))}"


def _dose(row: dict[str, Any]) -> str:
    most = f" course_max {row['course_max']}" if "course_max" in row else ""
    return f"{row['low']}-{row['high']} per {row['per']}{most}{_proof(row)}"


def _numbers(text: str) -> list[str]:
    """The numbers of a line; the year of a label is not one of the trials'."""
    return sorted(set(re.findall(r"\d+(?:\.\d+)?", re.sub(r"Octagam 10%|since 2021|2021", "", text))))


def test_every_reason_that_was_read_is_in_the_table() -> None:
    assert TABLE.keys() == READ.keys()


@pytest.mark.parametrize("id", sorted(READ))
def test_a_reason_says_what_was_read(id: str) -> None:
    said, read_ = TABLE[id], READ[id]
    assert said["evidence"] == read_["evidence"]
    assert said.get("labeled", []) == read_.get("labeled", "").split()
    assert said.get("accepted", "") == read_.get("accepted", "")
    assert _numbers(said["note"]) == _numbers(read_["numbers"])
    assert sorted(map(_dose, said["doses"])) == sorted(read_.get("doses", ()))
    codes = [f"{code['system']} {code['code']}{_proof(code)}" for code in said["codes"]]
    assert sorted(codes) == sorted(read_.get("codes", ()))


@pytest.mark.parametrize(("id", "code"), [(id, code) for id, one in READ.items() for code in one.get("codes", ())])
def test_every_code_names_its_reason(known: Knowledge, id: str, code: str) -> None:
    system, value = code.split(" | ")[0].split()
    typed = read(SYSTEMS[system], value)
    assert typed is not None
    assert known.indications.of(typed) == {id}


@pytest.mark.parametrize("id", OFF_LABEL)
def test_evidence_that_is_told(known: Knowledge, id: str) -> None:
    reason = known.indications.get(id)
    assert reason.evidence in ("weak", "case_reports", "no_benefit", "harm")
    assert (reason.labeled, reason.accepted) == (set(), False)
    assert reason.note
    assert reason.sources


@pytest.mark.parametrize(
    "id", ["PI", "ITP", "CIDP", "KAWASAKI", "MIS_C", "MMN", "CLL", "GBS", "MG", "MEASLES_PEP", "VZV_PEP"]
)
def test_evidence_that_is_not_told(known: Knowledge, id: str) -> None:
    reason = known.indications.get(id)
    assert reason.evidence in ("established", "supported")
    assert reason.accepted or CLASS in reason.labeled


def test_dermatomyositis_is_on_the_label_of_one_product(known: Knowledge) -> None:
    reason = known.indications.get("DM")
    assert (reason.evidence, reason.labeled, reason.accepted) == ("supported", {"octagam_10"}, False)
    (age,) = [age for age in known.products.page("octagam_10").ages if age.indication == "DM"]
    assert age.min_years == 18


def test_antiphospholipid_syndrome_needs_a_pregnancy_beside_it(known: Knowledge) -> None:
    reason = known.indications.get("ANTIPHOSPHOLIPID")
    assert (reason.evidence, reason.only_with) == ("harm", {"pregnancy", "aps_pregnancy_loss"})
    assert reason.only_with <= known.concepts.ids
    others = [id for id in known.indications.ids - {"ANTIPHOSPHOLIPID"} if known.indications.get(id).only_with]
    assert others == []


def test_hiv_infection_is_a_reason_of_children_alone(known: Knowledge) -> None:
    assert [id for id in known.indications.ids if known.indications.get(id).children] == ["HIV_PED"]


def test_a_label_that_a_reason_names_has_a_dose_for_it(known: Knowledge) -> None:
    for id in known.indications.ids:
        for product in known.indications.get(id).labeled - {CLASS}:
            assert id in {row.indication for row in known.products.page(product).label}, (id, product)
