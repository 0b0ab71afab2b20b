"""The real tables, loaded once."""

from __future__ import annotations

from pathlib import Path

import pytest

from cds.knowledge import Knowledge, load

RULES = Path(__file__).parents[2] / "rules"


@pytest.fixture(scope="session")
def known() -> Knowledge:
    return load(RULES)


@pytest.fixture(scope="session")
def rules_folder() -> Path:
    return RULES


@pytest.fixture(scope="session")
def site_file() -> Path:
    """The documented example."""
    return RULES.parent / "fhir_fixtures" / "site.yaml"
