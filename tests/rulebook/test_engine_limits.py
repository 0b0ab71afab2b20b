"""Limits of the C module that the driver stays under: sessions at once, and properties of one fact."""

from __future__ import annotations

import json
from typing import Any

import durable_rules_engine as engine
import pytest

RULES = {"r": {"all": [{"m": {"$and": [{"kind": "a"}]}}]}}


def asserted(handle: Any, session: str, **properties: int) -> int:
    return int(engine.assert_fact(handle, json.dumps({"id": "f0", "sid": session, "kind": "a", **properties}))[0])


def test_1024_sessions_are_the_most() -> None:
    handle = engine.create_ruleset("sessions", json.dumps(RULES))
    for number in range(1024):
        assert asserted(handle, f"s{number}") == 0
    with pytest.raises(MemoryError):
        asserted(handle, "one more")
    engine.delete_ruleset(handle)


def test_254_properties_of_a_fact_are_the_most() -> None:
    handle = engine.create_ruleset("properties", json.dumps(RULES))
    assert asserted(handle, "s", **{f"p{number}": 1 for number in range(251)}) == 0
    with pytest.raises(engine.error):
        asserted(handle, "s", **{f"p{number}": 1 for number in range(252)})
    engine.delete_ruleset(handle)
