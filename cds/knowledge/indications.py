"""Indications: what an order's reason means, and the dose rows that hold for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from cds.knowledge.codes import Code
from cds.knowledge.dose_rows import DoseRow, dose_rows
from cds.knowledge.matching import CodeTable, Own, listed
from cds.knowledge.sheet import Sheet
from cds.knowledge.words import Entry, Negation, WordTable

EVIDENCE = ("established", "supported", "weak", "case_reports", "no_benefit", "harm")
"""How good the evidence for a reason is, by grade."""
CLASS = "class"
"""The word for the label of the whole class in `labeled`."""
_KEYS = (
    *("name", "evidence", "note", "sources", "labeled", "accepted", "only_with", "children"),
    *("doses", "codes", "words", "not_words"),
)


@dataclass(frozen=True, slots=True)
class Indication:
    """One reason for immune globulin. `evidence` is its grade, `note` the line for people; no rows, no dose table.

    `labeled` are the products whose label has the reason, or `class` where those of the class have it. `accepted`
    reasons are standard practice whatever the label. The grade holds only beside one of the concepts of `only_with`,
    where there are any. `children` marks a reason of children alone, whatever its codes say of others.
    """

    id: str
    name: str
    rows: tuple[DoseRow, ...]
    evidence: str
    note: str
    sources: tuple[str, ...]
    labeled: frozenset[str]
    accepted: bool
    only_with: frozenset[str]
    children: bool


class Indications:
    """Reasons by code and text, and their dose rows."""

    def __init__(self, entries: Mapping[str, Indication], codes: CodeTable, words: WordTable) -> None:
        self._entries, self._codes, self._words = entries, codes, words

    def with_own(self, own: Own[frozenset[str]]) -> Indications:
        """The same indications with a site's codes."""
        return Indications(self._entries, self._codes.with_own(own), self._words)

    def of(self, code: Code) -> frozenset[str]:
        """The indications a code stands for; D80.2 and other reasons without dosing are none."""
        return self._codes.of(code)

    def in_text(self, words: str) -> frozenset[str]:
        """The indications that a text names, none of them negated or of the past."""
        return self._words.find(words)

    def get(self, id: str) -> Indication:
        """The whole entry. Raises KeyError."""
        return self._entries[id]

    def name(self, id: str) -> str:
        """The indication's name for people. Raises KeyError."""
        return self._entries[id].name

    def rows(self, id: str) -> tuple[DoseRow, ...]:
        """The usable dose rows; none where the source is unverified. Raises KeyError."""
        return self._entries[id].rows

    def tabled(self, id: str) -> bool:
        """Whether there is a usable dose row. Raises KeyError."""
        return bool(self.rows(id))

    def course_max(self, id: str, product: str, *, retreated: bool = False) -> Decimal | None:
        """The most mg/kg per course for a product: the highest of its rows; None where no row has one.

        Rows of a product alone count for that product only; a retreatment row only when `retreated`.
        """
        limits = [
            row.course_max
            for row in self.rows(id)
            if row.course_max is not None and row.holds_for(product) and (retreated or not row.retreatment)
        ]
        return max(limits, default=None)

    @property
    def ids(self) -> frozenset[str]:
        """Every indication, those without a dose table among them."""
        return frozenset(self._entries)


def indications(sheet: Sheet, negation: Negation) -> Indications:
    """The table indications.yaml; everything wrong in it is noted on the sheet."""
    sheet.known(("indications",))
    entries: dict[str, Indication] = {}
    codes: list[tuple[Code, str]] = []
    words: list[Entry] = []
    for id, one in sheet.sub("indications").each():
        one.known(_KEYS)
        sources = one.words("sources")
        for key in sources:
            if key not in one.notes.sources:
                one.fault(f"the source {key} is not in sources.yaml", one.line("sources"))
        rows = dose_rows(one.rows("doses"), id, None)
        entries[id] = Indication(
            id=id,
            name=one.text("name"),
            rows=rows,
            evidence=one.word("evidence", EVIDENCE),
            note=one.text("note"),
            sources=sources,
            labeled=frozenset(one.words("labeled")),
            accepted=one.flag("accepted"),
            only_with=frozenset(one.words("only_with")),
            children=one.flag("children"),
        )
        codes += [(code, id) for code in listed(one.rows("codes"))]
        words += [Entry(word, id) for word in one.words("words")]
        words += [Entry(word, "") for word in one.words("not_words")]
    return Indications(entries, CodeTable(codes), WordTable(words, negation))
