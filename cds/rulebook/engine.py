"""The driver over durable_rules' C module: the only file that knows it.

`durable.lang` and its Host are never used: they start immortal threads and lose answers. Here one lock covers an
evaluation, facts are asserted one by one and each return code is looked at, the go fact comes last, a rule of last
priority proves that the evaluation came to its end, and the session is deleted on every path. Whatever goes wrong is an
EngineFault, never a shorter answer; a rule set that failed is thrown away and built anew.
"""

from __future__ import annotations

import importlib
import threading
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from types import ModuleType
from typing import Any

import orjson

from cds.errors import EngineFault
from cds.rulebook.compiler import END, GO, Definition, end

Firing = tuple[str, dict[str, int]]
"""The engine rule that fired, and the index of the fact that each of its names was bound to."""

SESSION = "s"
MAX_FACTS = 4096
"""Facts of one evaluation; their ids are proven to differ for the engine, which compares ids by a 32-bit hash only."""

_LOCK = threading.Lock()
_DROPPED: deque[int] = deque()
"""Handles of rule sets that nobody can run any more and that are still to be deleted in the engine."""

_GO_ID = "go"


def hash32(text: str) -> int:
    """The hash by which the engine tells ids, names and properties apart (32-bit FNV, exclusive-or first)."""
    result = 2166136261
    for byte in text.encode():
        result = ((result ^ byte) * 16777619) & 0xFFFFFFFF
    return result


def collisions(texts: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of different texts that the engine would take for the same."""
    seen: dict[int, str] = {}
    return [(seen[key], text) for text in texts if seen.setdefault(key := hash32(text), text) != text]


def _prove_ids() -> None:
    if found := collisions((_GO_ID, f"sid-{SESSION}", *(f"f{i}" for i in range(MAX_FACTS)))):
        raise EngineFault(f"two fact ids would be one for the engine: {found[0]}")


def _load() -> ModuleType:
    try:
        return importlib.import_module("durable_rules_engine")
    except (ImportError, SystemError) as error:
        raise EngineFault(
            f"durable_rules cannot be loaded ({error}); install it again, on Python 3.13 with "
            "CPPFLAGS=-DPyEval_CallObject=PyObject_CallObject"
        ) from None


def fact_text(index: int, kind: str, properties: str) -> str:
    """A fact as the engine reads it; `properties` is JSON members, each with a comma before it."""
    return f'{{"id":"f{index}","sid":"{SESSION}","one":1,"kind":"{kind}"{properties}}}'


class Ruleset:
    """One set of engine rules. Raises EngineFault where the engine does not accept them."""

    def __init__(self, name: str, rules: Mapping[str, Definition]) -> None:
        self._module = _load()
        self._name = name
        self._definition = orjson.dumps({**rules, END: end()}).decode()
        self._handle: int | None = None
        with _LOCK:
            self._bury()
            self._create()

    def run(self, facts: Sequence[str], go: Sequence[str] = ()) -> list[Firing]:
        """Every firing on these facts (texts of `fact_text`). `go` are the properties of the go fact, each 1."""
        marks = "".join(f',"{name}":1' for name in go)
        last = f'{{"id":"{_GO_ID}","sid":"{SESSION}","one":1,"kind":"{GO}"{marks}}}'
        with _LOCK:
            self._bury()
            if self._handle is None:
                self._create()
            try:
                messages = self._evaluate([*facts, last])
            except self._module.error as error:
                self._discard()
                raise EngineFault(f"the engine failed in {self._name}: {error}") from None
            except BaseException:
                self._discard()
                raise
        return self._read(messages)

    def _create(self) -> None:
        try:
            self._handle = self._module.create_ruleset(self._name, self._definition)
        except self._module.error as error:
            raise EngineFault(f"the engine does not accept the rules of {self._name}: {error}") from None

    def _discard(self) -> None:
        """Forget a rule set in an unknown state. Its session is not deleted: that crashes where nothing has fired."""
        handle, self._handle = self._handle, None
        self._module.delete_ruleset(handle)

    def _evaluate(self, facts: Sequence[str]) -> list[str]:
        module, handle = self._module, self._handle
        state = 0
        for fact in facts:
            code, state = module.assert_fact(handle, fact)
            if code not in (0, 1):
                raise EngineFault(f"the engine refused a fact with code {code} in {self._name}")
        started = module.start_action_for_state(handle, state)
        if started is None:
            raise EngineFault(f"nothing fired in {self._name}, not even the proof of its end")
        messages: list[str] = []
        message: str | None = started[1]
        while message is not None:
            messages.append(message)
            message = module.complete_and_start_action(handle, state)
        module.delete_state(handle, SESSION)
        return messages

    def _read(self, messages: Sequence[str]) -> list[Firing]:
        firings: list[Firing] = []
        ended = False
        for message in messages:
            ((name, bound),) = orjson.loads(message).items()
            ended = name == END
            if not ended:
                firings.append((name, {alias: _index(fact) for alias, fact in bound.items() if alias != "g"}))
        if not ended:
            raise EngineFault(f"the evaluation of {self._name} did not come to its end")
        return firings

    def _bury(self) -> None:
        """Give the engine's memory of dropped rule sets back; under the lock."""
        while _DROPPED:
            self._module.delete_ruleset(_DROPPED.popleft())

    def __del__(self) -> None:
        """Nobody can run this rule set any more: whoever holds the lock next deletes it in the engine.

        Not here: this may run inside an evaluation of another one.
        """
        handle = getattr(self, "_handle", None)
        if handle is not None:
            _DROPPED.append(handle)


def _index(fact: Mapping[str, Any]) -> int:
    return int(fact["id"][1:])


_prove_ids()
