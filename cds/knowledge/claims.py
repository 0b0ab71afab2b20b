"""The numbered statements of the two articles, which rules cite: what each is about, or why no rule stands on it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from cds.knowledge.sheet import Sheet

_NUMBER = re.compile(r"[AB][1-9][0-9]?")


@dataclass(frozen=True, slots=True)
class Claim:
    """What a statement is about, in neutral words, or why no rule stands on it; one of the two may be ""."""

    about: str = ""
    why: str = ""


def claims(sheet: Sheet) -> Mapping[str, Claim]:
    """The table claims.yaml by number, in its order; everything wrong in it is noted on the sheet."""
    sheet.known(("claims",))
    found: dict[str, Claim] = {}
    table = sheet.sub("claims")
    for number, one in table.each():
        one.known(("about", "why"))
        if not _NUMBER.fullmatch(number):
            table.fault(f"{number} is no statement of an article: write A5 or B66", table.line(number))
        why = one.text("why", "")
        if "why" in one and not why.strip():
            one.fault("why is empty: say why no rule stands on it", one.line("why"))
        found[number] = Claim(one.text("about", "" if why else None), why)
    return found
