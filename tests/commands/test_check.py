"""`ivig-cds check`: every fault with its place, or what the rule book holds."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from cds.settings import rules_folder
from tests.commands.conftest import Run


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the rule book that a test may spoil."""
    folder = tmp_path / "rules"
    shutil.copytree(rules_folder(), folder)
    monkeypatch.setattr("cds.commands._reading.rules_folder", lambda: folder)
    return folder


def test_a_sound_rule_book_is_summed_up(run: Run) -> None:
    result = run("check")
    assert result.exit_code == 0, result.output
    assert re.fullmatch(
        r"topics    \d+\n"
        r"rules     \d+, of which \d+ speak\n"
        r"compiled  \d+ rules of the engine\n"
        r"values    \d+, of which \d+ are not signed by a pharmacist\n"
        r"off       renal\.no-baseline\n"
        r"edition   [0-9a-f]{16} on \d{4}-\d\d-\d\d\n",
        result.output,
    )


def test_every_fault_is_printed_with_its_file_and_line(run: Run, rules: Path) -> None:
    renal, data = rules / "renal.yaml", rules / "data.yaml"
    spoilt = (
        renal.read_text().replace("values.egfr_severe", "values.egfr_sever").replace("concept: egfr", "concept: gfr")
    )
    renal.write_text(spoilt)
    data.write_text(data.read_text().replace("cites: [PROJECT]", "cites: [NOWHERE]"))
    result = run("check")
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert all(re.match(r"\S+\.yaml:\d+: \S", line) for line in lines)
    for word, file in (("egfr_sever", renal), ("gfr", renal), ("NOWHERE", data)):
        assert any(word in line and line.startswith(f"{file}:") for line in lines)
    assert re.fullmatch(rf"{len(lines)} faults: the service would not start\.\n", result.stderr)


def test_a_summary_that_could_be_too_long_is_a_fault(run: Run, rules: Path) -> None:
    renal = rules / "renal.yaml"
    short = "contains sucrose; none of the listed kidney risks was found"
    assert short in renal.read_text()
    renal.write_text(renal.read_text().replace(short, f"{short} {'and so on ' * 6}"))
    result = run("check")
    assert result.exit_code == 1
    (line,) = result.stdout.splitlines()
    assert re.match(
        rf"{re.escape(str(renal))}:\d+: renal\.sucrose: the summary can be 1\d\d characters long, over 139", line
    )


def test_rules_that_a_site_switched_off_are_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IVIG_CDS_RULES_OFF", "dose.duplicate, kawasaki.late")
    assert "off       dose.duplicate, kawasaki.late, renal.no-baseline\n" in run("check").output


def test_a_rule_that_does_not_exist_cannot_be_switched_off(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IVIG_CDS_RULES_OFF", "dose.dupplicate")
    result = run("check")
    assert result.exit_code == 1
    assert "dose.dupplicate" in result.output


def test_what_the_site_file_changed_is_said(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IVIG_CDS_SITE", "fhir_fixtures/site.yaml")
    lines = run("check").output.splitlines()
    assert "site      General Hospital of Example, fhir_fixtures/site.yaml" in lines
    assert "codes     2 of its own for measurements: egfr, serum_creatinine" in lines
    assert "codes     2 of its own for vaccines: CVX 03, varicella" in lines
    assert "reasons   on the cards of renal also Agreed with nephrology" in lines
    assert "formulary Privigen 10%, Octagam 10%" in lines
    assert "site on   renal.no-baseline" in lines
    assert "off       none" in lines


def test_faults_of_the_site_file_come_with_those_of_the_rules(
    run: Run, rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "site.yaml"
    site.write_text("rules_on:\n- renal.nobaseline\nformulary:\n- privigenn\n")
    monkeypatch.setenv("IVIG_CDS_SITE", str(site))
    data = rules / "data.yaml"
    data.write_text(data.read_text().replace("cites: [PROJECT]", "cites: [NOWHERE]"))
    result = run("check")
    assert result.exit_code == 1
    places = {line.rpartition(": ")[0].split(": ")[0] for line in result.stdout.splitlines()}
    assert {f"{site}:2", f"{site}:4"} < places
    assert any(place.startswith(f"{data}:") for place in places)


def test_a_site_file_that_is_not_there_stops_the_start(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IVIG_CDS_SITE", "nowhere.yaml")
    result = run("check")
    assert result.exit_code == 1
    assert result.stdout == "nowhere.yaml:1: cannot be read: No such file or directory\n"


def test_the_clients_file_is_checked_as_well(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("IVIG_CDS_CLIENTS", "fhir_fixtures/clients.yaml")
    monkeypatch.setenv("IVIG_CDS_BASE_URL", "https://cds.hospital.example")
    result = run("check")
    assert result.exit_code == 0, result.output
    assert "\nclients   General Hospital, Childrens Clinic, CDS Hooks sandbox\n" in result.output
    spoilt = tmp_path / "clients.yaml"
    spoilt.write_text("clients:\n- name: A\n  iss: https://ehr.example\n  jku: [http://ehr.example/]\n")
    monkeypatch.setenv("IVIG_CDS_CLIENTS", str(spoilt))
    result = run("check")
    assert result.exit_code == 1
    assert (
        result.stdout == f"{spoilt}:4: jku: http://ehr.example/ must begin with https: http is for this machine only\n"
    )
