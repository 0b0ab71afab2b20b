"""Vaccines: which contain measles, mumps, rubella or varicella, the live vaccines that immune globulin touches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass

from cds.errors import Fault
from cds.knowledge.codes import Code, Cvx, Ndc, RxNorm
from cds.knowledge.drug_table import Row
from cds.knowledge.files import Files
from cds.knowledge.matching import Own
from cds.knowledge.sheet import USED, Sheet
from cds.knowledge.words import Entry, Negation, WordTable

ANTIGENS = ("measles", "mumps", "rubella", "varicella")
"""What immune globulin keeps from taking."""

_CVX = "tables/vaccines.csv"
_COLUMNS = ("cvx", "name", "kind", "live", "antigens", "status", "sources")
_KEYS = ("rxnorm", "cvx", "antigen", "display", "status", "sources")


@dataclass(frozen=True, slots=True)
class VaccineMatch:
    """A vaccine. `antigens` are those of measles, mumps, rubella, varicella that immune globulin keeps from taking.

    `affected` is true where there is one; zoster, yellow fever, LAIV and inactivated vaccines have none.
    """

    name: str
    antigens: frozenset[str]
    affected: bool
    from_text: bool = False


class Vaccines:
    """Vaccines by CVX, RxNorm, NDC, a site's codes and text."""

    def __init__(
        self,
        cvx: Mapping[str, VaccineMatch],
        rows: Mapping[str, Row],
        rxcui_by_ndc: Mapping[str, str],
        table: Sheet,
        negation: Negation,
    ) -> None:
        table.known(("ingredients", "not_affected", "given_immune_globulin", "words", "not_words"))
        self._cvx, self._rows, self._rxcui_by_ndc = cvx, rows, rxcui_by_ndc
        self._antigens = {one.text("rxnorm"): one.word("antigen", ANTIGENS) for one in _proven(table, "ingredients")}
        self._not_affected = frozenset(one.text("rxnorm") for one in _proven(table, "not_affected"))
        self._given = frozenset(Cvx(one.text("cvx")) for one in _proven(table, "given_immune_globulin"))
        self._named: dict[str, frozenset[str]] = {}
        words = [Entry(word, "") for word in table.words("not_words")]
        for name, one in table.sub("words").each():
            one.known(("antigens", "words"))
            self._named[name] = frozenset(one.words("antigens"))
            if not self._named[name] <= set(ANTIGENS):
                one.fault(f"antigens are {', '.join(ANTIGENS)}")
            words += [Entry(word, name, True) for word in one.words("words")]
        self._text = WordTable(words, negation, conditions=False)
        self._own = Own[VaccineMatch]()

    def with_own(self, own: Mapping[Code, frozenset[str] | Cvx]) -> Vaccines:
        """The same vaccines with a site's codes: the antigens each contains, or the CVX code it equals.

        Raises KeyError for a CVX code that the table lacks.
        """
        made = copy(self)
        made._own = Own({code: self._meant(what) for code, what in own.items()})
        return made

    def classify(self, codes: Sequence[Code], texts: Sequence[str]) -> VaccineMatch | None:
        """The vaccine that codes, else texts, name; None where none is recognized."""
        coded = next((match for code in codes if (match := self._coded(code)) is not None), None)
        if coded is not None:
            return coded
        for text in texts:
            names = sorted(self._text.find(text))
            if names:
                antigens = frozenset[str]().union(*(self._named[name] for name in names))
                return _match(f"{' and '.join(names)} vaccine", antigens, from_text=True)
        return None

    def known(self, code: Code) -> bool:
        """Whether the code is that of a vaccine."""
        return self._coded(code) is not None

    def is_ivig_given(self, code: Code) -> bool:
        """Whether an immunization record's code says that immune globulin was given (CVX 87 and 86)."""
        return code in self._given

    def _meant(self, what: frozenset[str] | Cvx) -> VaccineMatch:
        return self._cvx[what.value] if isinstance(what, Cvx) else _match(self._short(what), what)

    def _coded(self, code: Code) -> VaccineMatch | None:
        own = self._own.of(code)
        if own is not None:
            return own
        if isinstance(code, Cvx):
            return self._cvx.get(code.value)
        if isinstance(code, Ndc):
            rxcuis = {rxcui for ndc in code.candidates if (rxcui := self._rxcui_by_ndc.get(ndc)) is not None}
            return self._coded(RxNorm(rxcuis.pop())) if len(rxcuis) == 1 else None
        row = self._rows.get(code.value) if isinstance(code, RxNorm) else None
        if row is None or row.group != "vaccine":
            return None
        held = () if code.value in self._not_affected else row.ingredients
        antigens = frozenset(self._antigens[one] for one in held if one in self._antigens)
        return _match(self._short(antigens) if antigens else row.name, antigens)

    def _short(self, antigens: frozenset[str]) -> str:
        """The name of the vaccine that holds just these antigens: RxNorm names them with every strain."""
        named = [name for name, held in self._named.items() if held == antigens]
        return f"{named[0] if named else '/'.join(sorted(antigens))} vaccine"


def cvx_rows(files: Files) -> dict[str, VaccineMatch]:
    """The usable vaccines of vaccines.csv by CVX code."""
    found: dict[str, VaccineMatch] = {}
    known = files.notes.sources.keys()
    for line, (cvx, name, kind, live, antigens, status, sources) in enumerate(files.table(_CVX, _COLUMNS), 2):
        held = frozenset(antigens.split("|")) if antigens else frozenset[str]()
        if cvx in found or live not in ("yes", "no", "unknown") or not held <= set(ANTIGENS):
            files.notes.faults.append(Fault(_CVX, line, f"{cvx}: given twice, or an unknown word"))
        elif not known >= set(sources.split("|")):
            files.notes.faults.append(Fault(_CVX, line, f"{cvx}: a source that is not in sources.yaml"))
        elif kind == "vaccine" and status in USED:
            found[cvx] = _match(f"{name} vaccine" if held else name, held)
    return found


def _match(name: str, antigens: frozenset[str], from_text: bool = False) -> VaccineMatch:
    return VaccineMatch(name, antigens, bool(antigens), from_text)


def _proven(table: Sheet, key: str) -> Iterable[Sheet]:
    rows = table.rows(key)
    for row in rows:
        row.known(_KEYS)
    return [row for row in rows if row.proven()]
