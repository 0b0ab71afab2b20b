"""Whatever is wrong with the rule book comes at once: tables, topics and the words of cards."""

from __future__ import annotations

import shutil
from datetime import UTC
from pathlib import Path

import pytest

from cds.app import rules_folder
from cds.errors import BookFault
from cds.evaluation import load_book

FILES = sorted(
    str(path.relative_to(rules_folder()))
    for pattern in ("*.yaml", "concepts/*.yaml", "products/p*.yaml", "tables/*.yaml", "tables/*.csv")
    for path in rules_folder().glob(pattern)
)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return shutil.copytree(rules_folder(), tmp_path / "rules")


def change(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")


def faults(folder: Path) -> list[str]:
    with pytest.raises(BookFault) as raised:
        load_book(folder, UTC)
    return [f"{fault.file.removeprefix(str(folder) + '/')}: {fault.what}" for fault in raised.value.faults]


def test_faults_of_tables_topics_and_words_come_together(copy: Path) -> None:
    change(copy, "tables/measurements.yaml", "divide: 88.4", "divide: 0")
    change(copy, "dose.yaml", 'high: "> values.implausible_over"', 'high: "> 3000"')
    change(copy, "kawasaki.yaml", "Aspirin during influenza", "Aspirin during " + "very " * 30 + "bad influenza")
    found = faults(copy)
    assert {fault.partition(":")[0] for fault in found} == {"tables/measurements.yaml", "dose.yaml", "kawasaki.yaml"}
    assert any("characters long" in fault for fault in found)
    assert len(found) == 3, found


def test_a_rule_with_a_fault_is_not_called_too_long_as_well(copy: Path) -> None:
    change(copy, "kawasaki.yaml", "Aspirin during influenza", "Aspirin during " + "very " * 30 + "bad influenza")
    whole = "infection: {is: acute_condition, concept: influenza_or_varicella_active}\n    any:"
    change(copy, "kawasaki.yaml", whole, whole.replace("acute", "chronic"))
    (fault,) = faults(copy)
    assert 'no kind of fact "chronic_condition"' in fault


@pytest.mark.parametrize("file", FILES)
def test_any_file_that_cannot_be_read_is_a_fault_and_never_a_crash(copy: Path, file: str) -> None:
    (copy / file).write_bytes(b"{ [ \xff")
    found = faults(copy)
    assert any(fault.startswith(file) for fault in found)
    if "/" not in file:
        assert len(found) == 1, found


def test_a_value_that_the_chart_reads_must_fit_its_need(copy: Path) -> None:
    change(copy, "dose.yaml", "value: 28, unit: days", "value: 0, unit: days")
    change(copy, "dose.yaml", 'value: 2, unit: "1"', 'value: 0, unit: "1"')
    assert faults(copy) == [
        "dose.yaml: the value month_days must lie between 1 and 36525",
        "dose.yaml: the value weight_jump_ratio must lie between 1 and 1000",
    ]


def test_claims_beyond_the_articles_cannot_be_cited(copy: Path) -> None:
    change(copy, "kawasaki.yaml", "cites: [B59, KD-AHA]", "cites: [B67, A12, B0, B59, A11, B66, KD-AHA]")
    assert [fault.partition(";")[0].rpartition(" ")[2] for fault in faults(copy)] == ['"A12"', '"B0"', '"B67"']
