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
from tests.support.run import book

DAY = ("--as-of", "2026-11-20")


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


def test_every_page_is_a_file_with_the_same_bytes_and_a_person_sees_how_far_it_is(tmp_path: Path, pages: Pages) -> None:
    """The files come from a process of their own: no page may depend on the order in which a process has its sets."""
    out = tmp_path / "deep" / "pages"
    shown = in_terminal(str(out), *DAY)
    written = {file.relative_to(out).as_posix(): file.read_bytes() for file in out.rglob("*") if file.is_file()}
    assert written == dict(pages)
    assert "Writing" in shown
    said = f"{len(pages)} files, edition {pages.edition}: open {out / 'index.html'}"
    assert said in shown.replace("\r\n", "\n")
