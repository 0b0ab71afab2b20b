"""Clinical concepts: which codes and words mean "IgA deficiency", "sepsis", an allergy to immune globulin.

ICD-10-CM matches by the prefixes a concept lists, each of them and none derived; SNOMED CT exactly. Words are used
where no code decides; a phrase inside a longer phrase of another concept does not count.

A code with `only_with` is too wide for its concept (Z91.018 is any food): it counts with one of those words beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy

from cds.knowledge.codes import Code
from cds.knowledge.matching import CodeTable, Own, listed
from cds.knowledge.sheet import Sheet
from cds.knowledge.words import Entry, Negation, WordTable

_KEYS = ("name", "note", "history", "codes", "not_codes", "words", "not_words")
_ONLY_WITH = "only_with"


class Concepts:
    """Condition concepts and allergy substances by code and by text."""

    def __init__(
        self,
        names: Mapping[str, str],
        allergens: frozenset[str],
        codes: CodeTable,
        words: WordTable,
        wide: CodeTable,
        beside: WordTable,
    ) -> None:
        """`wide` are the codes with `only_with`, `beside` their words, by the same ids."""
        self._names, self._codes, self._words = names, codes, words
        self._wide, self._beside = wide, beside
        self.allergens = allergens

    def with_own(self, own: Own[frozenset[str]]) -> Concepts:
        """The same concepts with a site's codes."""
        made = copy(self)
        made._codes = self._codes.with_own(own)
        return made

    def of(self, code: Code) -> frozenset[str]:
        """The concepts a code stands for; empty for an unknown one."""
        return self._codes.of(code)

    def too_wide(self, code: Code) -> frozenset[str]:
        """The concepts that a code stands for only with words beside it."""
        return self._wide.of(code)

    def of_wide(self, code: Code, words: Iterable[str]) -> frozenset[str]:
        """The concepts that a code too wide for them stands for with these words beside it."""
        ids = self._wide.of(code)
        return ids & frozenset[str]().union(*(self._beside.find(word) for word in words)) if ids else ids

    def in_text(self, words: str) -> frozenset[str]:
        """The concepts that a text names, none of them negated or said of the family."""
        return self._words.find(words)

    def name(self, id: str) -> str:
        """The concept's name for people. Raises KeyError."""
        return self._names[id]

    @property
    def ids(self) -> frozenset[str]:
        """Every concept, those without a code among them."""
        return frozenset(self._names)


def concepts(sheets: Iterable[Sheet], negation: Negation, more: Mapping[str, Iterable[Code]]) -> Concepts:
    """The files of concepts/. `more` are codes from other tables that allergens take in, by the name they ask for."""
    names: dict[str, str] = {}
    allergens: set[str] = set()
    codes: list[tuple[Code, str]] = []
    wide: list[tuple[Code, str]] = []
    words: list[Entry] = []
    beside: list[Entry] = []
    for sheet in sheets:
        sheet.known(("concepts", "allergens"))
        for section in ("concepts", "allergens"):
            for id, one in sheet.sub(section).each() if section in sheet else ():
                if id in names:
                    one.fault(f"the concept {id} stands in another file too")
                names[id] = one.text("name")
                history = section == "allergens" or one.word("history", ("counts",), "") == "counts"
                if section == "allergens":
                    allergens.add(id)
                one.known((*_KEYS, *(("takes_in",) if section == "allergens" else ())))
                rows = one.rows("codes")
                codes += [(code, id) for code in listed(row for row in rows if _ONLY_WITH not in row)]
                wide += [(code, id) for code in listed((row for row in rows if _ONLY_WITH in row), _ONLY_WITH)]
                beside += [Entry(word, id, history) for row in rows for word in row.words(_ONLY_WITH)]
                for key in one.words("takes_in"):
                    if key not in more:
                        one.fault(f"takes_in: {key} is not one of {', '.join(sorted(more))}", one.line("takes_in"))
                    codes += [(code, id) for code in more.get(key, ())]
                words += [Entry(word, id, history) for word in one.words("words")]
                words += [Entry(word, "") for word in one.words("not_words")]
    table, coded = WordTable(words, negation), CodeTable(codes)
    return Concepts(names, frozenset(allergens), coded, table, CodeTable(wide), WordTable(beside, negation))
