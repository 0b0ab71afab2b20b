"""Which files a replay takes, in which order, and the documents in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from cds.errors import CdsError
from cds.replay import documents, find


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.json", "a.json", "deep/er/c.ndjson", "notes.txt", "deep/d.json"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("{}")
    return tmp_path


def test_a_folder_is_searched_through_in_path_order(folder: Path) -> None:
    assert [str(file.relative_to(folder)) for file in find([folder])] == [
        "a.json",
        "b.json",
        "deep/d.json",
        "deep/er/c.ndjson",
    ]


def test_files_keep_the_order_they_were_named_in_and_come_once(folder: Path) -> None:
    named = [folder / "b.json", folder / "notes.txt", folder / "a.json", folder / "b.json", folder / "deep"]
    assert [file.name for file in find(named)] == ["b.json", "notes.txt", "a.json", "d.json", "c.ndjson"]


def test_what_is_not_there_is_said_with_what_to_do(folder: Path) -> None:
    with pytest.raises(CdsError, match=r"nowhere: there is no such file or folder; check the path"):
        find([folder, folder / "nowhere"])
    (folder / "empty").mkdir()
    with pytest.raises(CdsError, match=r"empty: no \*\.json or \*\.ndjson file"):
        find([folder / "empty"])


def test_a_json_file_is_one_document(folder: Path) -> None:
    (document,) = documents(folder / "a.json")
    assert (document.name, document.body, document.error) == (str(folder / "a.json"), b"{}", "")


def test_an_ndjson_file_is_a_document_for_every_line_that_is_not_empty(folder: Path) -> None:
    file = folder / "many.ndjson"
    file.write_bytes(b'{"a": 1}\r\n\n  \n{"b": 2}')
    assert [(one.name, one.body.strip()) for one in documents(file)] == [
        (f"{file}:1", b'{"a": 1}'),
        (f"{file}:4", b'{"b": 2}'),
    ]


def test_a_file_that_cannot_be_opened_is_a_document_with_an_error(folder: Path) -> None:
    (document,) = documents(folder / "gone.json")
    assert document.error == "cannot be opened: No such file or directory"
