"""What durable_rules 2.0.28 really does. These rows shape the driver; an upgrade must not change them silently.

Everything here talks to the C module itself, in a process of its own where it may crash.
"""

from __future__ import annotations

import itertools
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

import durable_rules_engine as engine
import orjson
import pytest

from cds.rulebook.engine import hash32

GO = {"kind": "~go"}
ONE = {"one": {"g": "one"}}
_numbers = itertools.count()


def create(rules: dict[str, Any]) -> int:
    handle: int = engine.create_ruleset(f"rows-{next(_numbers)}", orjson.dumps(rules).decode())
    return handle


def rule(*patterns: dict[str, Any], dist: int | None = 0) -> dict[str, Any]:
    return {"pri": 0, "all": list(patterns)} | ({} if dist is None else {"dist": dist})


def fact(number: int, kind: str, **attributes: object) -> dict[str, object]:
    return {"id": f"f{number}", "sid": "s", "one": 1, "kind": kind, **attributes}


def fired(rules: dict[str, Any], facts: Sequence[dict[str, object]]) -> list[str]:
    """The names of what fires on these facts, in the order of firing."""
    handle = create(rules)
    state = 0
    for one in facts:
        _, state = engine.assert_fact(handle, orjson.dumps(one).decode())
    started = engine.start_action_for_state(handle, state)
    names = []
    message = started[1] if started else None
    while message is not None:
        names += list(orjson.loads(message))
        message = engine.complete_and_start_action(handle, state)
    return names


def in_a_process(code: str) -> int:
    """The return code of a process of its own; negative where a signal ended it."""
    setup = "import durable_rules_engine as e, json\n"
    return subprocess.run([sys.executable, "-c", setup + code], capture_output=True, timeout=60).returncode


def test_a_negation_without_the_go_fact_depends_on_the_order_of_facts() -> None:
    handle = create(
        {"no lab": rule({"o": {"kind": "order"}}, {"l$not": {"$and": [{"kind": "lab"}, {"of": {"o": "ref"}}]}})}
    )
    _, state = engine.assert_fact(handle, orjson.dumps(fact(0, "order", ref="a")).decode())
    assert engine.start_action_for_state(handle, state) is not None, "it fires before the lab can come"


def test_with_the_go_fact_last_the_order_of_facts_does_not_matter() -> None:
    rules = {
        "no lab": rule(
            {"g": GO},
            {"o": {"$and": [{"kind": "order"}, ONE]}},
            {"l$not": {"$and": [{"kind": "lab"}, {"of": {"o": "ref"}}, ONE]}},
        )
    }
    facts = [fact(0, "order", ref="a"), fact(1, "order", ref="b"), fact(2, "lab", of="a")]
    for shuffled in itertools.permutations(facts):
        assert fired(rules, [*shuffled, fact(9, "~go")]) == ["no lab"]


def test_alternatives_before_a_join_drop_the_join() -> None:
    either = {"$or": [{"name": "x"}, {"name": "y"}]}
    join = {"of": {"o": "ref"}}
    facts = [fact(0, "order", ref="a"), fact(1, "lab", of="somebody else", name="x"), fact(9, "~go")]
    start = [{"g": GO}, {"o": {"$and": [{"kind": "order"}, ONE]}}]
    before = {"r": rule(*start, {"l": {"$and": [{"kind": "lab"}, either, join]}})}
    after = {"r": rule(*start, {"l": {"$and": [{"kind": "lab"}, join, ONE, either]}})}
    assert fired(before, facts) == ["r"]
    assert fired(after, facts) == []


def test_deleting_a_session_in_which_nothing_fired_crashes() -> None:
    code = (
        "used = [b'\\xff' * size for size in range(8192, 65536, 256) for _ in range(4)]\n"
        "del used  # a heap that was used before, as in any process that has run for a while\n"
        "h = e.create_ruleset('t', json.dumps({'r': {'all': [{'m': {'kind': 'a'}}]}}))\n"
        "e.assert_fact(h, json.dumps({'id': 'f0', 'sid': 's', 'kind': 'b'}))\n"
        "e.delete_state(h, 's')\n"
    )
    assert in_a_process(code) < 0, "it frees pointers that were never set"


@pytest.mark.parametrize("batch", ["[]", "[{}]"])
def test_an_empty_batch_crashes(batch: str) -> None:
    code = (
        "h = e.create_ruleset('t', json.dumps({'r': {'all': [{'m': {'kind': 'a'}}]}}))\n"
        f"_, state = e.assert_facts(h, '{batch}')\n"
        "e.start_action_for_state(h, state)\n"
    )
    assert in_a_process(code) < 0, "the state it hands back was never set"


def test_a_batch_is_cut_at_a_number_with_an_exponent_and_nothing_is_said() -> None:
    handle = create({"r": rule({"m": {"kind": "a"}})})
    batch = '[{"id":"f0","sid":"s","kind":"a","x":1e-07},{"id":"f1","sid":"s","kind":"a"}]'
    code, _ = engine.assert_facts(handle, batch)
    assert code == 0
    code, _ = engine.assert_fact(handle, '{"id":"f1","sid":"s","kind":"a"}')
    assert code == 0, "f1 had been dropped"


