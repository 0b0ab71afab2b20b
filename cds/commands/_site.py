"""What a site file changed, as lines for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from cds.evaluation import Book
from cds.knowledge import Site
from cds.knowledge.site import ALL, SECTIONS


def changes(book: Book) -> Iterator[tuple[str, str]]:
    """Everything that the site file changed, with its heading; nothing where there is none.

    The formulary is only kept and shown so far: no rule asks for it.
    """
    site = book.knowledge.site
    if not site.file:
        return
    yield "site", f"{site.name}, {site.file}" if site.name else site.file
    for codes in _codes(site):
        yield "codes", codes
    for reasons in _reasons(site):
        yield "reasons", reasons
    yield "formulary", _listed(book.knowledge.products.page(one.value).name for one in site.formulary)
    yield "site off", _listed(one.value for one in site.rules_off)
    yield "site on", _listed(one.value for one in site.rules_on)


def _listed(words: Iterator[str]) -> str:
    return ", ".join(words) or "none"


def _codes(site: Site) -> Iterator[str]:
    """ "2 of its own for measurements: egfr, serum_creatinine"."""
    for section in SECTIONS:
        codes = [one for one in site.codes if one.section == section]
        meant = [_meant(id.value for id in one.ids) or str(one.cvx) for one in codes]
        named = ", ".join(f"{what} {times}×" if times > 1 else what for what, times in Counter(meant).items())
        if codes:
            yield f"{len(codes)} of its own for {section}: {named}"


def _meant(ids: Iterator[str]) -> str:
    return " + ".join(ids)


def _reasons(site: Site) -> Iterator[str]:
    for group, given in site.reasons.items():
        displays = ", ".join(coding["display"] for coding in given.codings)
        cards = "every card" if group == ALL else f"the cards of {group}"
        yield f"on {cards} {'only' if given.replace else 'also'} {displays}"
