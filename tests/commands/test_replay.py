"""`ivig-cds replay`: the cards of files, for programs and for people."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.commands.conftest import BUNDLES, REQUESTS, ROOT, Run

DAY = ("--as-of", "2026-11-20")
SUCROSE = BUNDLES / "sucrose-product-kidney-disease.json"
CLEAN = BUNDLES / "adult-immunodeficiency-clean.json"


def lines(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


def test_a_folder_is_a_line_for_every_patient_in_path_order(run: Run) -> None:
    result = run("replay", BUNDLES, *DAY, "--json")
    made = lines(result.stdout)
    assert result.exit_code == 0
    assert [line["file"] for line in made] == sorted(
        str(BUNDLES / file.name) for file in (ROOT / BUNDLES).glob("*.json")
    )
    assert all(set(line) == {"file", "hook", "cards"} for line in made)
    cards = {line["file"]: line["cards"] for line in made}
    for card in (card for line in made for card in line["cards"]):
        assert len(card["summary"]) <= 139
        assert not card["summary"].endswith("…")
        assert "unknown" not in card["detail"].split("**What to do:**")[1]
        needed = {"uuid", "summary", "detail", "indicator", "source", "overrideReasons", "extension"}
        assert set(card) - {"suggestions", "selectionBehavior"} == needed
        assert ("suggestions" in card) == ("selectionBehavior" in card)
    assert cards[str(CLEAN)] == []
    assert [card["indicator"] for card in cards[str(SUCROSE)]] == ["critical", "info"]


def test_replays_of_the_same_file_are_the_same(run: Run) -> None:
    assert run("replay", SUCROSE, *DAY, "--json").stdout == run("replay", SUCROSE, *DAY, "--json").stdout


def test_the_table_is_for_people(run: Run) -> None:
    result = run("replay", SUCROSE, CLEAN, *DAY)
    assert result.exit_code == 0
    rows = [line for line in result.stdout.splitlines() if line.strip(" ─")]
    assert rows[0].split() == ["File", "Tier", "Rule", "Summary"]
    assert rows[1].split()[:3] == [str(SUCROSE), "critical", "renal.sucrose-at-risk"]
    assert rows[-2].split() == [str(CLEAN), "nothing", "to", "say"]
    assert rows[-1] == "2 patients, 2 cards (1 critical, 0 warning, 1 info)."


def test_a_hook_request_is_evaluated_as_its_hook(run: Run) -> None:
    (made,) = lines(run("replay", REQUESTS / "order-select-half-entered.json", *DAY, "--json").stdout)
    assert made["hook"] == "order-select"


def test_what_cannot_be_read_is_one_line_and_the_others_go_on(run: Run, tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text('{"resourceType": "Bundle", ')
    result = run("replay", broken, SUCROSE, *DAY, "--json")
    bad, good = lines(result.stdout)
    assert result.exit_code == 1
    assert bad == {"file": str(broken), "error": "not valid JSON: see line 1 column 28"}
    assert good["cards"]
    assert run("replay", broken, SUCROSE, *DAY).exit_code == 1


def test_ndjson_is_a_case_on_every_line(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "patients.ndjson"
    file.write_text("\n".join(json.dumps(json.loads((ROOT / bundle).read_text())) for bundle in (SUCROSE, CLEAN)))
    made = lines(run("replay", file, *DAY, "--json").stdout)
    assert [(line["file"], len(line["cards"])) for line in made] == [(f"{file}:1", 2), (f"{file}:2", 0)]


def test_a_path_that_is_not_there_is_a_usage_error(run: Run) -> None:
    result = run("replay", "nowhere.json")
    assert result.exit_code == 2
    assert result.stderr == "nowhere.json: there is no such file or folder; check the path\n"


@pytest.mark.parametrize("day", ["20.11.2026", "2026-02-30", "yesterday"])
def test_a_day_that_is_none_is_a_usage_error(run: Run, day: str) -> None:
    assert run("replay", SUCROSE, "--as-of", day).exit_code == 2


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"])
def test_the_day_is_the_same_in_every_zone(run: Run, monkeypatch: pytest.MonkeyPatch, zone: str) -> None:
    monkeypatch.setenv("IVIG_CDS_TIMEZONE", zone)
    (made,) = lines(run("replay", SUCROSE, *DAY, "--json").stdout)
    assert "planned 2026-11-20" in made["cards"][0]["detail"]


def test_the_installed_command_does_the_same() -> None:
    arguments = [sys.executable, "-m", "cds", "replay", str(SUCROSE), *DAY, "--json"]
    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    (made,) = lines(done.stdout)
    assert made["cards"][0]["indicator"] == "critical"


@pytest.mark.parametrize(("files", "terminal", "shown"), [(20, "1", True), (19, "1", False), (20, "0", False)])
def test_many_files_show_how_far_it_is_but_only_to_a_person(
    tmp_path: Path, files: int, terminal: str, shown: bool
) -> None:
    for number in range(files):
        (tmp_path / f"{number:02}.json").write_text("{}")
    arguments = [sys.executable, "-m", "cds", "replay", str(tmp_path), *DAY, "--json"]
    done = subprocess.run(
        arguments,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "TTY_COMPATIBLE": terminal},
    )
    assert done.returncode == 1
    assert [line["file"] for line in lines(done.stdout)] == sorted(str(file) for file in tmp_path.iterdir())
    assert ("Evaluating" in done.stderr) is shown


def test_bad_files_are_a_line_each_and_the_others_go_on(run: Run, tmp_path: Path) -> None:
    empty, broken = tmp_path / "empty.ndjson", tmp_path / "broken.json"
    empty.write_text("\n")
    broken.write_text('{"entry": [}')
    result = run("replay", empty, broken, CLEAN, *DAY)
    assert result.exit_code == 1
    assert result.stdout.rstrip().endswith(
        "1 patient, 0 cards (0 critical, 0 warning, 0 info). 2 could not be evaluated."
    )
    made = lines(run("replay", empty, broken, CLEAN, *DAY, "--json").stdout)
    assert ["error" in line for line in made] == [True, True, False]
    assert made[0]["error"].startswith("holds nothing")


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "9999-12-31", "2026-13-01", "tomorrow", ""])
def test_a_day_that_is_none_is_refused_with_what_to_write(run: Run, day: str) -> None:
    result = run("replay", CLEAN, "--as-of", day)
    assert result.exit_code != 0
    assert "2026-11-20" in f"{result.stderr}{result.exception}"
    assert result.stdout == ""
