"""The README's first screen, run as it stands: the command, the request, the card it returns."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from datetime import UTC
from pathlib import Path
from typing import Any

import httpx
import pytest

from cds.evaluation import load_book
from cds.hooks import SERVICES
from cds.settings import Settings
from cds.trust import configured_clients
from tests.conftest import NOW

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
COMMANDS = [text.strip() for language, text in BLOCKS if not language]
START, REQUEST = COMMANDS[0], COMMANDS[1]
CARD = json.loads(next(text for language, text in BLOCKS if language == "json"))


def posted() -> tuple[str, dict[str, str], bytes]:
    """The path, the headers and the body of the README's request."""
    words = shlex.split(REQUEST)
    assert words[:2] == ["curl", "-s"]
    url = next(word for word in words if word.startswith("localhost:"))
    name, _, value = words[words.index("-H") + 1].partition(":")
    file = words[words.index("-d") + 1].removeprefix("@")
    return url[url.index("/") :], {name: value.strip()}, (ROOT / file).read_bytes()


def within(shown: Any, real: Any) -> bool:
    """Whether all that is shown is in the answer: members of objects, the first items of lists, values as they are."""
    if isinstance(shown, dict):
        return isinstance(real, dict) and all(key in real and within(shown[key], real[key]) for key in shown)
    if isinstance(shown, list):
        return len(shown) <= len(real) and all(map(within, shown, real))
    return bool(shown == real)


def test_the_first_screen_is_one_sentence_one_command_one_request_and_its_card() -> None:
    first, command, request, card = README.index("\n\n"), *(README.index(text) for text in (START, REQUEST, '"cards"'))
    assert first < command < request < card < README.index("\n## ")
    assert START == "make run"


def test_the_request_returns_the_card_on_the_day_of_the_fixtures(service: httpx.Client) -> None:
    path, headers, body = posted()
    answer = service.post(path, headers=headers, content=body).json()
    assert NOW.date().isoformat() in README
    assert len(answer["cards"]) == len(CARD["cards"])
    assert within(CARD, answer), json.dumps(answer, indent=1)


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
@pytest.mark.skipif(not (ROOT / ".venv").is_dir(), reason="the tests do not run in the environment that make made")
def test_make_run_starts_the_service_and_tells_what_to_do_next() -> None:
    path, headers, body = posted()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = ["make", "--no-print-directory", "run", f"PORT={port}"]
    env = {name: value for name, value in os.environ.items() if not name.startswith(("IVIG_CDS_", "MAKE"))}
    with subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as made:
        try:
            url = f"http://127.0.0.1:{port}"
            until = time.monotonic() + 120
            while True:
                try:
                    httpx.get(f"{url}/ready").raise_for_status()
                    break
                except httpx.HTTPError:
                    assert made.poll() is None, "make run ended"
                    assert time.monotonic() < until, "the service did not start"
                    time.sleep(0.1)
            cards = httpx.post(f"{url}{path}", headers=headers, content=body).json()["cards"]
        finally:
            os.killpg(made.pid, signal.SIGTERM)
        said = (made.stdout.read() if made.stdout else "").splitlines()
    rules = [card["extension"]["org.ivig-cds.finding"]["rule"] for card in cards]
    assert rules[0] == "dose.out-of-range"
    assert len(said) == 3
    assert any(f"localhost:{port}" in line or f"127.0.0.1:{port}" in line for line in said)


def test_the_site_file_that_it_shows_is_sound(tmp_path: Path) -> None:
    (shown,) = (text for language, text in BLOCKS if language == "yaml" and "formulary" in text)
    path = tmp_path / "site.yaml"
    path.write_text(shown, "utf-8")
    known = load_book(ROOT / "rules", UTC, site=path)
    assert len(known.knowledge.site.codes) == 2
    assert "renal.no-baseline" not in known.rules.off


def test_the_clients_file_that_it_shows_is_sound(tmp_path: Path) -> None:
    (shown,) = (text for language, text in BLOCKS if language == "yaml" and text.startswith("clients:"))
    path = tmp_path / "clients.yaml"
    path.write_text(shown, "utf-8")
    clients = configured_clients(Settings(clients=path, base_url="https://cds.hospital.example/ivig"), SERVICES)
    assert clients is not None
    assert clients.names == ("General Hospital",)


@pytest.mark.parametrize("line", [line for text in COMMANDS[2:] for line in text.splitlines() if line.strip()])
def test_the_other_commands_work(line: str) -> None:
    words = shlex.split(line)
    assert words[0] == ".venv/bin/ivig-cds"
    command = [sys.executable, "-m", "cds", *words[1:]]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
