"""`ivig-cds serve` and the command line itself: what is refused before anything starts."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from cds.errors import CdsError
from tests.commands.conftest import ROOT, Run
from tests.hooks.service import SIGN, of, rules, ten_fold
from tests.trust.signing import BASE, bearer, claims, token
from tests.trust.trusted import MUTE, client


@pytest.mark.parametrize("port", ["-1", "65536", "99999"])
def test_a_port_that_is_none(run: Run, port: str) -> None:
    result = run("serve", "--port", port)
    assert isinstance(result.exception, CdsError)
    assert "write a whole number from 0 to 65535" in str(result.exception)


def test_an_address_in_use_is_named_with_what_to_do(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = run("serve", "--port", taken.getsockname()[1])
    assert isinstance(result.exception, CdsError)
    assert "in use: stop what listens there, or choose another with --port" in str(result.exception)


def test_the_version(run: Run) -> None:
    assert run("--version").stdout.startswith("ivig-cds 0.")


def test_it_listens_everywhere_for_the_clients_of_the_file(tmp_path: Path) -> None:
    clients = tmp_path / "clients.yaml"
    clients.write_text(json.dumps({"clients": [client()]}))
    env = {name: value for name, value in os.environ.items() if not name.startswith("IVIG_CDS_")}
    env |= {"IVIG_CDS_CLIENTS": str(clients), "IVIG_CDS_BASE_URL": BASE, "IVIG_CDS_HOST": "0.0.0.0"}
    command = [sys.executable, "-m", "cds", "serve", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True) as serving:
        assert serving.stdout is not None
        try:
            lines = [serving.stdout.readline() for _ in range(3)]
            found = re.search(r"http://0\.0\.0\.0:(\d+)", lines[0])
            assert found, lines
            assert str(clients) in lines[1]
            assert f"{BASE}/cds-services" in lines[2]
            url, body = f"http://127.0.0.1:{found[1]}{SIGN}", of("order-sign", ten_fold())
            assert httpx.post(url, json=body, timeout=20).content == MUTE
            now = int(time.time())
            made = token(claims(iat=now, exp=now + 300))
            assert rules(httpx.post(url, json=body, headers=bearer(made), timeout=20))
        finally:
            serving.terminate()


def test_headers_of_a_proxy_do_not_tell_who_calls() -> None:
    """The address of a proxy that the site named counts, not what the proxy says of others; unnamed, it is refused."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("IVIG_CDS_")}
    command = [sys.executable, "-m", "cds", "serve", "--port", "0"]
    for base, status in (({}, 403), ({"IVIG_CDS_BASE_URL": BASE}, 200)):
        with subprocess.Popen(command, cwd=ROOT, env=env | base, stdout=subprocess.PIPE, text=True) as serving:
            assert serving.stdout is not None
            try:
                found = re.search(r"http://127\.0\.0\.1:\d+", serving.stdout.readline())
                assert found
                proxied = {"x-forwarded-for": "10.1.2.3", "host": "cds.example"}
                assert httpx.get(f"{found[0]}/cds-services", headers=proxied, timeout=20).status_code == status
            finally:
                serving.terminate()
