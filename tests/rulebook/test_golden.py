"""Compiled rules are pinned: what the engine is given changes only on purpose.

After a change that is meant, of the compiler or of a topic in `rules/`: `python -m tests.rulebook.test_golden` writes
the files anew.
"""

from __future__ import annotations

import json
from datetime import UTC
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from cds.app import rules_folder
from cds.evaluation import load_book
from cds.rulebook import Program
from cds.rulebook.compiler import definition
from tests.rulebook.support import DAY, book

GOLDEN = Path(__file__).parent / "golden"
REAL = GOLDEN / "rules"


def compiled(topic: Path) -> str:
    """Every engine rule of a topic, as JSON."""
    with TemporaryDirectory() as folder:
        program = book(Path(folder), topic.read_text()).on(DAY)
    return "".join(_topics(program).values())


def real() -> dict[str, str]:
    """Every engine rule of the topics in `rules/`, as JSON by the stem of the topic."""
    return _topics(load_book(rules_folder(), UTC).rules.on(DAY))


def _topics(program: Program) -> dict[str, str]:
    found: dict[str, dict[str, object]] = {}
    for unit in program.units:
        made = definition(unit, program.source.kinds, program.source.values[unit.rule.file])
        found.setdefault(Path(unit.rule.file).stem, {})[unit.name] = made
    return {topic: json.dumps(rules, indent=1) + "\n" for topic, rules in found.items()}


@pytest.mark.parametrize("topic", sorted(GOLDEN.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_topic_compiles_to_what_was_written_down(topic: Path) -> None:
    assert compiled(topic) == topic.with_suffix(".json").read_text()


def test_the_topics_of_the_rule_book_compile_to_what_was_written_down() -> None:
    written = {path.stem: path.read_text() for path in REAL.glob("*.json")}
    found = real()
    assert written.keys() == found.keys()
    for topic, rules in found.items():
        changed = [name for name, rule in json.loads(rules).items() if rule != json.loads(written[topic]).get(name)]
        assert changed == [], f"{topic}: if this was meant, run python -m tests.rulebook.test_golden"
        assert rules == written[topic]


def test_there_are_golden_files() -> None:
    assert len(list(GOLDEN.glob("*.json"))) == len(list(GOLDEN.glob("*.yaml"))) > 2


if __name__ == "__main__":
    pinned = {path.with_suffix(".json"): compiled(path) for path in GOLDEN.glob("*.yaml")}
    pinned |= {REAL / f"{stem}.json": text for stem, text in real().items()}
    REAL.mkdir(exist_ok=True)
    for old in REAL.glob("*.json"):
        old.unlink()
    for path, text in pinned.items():
        path.write_text(text)
