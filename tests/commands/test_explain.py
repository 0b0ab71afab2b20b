"""`ivig-cds explain`: why this card, and why no card."""

from __future__ import annotations

import json
from pathlib import Path

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


def test_codes_that_were_not_recognized_are_listed(run: Run, tmp_path: Path) -> None:
    bundle = json.loads((ROOT / BUNDLES / "adult-immunodeficiency-clean.json").read_text())
    condition = {
        "resourceType": "Condition",
        "id": "strange",
        "clinicalStatus": {"coding": [{"code": "active"}]},
        "code": {"coding": [{"system": "http://hospital.example/codes", "code": "XYZ\u001b[31m"}]},
        "subject": {"reference": f"Patient/{_patient(bundle)}"},
    }
    file = tmp_path / "strange.json"
    file.write_text(json.dumps({**bundle, "entry": [*bundle["entry"], {"resource": condition}]}))
    result = run("explain", file, *DAY)
    codes = sections(result.stdout)["Codes that were not recognized"]
    assert any("http://hospital.example/codes XYZ" in line and "Condition/strange" in line for line in codes)
    assert "\x1b" not in result.stdout


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
