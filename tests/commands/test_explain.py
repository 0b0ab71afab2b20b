"""`ivig-cds explain`: why this card, and why no card."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.commands.conftest import BUNDLES, ROOT, Run

DAY = ("--as-of", "2026-11-20")


def sections(output: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    title = ""
    for line in output.splitlines()[1:]:
        if line and not line.startswith(" "):
            title = line
        elif line:
            found.setdefault(title, []).append(line[2:])
    return found


def test_a_card_is_explained_by_its_rule_and_its_evidence(run: Run) -> None:
    file = BUNDLES / "sucrose-product-kidney-disease.json"
    result = run("explain", file, *DAY)
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{file}: order-sign on 2026-11-20, edition ")
    found = sections(result.stdout)
    assert any(line.startswith("critical: ") for line in found["Cards"])
    rules = found["Rules"]
    fired = next(n for n, line in enumerate(rules) if line.startswith("renal.sucrose-at-risk: fired, critical, about "))
    assert rules[fired + 1].startswith("    - ")
    assert any(line.startswith("renal.at-risk: hidden by renal.sucrose-at-risk, about ") for line in rules)
    assert any(line.startswith("kawasaki.nsaid: did not hold: no ") for line in rules)
    assert "renal.no-baseline: off" in rules
    assert any(line.startswith("read: MedicationRequest/") for line in found["Resources, as they were read"])


def test_no_card_is_explained_for_every_rule_that_speaks(run: Run) -> None:
    found = sections(run("explain", BUNDLES / "adult-immunodeficiency-clean.json", *DAY).stdout)
    assert found["Cards"] == ["none"]
    assert not any(": fired" in line or ": hidden" in line for line in found["Rules"])
    assert any(line.startswith("dose.out-of-range: did not hold: ") for line in found["Rules"])


def strange(code: str, bundle: dict[str, Any], **coding: str) -> dict[str, Any]:
    """A Condition of the bundle's patient with a code of the hospital's own."""
    return {
        "resourceType": "Condition",
        "id": f"strange-{code.split()[0]}",
        "clinicalStatus": {"coding": [{"code": "active"}]},
        "code": {"coding": [{"system": "http://hospital.example/problems", "code": code, **coding}]},
        "subject": {"reference": f"Patient/{_patient(bundle)}"},
    }


def clean(*more: str, **coding: str) -> dict[str, Any]:
    """A whole patient, with conditions of these codes beside."""
    bundle = json.loads((ROOT / BUNDLES / "adult-immunodeficiency-clean.json").read_text())
    entries = [{"resource": strange(code, bundle, **coding)} for code in more]
    return {**bundle, "entry": [*bundle["entry"], *entries]}


UNRECOGNIZED = "Codes that were not recognized"


def test_codes_that_were_not_recognized_are_listed(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "strange.json"
    file.write_text(json.dumps(clean("XYZ \u001b[31m", display="Strange")))
    result = run("explain", file, *DAY)
    codes = sections(result.stdout)[UNRECOGNIZED]
    assert 'conditions: http://hospital.example/problems XYZ  [31m "Strange", 1 time (Condition/strange-XYZ)' in codes
    assert 'medicationRequests: RxNorm 10582 "levothyroxine", 1 time (MedicationRequest/rx-13)' in codes
    assert not any("D83.9" in line for line in codes), "the code of a reason is recognized"
    assert not any("1809517" in line or "29463-7" in line for line in codes)
    assert "\x1b" not in result.stdout


def test_of_several_documents_the_codes_are_counted_together(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "patients.ndjson"
    file.write_text("\n".join(map(json.dumps, (clean("X1"), clean("X1", "X2"), clean()))))
    found = sections(run("explain", file, *DAY).stdout)[f"{UNRECOGNIZED} in 3 documents"]
    assert "conditions: http://hospital.example/problems X1, 2 times" in found
    assert "conditions: http://hospital.example/problems X2, 1 time" in found
    assert found[0].endswith("3 times")
    times = [int(line.rsplit(", ", 1)[1].split()[0]) for line in found]
    assert times == sorted(times, reverse=True)


def test_the_codes_of_an_order_that_nothing_recognizes_are_listed_too(run: Run, tmp_path: Path) -> None:
    bundle = clean()
    (order,) = (e["resource"] for e in bundle["entry"] if e["resource"].get("id") == "rx-20")
    order["medicationCodeableConcept"] = {"coding": [{"system": "http://hospital.example/formulary", "code": "9001"}]}
    file = tmp_path / "own.json"
    file.write_text(json.dumps(bundle))
    result = run("explain", file, *DAY)
    assert "Nothing to evaluate" in result.stdout
    assert "orders: http://hospital.example/formulary 9001, 1 time (MedicationRequest/rx-20)" in result.stdout


def test_it_begins_with_what_the_site_file_changed_and_marks_where_its_codes_decided(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "own.json"
    file.write_text(json.dumps(clean("RENAL-3")))
    assert "by the site's code" not in run("explain", file, *DAY).stdout
    monkeypatch.setenv("IVIG_CDS_SITE", "fhir_fixtures/site.yaml")
    lines = run("explain", file, *DAY).stdout.splitlines()
    assert lines[0] == "site      General Hospital of Example, fhir_fixtures/site.yaml"
    (read,) = (line for line in lines if "Condition/strange-RENAL-3" in line and "read: " in line)
    assert read.endswith(", by the site's code http://hospital.example/problems RENAL-3")
    assert sum("by the site's code" in line for line in lines) == 1


def test_orders_of_no_concern_are_left_in_peace(run: Run) -> None:
    result = run("explain", BUNDLES / "hepatitis-b-immune-globulin-only.json", *DAY)
    assert result.exit_code == 0
    assert "Nothing to evaluate: no order here is for immune globulin" in result.stdout


def test_what_cannot_be_read_is_said_where_and_why(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "empty.json"
    file.write_text("{}")
    result = run("explain", file, *DAY)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"{file}: neither a FHIR Bundle (resourceType) nor a CDS Hooks request")
    assert run("explain", tmp_path / "nowhere.json").exit_code == 2


def _patient(bundle: dict[str, object]) -> str:
    entries: list[dict[str, dict[str, str]]] = bundle["entry"]
    return next(e["resource"]["id"] for e in entries if e["resource"]["resourceType"] == "Patient")


def test_a_folder_is_sent_to_replay(run: Run) -> None:
    result = run("explain", BUNDLES)
    assert (result.exit_code, result.stderr) == (
        2,
        f"{BUNDLES}: is a folder; name a file, or use ivig-cds replay {BUNDLES}\n",
    )
