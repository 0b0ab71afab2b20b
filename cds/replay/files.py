"""Finding the files to replay, and the documents in them.

A JSON file is one document; of an NDJSON file every line that is not empty. A document is named by its path as it was
given, in NDJSON with the number of its line ("patients.ndjson:3"). What stands in it is not looked at here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cds.errors import CdsError

_LINES = ".ndjson"
_SUFFIXES = (".json", _LINES)


@dataclass(frozen=True, slots=True)
class Document:
    """One document as bytes; `error` says why it could not be read."""

    name: str
    body: bytes = b""
    error: str = ""


def find(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Every file of `paths`: files as they are named, folders searched through in path order; each file once.

    Raises CdsError for a path that does not exist, and for a folder without a JSON or NDJSON file.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            inside = sorted(file for file in path.rglob("*") if file.suffix in _SUFFIXES and file.is_file())
            if not inside:
                raise CdsError("no *.json or *.ndjson file in this folder; name another one", str(path))
            found.update(dict.fromkeys(inside))
        elif path.exists():
            found[path] = None
        else:
            raise CdsError("there is no such file or folder; check the path", str(path))
    return tuple(found)


def documents(file: Path) -> Iterator[Document]:
    """The documents of one file, in their order; one with an error where the file cannot be opened."""
    try:
        body = file.read_bytes()
    except OSError as fault:
        yield Document(str(file), error=f"cannot be opened: {fault.strerror}")
        return
    if not body.strip():
        yield Document(str(file), error="holds nothing; write a FHIR Bundle or a CDS Hooks request into it")
        return
    if file.suffix != _LINES:
        yield Document(str(file), body)
        return
    for number, line in enumerate(body.split(b"\n"), start=1):
        if line.strip():
            yield Document(f"{file}:{number}", line)
