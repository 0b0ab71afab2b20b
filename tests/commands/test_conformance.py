"""`ivig-cds conformance` against our own service as people start it, and what it says to people and programs."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.commands.conftest import REQUESTS, ROOT, Run
from tests.conformance.hostile_server import body, hostile
from tests.conformance.reference import IDENTITY, ORIGIN, PEM, Behavior, Reference, running
from tests.trust.signing import jwk, private
from tests.trust.trusted import written

CLIENT = "https://checker.example"


@contextmanager
def serving(port: int = 0, **settings: str) -> Iterator[str]:
    """The base URL of our service in a process of its own."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("IVIG_CDS_")}
    command = [sys.executable, "-m", "cds", "serve", "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, env=clean | settings, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            found = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
            assert found
            yield found[0]
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def served() -> Iterator[str]:
    with serving() as base:
        yield base


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[str]:
    """The same with one client, whose private key lies beside in key.pem."""
    key = private("P-384", "conformance")
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "key.pem").write_bytes(pem)
    known = {"name": "Checker", "iss": CLIENT, "keys": [jwk(key, "c1")], "origins": [ORIGIN]}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    clients = str(written(tmp_path, [known]))
    with serving(port, IVIG_CDS_CLIENTS=clients, IVIG_CDS_BASE_URL=f"http://127.0.0.1:{port}") as base:
        yield base


@pytest.fixture(scope="module")
def reference() -> Iterator[Reference]:
    with running() as made:
        yield made


def passed(base: str, *options: str) -> set[str]:
    """The lines that our own service passes, after a look that none fails or is doubtful."""
    files = sorted((ROOT / REQUESTS).glob("*.json"))
    command = [sys.executable, "-m", "cds", "conformance", base, "--json", *options]
    command += [word for file in files for word in ("--request", str(file))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=200, check=False)
    said = json.loads(done.stdout)
    doubtful = [one for one in said["lines"] if one["result"] in ("fail", "warning") and one["line"] != "P1"]
    assert doubtful == []
    assert done.returncode == 0, done.stderr
    assert said["service"] == base
    assert said["notes"] == []
    return {line["line"] for line in said["lines"] if line["result"] == "pass"}


LINES = {
    *(f"D{n}" for n in range(1, 6)),
    *(f"R{n}" for n in range(1, 9)),
    *(f"C{n}" for n in range(1, 11) if n != 8),
    *("F1", "F2", "F3", "S6"),
}
"""What can be seen of our service from outside; C8 is about links, which no card has."""


def test_our_own_service_conforms(served: str) -> None:
    assert passed(served, "--origin", "http://localhost:3000") >= LINES


def test_our_own_service_conforms_where_clients_are_told_by_their_tokens(guarded: str, tmp_path: Path) -> None:
    options = ("--client-key", str(tmp_path / "key.pem"), "--iss", CLIENT, "--kid", "c1", "--origin", ORIGIN)
    assert passed(guarded, *options) >= LINES | {f"S{n}" for n in range(1, 7)}


def test_the_readme_shows_what_it_says(run: Run, served: str) -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    shown = re.search(r"```console\n\$ \.venv/bin/ivig-cds conformance (.*?)\n(.*?)```", readme, re.DOTALL)
    assert shown
    rows = [line.split() for line in shown[2].splitlines() if line.strip(" ─…")]
    asked = [row[0] for row in rows if re.fullmatch(r"[DRCFSP]\d+", row[0])]
    assert len(asked) >= 4
    result = run("conformance", served, "--calls", "1", *(word for line in asked for word in ("--only", line)))
    said = [line.split() for line in result.stdout.splitlines()]
    for row in rows:
        if row[0] in asked and row[0] != "P1":
            assert row in said


