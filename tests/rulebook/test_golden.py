"""Compiled rules are pinned: what the engine is given changes only on purpose.

After a change that is meant: `python -m tests.rulebook.test_golden` writes the files anew.
"""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from cds.rulebook.compiler import definition
from tests.rulebook.support import DAY, book

GOLDEN = Path(__file__).parent / "golden"


def compiled(topic: Path) -> str:
    """Every engine rule of a topic, as JSON."""
    with TemporaryDirectory() as folder:
        program = book(Path(folder), topic.read_text()).on(DAY)
    rules = {
        unit.name: definition(unit, program.source.kinds, program.source.values[unit.rule.file])
        for unit in program.units
    }
    return json.dumps(rules, indent=1) + "\n"


@pytest.mark.parametrize("topic", sorted(GOLDEN.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_topic_compiles_to_what_was_written_down(topic: Path) -> None:
    assert compiled(topic) == topic.with_suffix(".json").read_text()


def test_there_are_golden_files() -> None:
    assert len(list(GOLDEN.glob("*.json"))) == len(list(GOLDEN.glob("*.yaml"))) > 2


if __name__ == "__main__":
    for path in GOLDEN.glob("*.yaml"):
        path.with_suffix(".json").write_text(compiled(path))
