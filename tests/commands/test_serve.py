"""`ivig-cds serve` and the command line itself: what is refused before anything starts."""

import socket

import pytest

from cds.errors import CdsError
from tests.commands.conftest import Run


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
