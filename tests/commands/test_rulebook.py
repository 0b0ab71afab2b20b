"""`ivig-cds rulebook`: the pages as files, and the table of claims."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cds.errors import CdsError
from cds.pages import Pages
from tests.commands.conftest import ROOT, Run
from tests.support.run import AS_OF, RULES, book

DAY = ("--as-of", "2026-11-20")


def test_every_page_is_a_file_with_the_same_bytes(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "pages"
    result = run("rulebook", out, *DAY)
    assert result.exit_code == 0, result.output
    pages = Pages(book(), RULES, AS_OF)
    written = {file.relative_to(out).as_posix(): file.read_bytes() for file in out.rglob("*") if file.is_file()}
    assert written == dict(pages)
    assert result.stdout == f"{len(pages)} files, edition {pages.edition}: open {out / 'index.html'}\n"


def test_what_a_site_switches_is_in_its_pages(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IVIG_CDS_RULES_OFF", "kawasaki.late")
    assert run("rulebook", tmp_path, *DAY).exit_code == 0
    assert "Switched off here" in (tmp_path / "rules/kawasaki.late.html").read_text("utf-8")


def test_a_place_that_cannot_be_written_to_is_one_clear_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = run("rulebook", tmp_path / "file", *DAY)
    assert isinstance(result.exception, CdsError)
    assert "cannot be written" in str(result.exception)


@pytest.mark.parametrize("arguments", [(), ("pages", "--claims")])
def test_one_thing_is_asked_for(run: Run, arguments: tuple[str, ...]) -> None:
    result = run("rulebook", *arguments)
    assert (result.exit_code, result.stderr) == (2, "name either a folder to write the pages to, or --claims\n")


def test_claims_are_aligned_lines_where_no_one_looks(run: Run) -> None:
    result = run("rulebook", "--claims")
    assert result.exit_code == 0
    head, *lines = result.stdout.splitlines()
    assert [line.split()[0] for line in lines] == list(book().knowledge.claims)
    cases, rules, files = head.index("Cases"), head.index("Rules"), head.index("Case files")
    by_number = {line.split()[0]: line for line in lines}
    found = by_number["A5"]
    assert re.fullmatch(r"\d+ *", found[cases:rules])
    assert found[rules:files].strip() == "dose.interval-short"
    assert "dose/interval_short.yaml" in found[files:].split(", ")
    assert by_number["A1"][rules:].strip() == "none: nothing in it that a rule could be built on"


def in_terminal(*arguments: str) -> str:
    """What the command shows on a terminal."""
    ours, theirs = pty.openpty()
    env = {**os.environ, "TERM": "xterm", "COLUMNS": "120", "TTY_COMPATIBLE": "1"}
    command = [sys.executable, "-m", "cds", "rulebook", *arguments]
    with subprocess.Popen(command, cwd=ROOT, env=env, stdout=theirs, stderr=theirs) as started:
        os.close(theirs)
        shown = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:
                break
            if not part:
                break
            shown += part
    os.close(ours)
    assert started.returncode == 0, shown
    return shown.decode()


def test_claims_are_a_table_on_a_terminal() -> None:
    shown = in_terminal("--claims")
    assert "┃" in shown
    assert "dose.interval-short" in shown


def test_a_person_sees_how_far_the_writing_is(tmp_path: Path) -> None:
    shown = in_terminal(str(tmp_path / "pages"), *DAY)
    assert "Writing" in shown
    assert "index.html" in shown
