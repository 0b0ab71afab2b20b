"""Whether the cards of a call are those that a written case says: the one comparison of what came with what should."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cds.situations import Expected, Situation
from tests.support.run import about_of, rule_of, words_of

Card = Mapping[str, Any]


def differs(case: Situation, cards: Sequence[Card]) -> str:
    """How the cards differ from what the case expects: rules and tiers, the order, the words; "" where they do not."""
    came = [card for card in cards if rule_of(card) not in case.also_allowed]
    got = sorted((rule_of(card), card["indicator"]) for card in came)
    wanted = sorted((expected.rule, expected.tier) for expected in case.expected)
    if got != wanted:
        shown = "\n".join(f"{rule_of(card)}: {card['summary']}" for card in cards)
        return f"{got} where {wanted} is expected:\n{shown}"
    for expected in case.expected:
        if not any(_fits(card, expected) for card in came):
            shown = "\n\n".join(f"{rule_of(card)} about {about_of(card)}: {words_of(card)}" for card in came)
            return f"{expected} is not among:\n{shown}"
    return ""


def _fits(card: Card, expected: Expected) -> bool:
    labels = [suggestion["label"].lower() for suggestion in card.get("suggestions", ())]
    return (
        rule_of(card) == expected.rule
        and card["indicator"] == expected.tier
        and (expected.about is None or about_of(card).rpartition("/")[2] == expected.about)
        and all(word.lower() in words_of(card).lower() for word in expected.says)
        and all(word.lower() in card["summary"].lower() for word in expected.summary)
        and not any(word.lower() in words_of(card).lower() for word in expected.lacks)
        and (expected.offers is None or _offers(labels, expected.offers))
        and not any(word.lower() in label for word in expected.withholds for label in labels)
    )


def _offers(labels: Sequence[str], words: Sequence[str]) -> bool:
    return bool(labels) == bool(words) and all(any(word.lower() in label for label in labels) for word in words)