def test_one_fact_with_an_exponent_is_refused_aloud() -> None:
    handle = create({"r": rule({"m": {"kind": "a"}})})
    with pytest.raises(engine.error):
        engine.assert_fact(handle, '{"id":"f0","sid":"s","kind":"a","x":1e-07}')


def test_an_unmatched_fact_and_a_repeated_one_only_have_other_return_codes() -> None:
    handle = create({"r": rule({"m": {"kind": "a"}})})
    assert engine.assert_fact(handle, orjson.dumps(fact(0, "a")).decode())[0] == 0
    assert engine.assert_fact(handle, orjson.dumps(fact(1, "b")).decode())[0] == 1
    assert engine.assert_fact(handle, orjson.dumps(fact(0, "a")).decode())[0] == 2


def test_ids_are_compared_by_a_hash_of_32_bits_only() -> None:
    seen: dict[int, str] = {}
    for number in range(1_000_000):
        id_ = f"x{number}"
        other = seen.setdefault(hash32(id_), id_)
        if other != id_:
            break
    handle = create({"r": rule({"m": {"kind": "a"}})})
    codes = [engine.assert_fact(handle, orjson.dumps(fact(0, "a") | {"id": i}).decode())[0] for i in (other, id_)]
    assert codes == [0, 2], f"{other} and {id_} are one"


@pytest.mark.parametrize(
    ("condition", "value"), [({"$lt": {"x": 30}}, "120"), ({"$lt": {"x": 30}}, True), ({"x": 5}, "5")]
)
def test_types_are_mixed_without_a_word(condition: dict[str, Any], value: object) -> None:
    rules = {"r": rule({"m": {"$and": [{"kind": "a"}, condition]}})}
    assert fired(rules, [fact(0, "a", x=value)]) == ["r"]


def test_5_and_5_0_do_not_join() -> None:
    rules = {
        "r": rule({"g": GO}, {"a": {"$and": [{"kind": "a"}, ONE]}}, {"b": {"$and": [{"kind": "b"}, {"x": {"a": "x"}}]}})
    }
    assert fired(rules, [fact(0, "a", x=5), fact(1, "b", x=5.0), fact(9, "~go")]) == []
    assert fired(rules, [fact(0, "a", x=5), fact(1, "b", x=5), fact(9, "~go")]) == ["r"]


@pytest.mark.parametrize(("a", "b", "code"), [({"x": 1}, {"x": None}, 312), ({}, {"x": 1}, 311)])
def test_a_null_and_a_missing_property_of_the_other_fact_are_errors(
    a: dict[str, object], b: dict[str, object], code: int
) -> None:
    rules = {
        "r": rule(
            {"g": GO},
            {"a": {"$and": [{"kind": "a"}, ONE]}},
            {"b": {"$and": [{"kind": "b"}, {"$gt": {"x": {"a": "x"}}}, ONE]}},
        )
    }
    with pytest.raises(engine.error, match=str(code)):
        fired(rules, [fact(0, "a", **a), fact(1, "b", **b), fact(9, "~go")])


def test_two_names_bind_the_same_fact_only_with_dist_0() -> None:
    patterns = [{"g": GO}, {"a": {"$and": [{"kind": "a"}, ONE]}}, {"b": {"$and": [{"kind": "a"}, ONE]}}]
    facts = [fact(0, "a"), fact(9, "~go")]
    assert fired({"r": rule(*patterns, dist=None)}, facts) == []
    assert fired({"r": rule(*patterns)}, facts) == ["r"]


def test_a_negation_sees_a_bound_fact_only_with_dist_0() -> None:
    patterns = [{"g": GO}, {"a": {"$and": [{"kind": "a"}, ONE]}}, {"b$not": {"$and": [{"kind": "a"}, ONE]}}]
    facts = [fact(0, "a"), fact(9, "~go")]
    assert fired({"r": rule(*patterns, dist=None)}, facts) == ["r"]
    assert fired({"r": rule(*patterns)}, facts) == []


def test_what_is_absent_is_not_unequal() -> None:
    rules = {"r": rule({"m": {"$and": [{"kind": "a"}, {"$neq": {"x": "PI"}}]}})}
    assert fired(rules, [fact(0, "a", x="ITP")]) == ["r"]
    assert fired(rules, [fact(0, "a")]) == []


def test_a_division_by_zero_kills_the_process() -> None:
    condition = "{'$gt': {'x': {'$div': {'$l': {'g': 'one'}, '$r': {'g': 'zero'}}}}}"
    code = (
        "h = e.create_ruleset('t', json.dumps({'r': {'all': [{'g': {'kind': '~go'}}, "
        f"{{'b': {{'$and': [{{'kind': 'b'}}, {condition}]}}}}]}}}}))\n"
        "e.assert_fact(h, json.dumps({'id': 'f0', 'sid': 's', 'kind': '~go', 'one': 1, 'zero': 0}))\n"
        "e.assert_fact(h, json.dumps({'id': 'f1', 'sid': 's', 'kind': 'b', 'x': 1}))\n"
    )
    assert in_a_process(code) < 0


