"""Which cases are left out of the asking: those whose chart stays and whose facts cannot hold the rule either way."""

from __future__ import annotations

from pathlib import Path

from cds.facts import Call, Drug, SourceState
from tests.mutants.mutant import read
from tests.mutants.reach import Shape, reach, shape

RULES = """\
rules:
  - id: tiny.makes
    when:
      drug: {is: drug, nsaid: true, state: [draft, active], ended: absent}
    infer: {is: made}
  - id: tiny.reads
    when:
      made: {is: made, drug: "= drug.ref"}
    any:
      - when:
          call: {is: call}
      - when:
          lab: {is: lab}
"""
CALL = Call(day=None, hook="order-sign")


def shapes(folder: Path) -> dict[str, Shape]:
    (folder / "tiny.yaml").write_text(RULES, "utf-8")
    return {rule["id"].text: shape(rule) for rule in read(folder, "tiny.yaml")["rules"].each()}


def drug(**said: object) -> Drug:
    return Drug(**{"selected": True, "state": "active", "systemic": "yes", "nsaid": True, **said})


def test_a_rule_may_hold_where_a_fact_has_the_words_that_it_asks_for(tmp_path: Path) -> None:
    known = shapes(tmp_path)
    for facts, holds in (([drug()], True), ([drug(nsaid=False)], False), ([drug(state="ended")], False), ([], False)):
        assert reach([CALL, *facts], known.values()).holds(known["tiny.makes"]) is holds


def test_what_is_made_may_be_read_in_one_of_the_ways(tmp_path: Path) -> None:
    known = shapes(tmp_path)
    assert reach([CALL, drug()], known.values()).holds(known["tiny.reads"])
    assert not reach([drug()], known.values()).holds(known["tiny.reads"])
    assert not reach([CALL], known.values()).holds(known["tiny.reads"])


def test_the_words_of_what_is_changed_do_not_count(tmp_path: Path) -> None:
    known = shapes(tmp_path)
    found = reach([CALL, drug(nsaid=False), SourceState(name="labs", state="read")], known.values())
    assert not found.holds(known["tiny.makes"], ("rules", 0, "infer"))
    assert found.holds(known["tiny.makes"], ("rules", 0, "when", "drug", "nsaid"))
