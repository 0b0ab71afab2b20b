"""YAML in which nothing means anything else than it shows, and everything has a line."""

from __future__ import annotations

from pathlib import Path

import pytest

from cds.errors import BookFault
from cds.knowledge.yaml_marks import MapNode, SeqNode, Text, compose, parse


def test_every_scalar_stays_text_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "t.yaml"
    path.write_text('on: 03\nndc: 00944-2656-03\nflag: yes\nnone: null\nempty:\nlist: [1.10, "2"]\n')
    root = compose(path)
    assert isinstance(root, MapNode)
    assert {key: node.value for key, node in root.items.items() if isinstance(node, Text)} == {
        "on": "03",
        "ndc": "00944-2656-03",
        "flag": "yes",
        "none": "null",
        "empty": "",
    }
    assert root.items["list"] == SeqNode([Text("1.10", 6), Text("2", 6)], 6)
    assert root.key_lines == {"on": 1, "ndc": 2, "flag": 3, "none": 4, "empty": 5, "list": 6}


def test_what_would_mean_something_else_is_a_fault_and_reading_goes_on() -> None:
    content = b"a: &x 1\nb: *x\nc: !!int 5\na: 2\n? [1, 2]\n: 3\n---\nd: 1\n"
    _, faults = parse(content, "t.yaml")
    assert [(fault.line, fault.what.split(" ", 2)[1]) for fault in faults] == [
        (1, "anchor"),
        (2, "alias"),
        (3, "tag"),
        (4, "key"),
        (5, "key"),
        (8, "file"),
    ]


@pytest.mark.parametrize(
    ("content", "line"), [(b"a: 1\nb: [", 3), (b"", 1), (b"# nothing\n", 1), (b"a: 1\nb: \xff", 2), (b"a: \x01", 1)]
)
def test_what_cannot_be_read_is_one_fault_with_its_line(tmp_path: Path, content: bytes, line: int) -> None:
    path = tmp_path / "t.yaml"
    path.write_bytes(content)
    with pytest.raises(BookFault) as raised:
        compose(path)
    assert [(fault.file, fault.line) for fault in raised.value.faults] == [(str(path), line)]


def test_a_missing_file_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(BookFault, match="cannot be read"):
        compose(tmp_path / "nowhere.yaml")


def test_depth_does_not_exhaust_the_stack() -> None:
    tree, faults = parse(b"[" * 900 + b"]" * 900, "t.yaml")
    assert isinstance(tree, SeqNode)
    assert faults == []
