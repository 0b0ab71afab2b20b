"""The memory of used tokens: until they expire, by client, and not without end."""

from __future__ import annotations

from pathlib import Path

import pytest

from cds import create_app
from cds.settings import Settings
from cds.trust.memory import Memory
from cds.trust.refusal import Reason, Refused
from tests.conftest import NOW, serving
from tests.hooks.service import diagnostics
from tests.trust.signing import BASE, DISCOVERY, bearer, claims, token
from tests.trust.trusted import client, written


def use(memory: Memory, jti: str, *, iss: str = "a", expires: float = 100, now: float = 0) -> Reason | None:
    try:
        memory.use(iss, jti, expires, now)
    except Refused as refused:
        return refused.reason
    return None


@pytest.mark.parametrize(("now", "again"), [(0, True), (99.9, True), (100, False)])
def test_a_token_is_known_until_it_expires(now: float, again: bool) -> None:
    memory = Memory()
    assert use(memory, "j") is None
    assert use(memory, "j", now=now, expires=200) == (Reason.REPLAYED if again else None)


def test_each_client_has_its_own() -> None:
    memory = Memory(most=1)
    assert use(memory, "j") is None
    assert use(memory, "j", iss="b") is None
    assert use(memory, "k") == Reason.TOO_MANY
    assert use(memory, "k", iss="b") == Reason.TOO_MANY


def test_it_is_bounded_and_forgets_nothing_that_could_be_replayed() -> None:
    memory = Memory(most=3)
    assert [use(memory, f"{n}", expires=100 + n) for n in range(3)] == [None] * 3
    assert use(memory, "3") == Reason.TOO_MANY
    assert use(memory, "0") == Reason.REPLAYED
    assert use(memory, "3", now=100, expires=200) is None
    assert use(memory, "1", now=100.5) == Reason.REPLAYED


def test_tokens_that_expire_out_of_order() -> None:
    memory = Memory()
    for jti, expires in (("late", 300), ("soon", 100), ("middle", 200)):
        assert use(memory, jti, expires=expires) is None
    assert [use(memory, jti, now=150, expires=400) for jti in ("late", "soon", "middle")] == [
        Reason.REPLAYED,
        None,
        Reason.REPLAYED,
    ]


@pytest.mark.parametrize("jti", ["x" * 8000, "\u202e", "\u0000", "é"])
def test_any_text_is_remembered_in_the_same_space(jti: str) -> None:
    memory = Memory()
    assert use(memory, jti) is None
    assert use(memory, jti) == Reason.REPLAYED
    assert {len(mark) for marks in memory._used.values() for mark in marks} == {16}


def test_a_client_with_too_many_valid_tokens_is_told_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("cds.trust.gate.Memory", lambda: Memory(most=2))
    settings = Settings(clients=written(tmp_path, [client()]), base_url=BASE)
    with serving(create_app(settings, clock=lambda: NOW)) as http:
        used = [token(claims(DISCOVERY)) for _ in range(3)]
        answers = [http.get("/cds-services", headers=bearer(one)) for one in (*used, used[0])]
    assert [answer.status_code for answer in answers] == [200, 200, 429, 401]
    assert "shorter life" in diagnostics(answers[2], 429)
