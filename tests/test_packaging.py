"""The wheel: built here, installed in an environment of its own, run outside the checkout."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import sysconfig
import venv
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import httpx
import pytest

from cds.errors import CdsError
from tests.hooks.calls import call

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, ROOT], check=True)
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path) -> Path:
    """The `bin` of an environment with the wheel; its dependencies are those of this environment, by a path file.

    Path files that lie behind a path file are not read, so this checkout cannot be imported from there.
    """
    home = wheel.parent / "environment"
    venv.create(home, with_pip=False, symlinks=True)
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--python", home]
    subprocess.run([*pip, "install", "--no-deps", "--no-index", wheel], check=True)
    (site,) = home.glob("lib/python*/site-packages")
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    return home / "bin"


def run(command: list[str | Path], cwd: Path, **settings: str) -> str:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("IVIG_CDS_", "PYTHON"))}
    done = subprocess.run(
        command, cwd=cwd, env=clean | settings, capture_output=True, text=True, timeout=200, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_wheel_carries_the_rules_and_nothing_of_the_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    packed = {name.removeprefix("cds/_rules/") for name in names if name.startswith("cds/_rules/")}
    assert packed == {str(file.relative_to(ROOT / "rules")) for file in (ROOT / "rules").rglob("*") if file.is_file()}
    assert {name.partition("/")[0] for name in names} == {
        "cds",
        next(n for n in names if "dist-info" in n).split("/")[0],
    }
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_rules_are_checked_outside_the_checkout(installed: Path, tmp_path: Path) -> None:
    where = run([installed / "python", "-c", "import cds.settings as s; print(s.rules_folder())"], tmp_path)
    assert where.strip().endswith("site-packages/cds/_rules")
    assert run([installed / "ivig-cds", "check"], tmp_path).strip()


def test_the_rule_book_is_written_outside_the_checkout_with_what_a_site_switches(
    installed: Path, tmp_path: Path
) -> None:
    said = run([installed / "ivig-cds", "rulebook", "pages"], tmp_path, IVIG_CDS_RULES_OFF="kawasaki.late")
    assert "open pages/index.html" in said
    assert "Switched off here" in (tmp_path / "pages/rules/kawasaki.late.html").read_text("utf-8")
    assert "<figcaption>Case: " in (tmp_path / "pages/rules/renal.sucrose.html").read_text("utf-8")


def test_it_serves_outside_the_checkout_and_says_in_three_lines_what_to_do(installed: Path, tmp_path: Path) -> None:
    command = [installed / "ivig-cds", "serve", "--port", "0"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as serving:
        assert serving.stdout is not None
        try:
            lines = [serving.stdout.readline() for _ in range(3)]
            found = re.search(r"http://127\.0\.0\.1:\d+", lines[0])
            assert found, lines
            assert all(found[0] in line for line in lines)
            answer = httpx.post(f"{found[0]}/cds-services/ivig-order-sign", json=call(), timeout=20)
            assert answer.status_code == 200
        finally:
            serving.terminate()


def test_the_request_that_the_service_tells_to_try_exists() -> None:
    told = re.search(r"@(fhir_fixtures/\S+\.json)", (ROOT / "cds/commands/serve.py").read_text())
    assert told
    assert (ROOT / told[1]).is_file()


def test_everything_that_is_imported_is_declared() -> None:
    declared = re.findall(r'^    "([A-Za-z0-9_.-]+)', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    known = {re.sub(r"[-_.]+", "-", name).lower() for name in declared}
    homes = packages_distributions()
    for file in (ROOT / "cds").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            for top in {name.partition(".")[0] for name in names} - sys.stdlib_module_names - {"cds"}:
                found = {re.sub(r"[-_.]+", "-", home).lower() for home in homes[top]}
                assert found & known, f"{file.relative_to(ROOT)} imports {top}"


def test_versions_are_exact_and_tell_no_address() -> None:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    assert lines
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.]+", line) for line in lines)


def test_a_missing_rule_folder_is_one_clear_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from cds import settings

    monkeypatch.setattr(settings, "__file__", str(tmp_path / "cds" / "settings.py"))
    with pytest.raises(CdsError, match="the rules are missing from this installation"):
        settings.rules_folder()


def test_a_missing_folder_of_cases_is_one_clear_line_when_it_is_needed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from cds.situations import situations, words

    monkeypatch.setattr(words, "__file__", str(tmp_path / "cds" / "situations" / "words.py"))
    with pytest.raises(CdsError, match="the written cases are missing from this installation"):
        next(situations())
