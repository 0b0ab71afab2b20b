"""The command line as people run it, in this process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cds.__main__ import build

ROOT = Path(__file__).parents[2]
BUNDLES = Path("fhir_fixtures/bundles")
REQUESTS = Path("fhir_fixtures/requests")

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in the root of the project."""
    monkeypatch.chdir(ROOT)
    app, runner = build(), CliRunner()
    return lambda *arguments: runner.invoke(app, [str(argument) for argument in arguments])
