"""Findings become CDS Hooks cards: worded, in the order in which they matter, each with the evidence it stands on.

A card is a plain dict without a null or an empty member. Its detail is Markdown without HTML, always in one order: the
evidence, why it matters and what to do (the words of the topic), what was not checked, the source. Whatever came from
the patient's record is escaped there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from cds import wording
from cds.advice.context import context
from cds.advice.layout import detail, one_line, sentence, shorten
from cds.advice.reasons import override_reasons
from cds.advice.suggested import Material
from cds.advice.suggestions import Offers
from cds.advice.suppress import suppress
from cds.errors import EngineFault
from cds.findings import EXTENSION, TIERS, AdviceRule, Finding
from cds.knowledge.site import GroupReasons

TOPICS = "https://ivig-cds.org/fhir/CodeSystem/topic"
"""The code system of `source.topic`: the first part of the rules' ids."""

OWN_SOURCE = "IVIG order checks"
"""The source of a card whose rule cites nothing that has a title."""

_CLAIM = re.compile(r"[AB]\d+")
_ARTICLE, _OURS = "SEED-", "PROJECT"

_CARDS = uuid5(NAMESPACE_URL, "https://ivig-cds.org/cards")


@dataclass(frozen=True, slots=True)
class Texts:
    """The compiled words of one rule, and the titles of what it cites."""

    summary: wording.Text
    detail: wording.Text
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """The cards of one answer, and the faults that cost some of them their suggestions."""

    cards: tuple[dict[str, Any], ...]
    faults: tuple[Exception, ...] = ()


def texts(rule: AdviceRule, titles: Mapping[str, str], filters: wording.Filters) -> Texts:
    """Compile the words of a rule; `titles` are those of source keys. Raises WordingError for a faulty template."""
    titled = tuple(one_line(titles[key]) for key in _keys(rule.cites, titles))
    sources = (rule.source,) if rule.source else titled
    return Texts(wording.plain(rule.card.summary, filters), wording.markdown(rule.card.detail, filters), sources)


def _keys(cites: Iterable[str], titles: Mapping[str, str]) -> list[str]:
    """The keys of what a card names as its source: what was published; else the articles, else our own choice."""
    every = dict.fromkeys(f"{_ARTICLE}{cite[0]}" if _CLAIM.fullmatch(cite) else cite for cite in cites)
    keys = [key for key in every if key in titles]
    ranked = [(key == _OURS, key.startswith(_ARTICLE)) for key in keys]
    return [key for key, rank in zip(keys, ranked, strict=True) if rank == min(ranked)]


def cards(
    findings: Iterable[Finding],
    words: Mapping[str, Texts],
    *,
    edition: str,
    reasons: Mapping[str, GroupReasons],
    material: Material,
) -> Written:
    """The cards of the findings that `over` leaves, the most serious first, then in the order of the rule book.

    `reasons` are the site's own override reasons, `material` what suggestions are made of. Raises EngineFault where a
    text cannot be rendered: a card is never dropped.
    """
    shown, _ = suppress(findings)
    ordered = sorted(shown, key=_order)
    offers = Offers(material, ordered)
    made = [_card(one, words[one.rule.id], edition, reasons, material, offers) for one in ordered]
    return Written(tuple(made), tuple(offers.faults))


def _order(finding: Finding) -> tuple[int, int, str, str]:
    return -TIERS.index(finding.tier), finding.rule.position, finding.rule.id, finding.about.ref


def _card(
    finding: Finding,
    text: Texts,
    edition: str,
    reasons: Mapping[str, GroupReasons],
    material: Material,
    offers: Offers,
) -> dict[str, Any]:
    rule = finding.rule
    summary, why = rendered(finding, text, material.values)
    sources = text.sources or (OWN_SOURCE,)
    uuid = str(uuid5(_CARDS, "\n".join((material.case.hook_instance, rule.id, finding.about.ref))))
    return {
        "uuid": uuid,
        "summary": shorten(summary),
        "detail": detail(finding, why, sources),
        "indicator": finding.tier,
        "source": {
            "label": sources[0],
            "topic": {"system": TOPICS, "code": rule.id.partition(".")[0], "display": rule.topic},
        },
        **offers.of(finding, uuid),
        "overrideReasons": override_reasons(rule.id, finding.tier, reasons),
        "extension": {EXTENSION: _extension(finding, edition)},
    }


def rendered(finding: Finding, text: Texts, values: Mapping[str, Decimal]) -> tuple[str, str]:
    """The summary in full, on one line, and the topic's own part of the detail."""
    names = context(finding, values)
    try:
        return sentence(one_line(text.summary.render(names))), text.detail.render(names)
    except wording.WordingError as fault:
        raise EngineFault(f"the words of its card: {fault}", finding.rule.id) from None


def _extension(finding: Finding, edition: str) -> dict[str, Any]:
    evidence = [
        {"resource": item.resource, "says": one_line(item.says)} if item.resource else {"says": one_line(item.says)}
        for item in dict.fromkeys(finding.evidence)
        if item.says
    ]
    members = {
        "rule": finding.rule.id,
        "edition": edition,
        "about": finding.about.ref,
        "evidence": evidence,
        "notChecked": list(dict.fromkeys(map(one_line, finding.not_checked))),
    }
    return {name: member for name, member in members.items() if member}