def test_a_misspelt_property_is_no_fault_for_the_engine() -> None:
    rules = {"r": rule({"m": {"$and": [{"kind": "a"}, {"sugr": "sucrose"}]}})}
    assert fired(rules, [fact(0, "a", sugar="sucrose")]) == []


def same_kind(count: int) -> dict[str, Any]:
    return {f"r{i}": rule({"g": GO}, {"a": {"$and": [{"kind": "a"}, ONE]}}) for i in range(count)}


def test_64_patterns_of_one_kind_are_the_most() -> None:
    facts = [fact(0, "a"), fact(9, "~go")]
    assert len(fired(same_kind(64), facts)) == 64
    with pytest.raises(engine.error, match="303"):
        fired(same_kind(65), facts)


def test_more_than_about_255_rules_are_refused() -> None:
    with pytest.raises(engine.error, match="108"):
        create(same_kind(260))


def test_priority_then_definition_is_the_order_of_firing() -> None:
    rules = {"last": {"pri": 9, "all": [{"g": GO}]}, "b": rule({"g": GO}), "a": rule({"g": GO})}
    assert fired(rules, [fact(9, "~go")]) == ["b", "a", "last"]


def test_an_empty_and_is_no_fault_and_holds_for_every_fact() -> None:
    assert set(fired({"r": rule({"m": {"$and": []}})}, [fact(0, "a")])) == {"r"}


def test_of_two_conditions_without_and_one_is_dropped() -> None:
    assert fired({"r": rule({"m": {"kind": "a", "x": 1}})}, [fact(0, "a", x=2)]) == ["r"]
    assert fired({"r": rule({"m": {"$and": [{"kind": "a"}, {"x": 1}]}})}, [fact(0, "a", x=2)]) == []


def test_a_name_that_is_not_bound_is_no_fault() -> None:
    rules = {"r": rule({"g": GO}, {"m": {"$and": [{"kind": "a"}, {"x": {"nobody": "x"}}]}})}
    assert fired(rules, [fact(0, "a", x=2), fact(9, "~go", x=2)]) == []


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [("a.*", "abc", True), ("[0-9]", "5", True), ("^a", "a", False), ("a$", "a", False), (r"\d", "5", False)],
)
def test_regular_expressions_know_neither_anchors_nor_digits(pattern: str, text: str, matches: bool) -> None:
    rules = {"r": rule({"m": {"$and": [{"kind": "a"}, {"$mt": {"x": pattern}}]}})}
    assert fired(rules, [fact(0, "a", x=text)]) == (["r"] if matches else [])


def test_joins_are_nested_loops() -> None:
    patterns = [{"g": GO}, *({kind: {"$and": [{"kind": kind}, ONE]}} for kind in "abc")]
    facts = [fact(3 * number + i, kind) for number in range(40) for i, kind in enumerate("abc")]
    assert len(fired({"r": rule(*patterns)}, [*facts, fact(999, "~go")])) == 40**3


def test_16_facts_are_the_most_of_one_rule() -> None:
    def joined(count: int) -> list[str]:
        patterns = [{f"a{i}": {"$and": [{"kind": f"k{i}"}, ONE]}} for i in range(count - 1)]
        return fired(
            {"r": rule({"g": GO}, *patterns)}, [*(fact(i, f"k{i}") for i in range(count - 1)), fact(99, "~go")]
        )

    assert joined(16) == ["r"]
    with pytest.raises(engine.error, match="304"):
        joined(17)


def test_an_event_is_used_up_by_the_first_rule() -> None:
    rules = {"first": rule({"m": {"kind": "a"}}), "second": rule({"m": {"kind": "a"}})}
    assert fired(rules, [fact(0, "a")]) == ["first", "second"]
    handle = create(rules)
    _, state = engine.assert_event(handle, orjson.dumps(fact(0, "a")).decode())
    assert list(orjson.loads(engine.start_action_for_state(handle, state)[1])) == ["first"]
    assert engine.complete_and_start_action(handle, state) is None


HOST = """
import os, threading
from durable.lang import assert_fact, m, ruleset, when_all
with ruleset("t"):
    @when_all(m.kind == "a")
    def action(c):
        raise SystemExit(3)
threads = threading.active_count()
assert_fact("t", {"id": "f0", "sid": "s", "kind": "a"})
print("went on with", threading.active_count() - threads, "more threads", flush=True)
os._exit(0)
"""


def test_the_host_swallows_even_an_exit_and_starts_threads() -> None:
    done = subprocess.run([sys.executable, "-c", HOST], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, "went on with 2 more threads\n")