def test_the_table_is_for_people(run: Run, reference: Reference, tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    key.write_text(PEM)
    reference.behavior = Behavior(guarded=True)
    client = ("--client-key", key, "--iss", IDENTITY.issuer, "--kid", IDENTITY.kid, "--origin", ORIGIN)
    result = run("conformance", f"{reference.base}/cds-services/", *client, "--calls", "1")
    assert result.exit_code == 0, result.stdout
    rows = [line.split() for line in result.stdout.splitlines() if line.strip(" ─")]
    assert rows[0] == ["Line", "Asked", "Result", "Seen"]
    assert [row[0] for row in rows[1:-1]][:3] == ["D1", "D2", "D3"]
    assert rows[-1] == ["34", "lines:", "33", "pass,", "1", "not", "checked."]
    assert PEM not in result.stdout


def test_a_line_that_fails_is_exit_code_1(run: Run, reference: Reference) -> None:
    reference.behavior = Behavior(instead={"uuid": 500, "hook": 500})
    result = run("conformance", reference.base, "--only", "r3", "--only", "R1")
    assert result.exit_code == 1
    assert re.search(r"R3 .* fail +example-sign, hookInstance not-a-uuid: 500", result.stdout)
    assert "R2" not in result.stdout
    assert "2 lines: 1 fail, 1 pass." in result.stdout


def test_a_warning_is_exit_code_0(run: Run, reference: Reference) -> None:
    reference.behavior = Behavior(instead={"uuid": 200})
    result = run("conformance", reference.base, "--only", "R3", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["lines"][0] == {
        "line": "R3",
        "asks": "A hookInstance that is no UUID is refused with 4xx",
        "result": "warning",
        "seen": ["example-sign, hookInstance not-a-uuid: accepted with 200"],
    }


def test_a_service_that_is_not_there_is_exit_code_2(run: Run) -> None:
    with hostile(body(b"")) as gone:
        url = gone.url
    result = run("conformance", url)
    assert result.exit_code == 2
    assert f"{url}/cds-services cannot be reached" in result.stderr


def test_markup_of_a_service_stays_words(run: Run) -> None:
    evil = "[bold red]x[/bold red][/] \x1b[31m \x9b2J"
    service = {"id": evil, "hook": "order-sign", "title": "t", "description": "d", evil: None}
    with hostile(body(orjson.dumps({"services": [service]}))) as server:
        for form in ((), ("--json",)):
            result = run("conformance", server.url, "--calls", "1", *form)
            assert result.exit_code == 1
            assert "[bold red]x[/bold red][/]" in result.stdout
            assert all(line.isprintable() for line in result.stdout.splitlines())


def test_a_request_of_another_hook_is_said_to_be_left_out(run: Run, reference: Reference) -> None:
    reference.behavior = Behavior()
    file = REQUESTS / "patient-view-child.json"
    result = run("conformance", reference.base, "--only", "C10", "--request", file)
    assert f"{file} was not sent: no service answers its hook" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("cds.example",), "URL: write the base URL of the service, such as https://cds.example/r4"),
        (("ftp://cds.example",), "URL: write the base URL"),
        (("http://[::1",), "URL: write the base URL"),
        (("https://cds.example/?x=1",), "URL: write the base URL"),
        (("http://x", "--request", "nowhere.json"), "nowhere.json: there is no such file or folder"),
        (("http://x", "--request", "README.md"), "README.md: not valid JSON"),
        (("http://x", "--request", "{bundle}"), "is no hook request: it has no hook"),
        (("http://x", "--only", "R9"), "--only: R9: the lines are D1 D2"),
        (("http://x", "--iss", "a"), "--client-key, --iss and --kid: belong together: give all three"),
        (("http://x", "--iss", "a", "--kid", "k", "--client-key", "nowhere.pem"), "nowhere.pem: cannot be read as PEM"),
        (("http://x", "--iss", "a", "--kid", "k", "--client-key", "README.md"), "README.md: cannot be read as PEM"),
        (("http://x", "--iss", "a", "--kid", "k", "--client-key", "Makefile"), "--client-key: must be a private key"),
        (("http://x", "--iss", "a", "--kid", "k", "--client-key", "{key}", "--alg", "RS384"), "as PEM, for RS384"),
        (("http://x", "--iss", "a", "--kid", "k", "--client-key", "{key}", "--alg", "none"), "as PEM, for none"),
        (("http://x", "--iss", "a", "--kid", "k", "--client-key", "{key}", "--alg", "HS256"), "as PEM, for HS256"),
    ],
)
def test_what_is_wrong_with_the_arguments_is_said_before_any_call(
    run: Run, tmp_path: Path, arguments: tuple[str, ...], says: str
) -> None:
    key = tmp_path / "key.pem"
    key.write_text(PEM)
    bundle = "fhir_fixtures/bundles/messy-record.json"
    result = run("conformance", *(word.format(key=key, bundle=bundle) for word in arguments))
    assert result.exit_code == 2, result.stdout
    assert says in result.stderr
    assert "PRIVATE" not in result.stderr


def test_where_no_line_could_be_checked_the_exit_code_is_2(guarded: str, run: Run) -> None:
    result = run("conformance", guarded, "--only", "D1", "--only", "C1")
    assert result.exit_code == 2
    assert "nothing could be checked" in result.stderr
