"""The values that the chart reads are the values it asks the rule book for."""

from __future__ import annotations

import re
from pathlib import Path

from cds import chart

ROOM = Path(chart.__file__).parent


def test_every_value_that_is_read_is_asked_for() -> None:
    written = "\n".join(path.read_text() for path in ROOM.glob("*.py") if path.name != "needs.py")
    names = set(re.findall(r'values\[f?"(\w+\.\w+)"\]', written))
    assert len(names) > 10
    assert names <= chart.NEEDS.keys()


def test_nothing_is_asked_for_that_is_not_read() -> None:
    written = "\n".join(path.read_text() for path in ROOM.glob("*.py") if path.name != "needs.py")
    assert [name for name in sorted(chart.NEEDS) if name.partition(".")[2] not in written] == []
