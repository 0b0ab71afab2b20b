"""The codes that were not recognized, as lines for people: so that a site can put them into its site file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from cds.chart import Met

_SHOWN = 3
"""Resources that are named for one code; the others are counted."""


def in_one(met: Iterable[Met]) -> Iterator[str]:
    """The codes of one document, each with how often it came, in which source and where."""
    found: dict[tuple[str, str], list[Met]] = {}
    for one in met:
        if not one.recognized:
            found.setdefault((one.source, str(one.code)), []).append(one)
    for (source, code), each in sorted(found.items()):
        display = next((one.display for one in each if one.display), "")
        refs = list(dict.fromkeys(one.ref for one in each))
        more = f", {len(refs) - _SHOWN} more" if len(refs) > _SHOWN else ""
        yield f"{_line(source, code, display, len(each))} ({', '.join(refs[:_SHOWN])}{more})"


class Total:
    """The codes that were not recognized in several documents together, counted as they come."""

    def __init__(self) -> None:
        self._times: Counter[tuple[str, str]] = Counter()
        self._displays: dict[str, str] = {}
        self.documents = 0

    def add(self, met: Iterable[Met]) -> None:
        """Take in the codes of one more document."""
        self.documents += 1
        for one in met:
            if not one.recognized:
                code = str(one.code)
                self._times[one.source, code] += 1
                self._displays[code] = self._displays.get(code) or one.display

    def lines(self) -> Iterator[str]:
        """The codes of all documents, the most frequent first."""
        for (source, code), times in sorted(self._times.items(), key=lambda item: (-item[1], item[0])):
            yield _line(source, code, self._displays[code], times)


def _line(source: str, code: str, display: str, times: int) -> str:
    shown = f' "{display}"' if display else ""
    return f"{source}: {code}{shown}, {times} time{'s' * (times != 1)}"
