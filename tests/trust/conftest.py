"""The service with clients, one for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.trust.trusted import Trusted, trusting


@pytest.fixture(scope="session")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trusted]:
    with trusting(tmp_path_factory.mktemp("clients")) as service:
        yield service
