"""C1-C6, C8: the members of a card, for every card that came back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from cds.conformance.check import Check, Remark, Remarks, fails, line, passes, skips, warns
from cds.conformance.examination import Examination, Reply
from cds.conformance.shape import is_absolute, is_text, objects, quoted, units

Card = Mapping[str, Any]
Look = Callable[[Card, Reply], Iterator[Remark]]

LIMIT = 140
"""A summary must have fewer UTF-16 units."""
_INDICATORS = ("info", "warning", "critical")
_BEHAVIORS = ("at-most-one", "any")
_LINKS = ("absolute", "smart")


def every_reply(examination: Examination) -> tuple[Reply, ...]:
    """Every call that a client could make."""
    return (*examination.replies, *examination.to_hostile)


def of_cards(id: str, asks: str, none: str) -> Callable[[Look], Check]:
    """Makes a check of a function that looks at one card; `none` is said where no card has what it looks at."""

    def made(look: Look) -> Check:
        def every(examination: Examination) -> Remarks:
            cards = [(reply, place, card) for reply in every_reply(examination) for place, card in reply.cards]
            seen = False
            for reply, place, card in cards:
                for remark in look(card, reply):
                    seen = True
                    spoken = remark.text if remark.text in _SUMMED else f"{place} {remark.text}"
                    yield Remark(remark.outcome, spoken)
            if cards and not seen:
                yield skips(none)

        return line(id, asks)(every)

    return made


_SUMMED = {"cards", "suggestions", "override reasons", "links", "actions"}
"""What is counted where it is as it should be, in place of naming each."""


@of_cards("C1", "A summary has fewer than 140 characters, counted in UTF-16 units", "no card")
def summary(card: Card, reply: Reply) -> Remarks:
    text = card.get("summary")
    if not isinstance(text, str) or not is_text(text):
        yield fails("has no summary")
    elif units(text) >= LIMIT:
        yield fails(f"has a summary of {units(text)} UTF-16 units")
    elif len(text.splitlines()) > 1:
        yield warns("has a summary of several lines")
    else:
        yield passes("cards")


@of_cards("C2", "The indicator is info, warning or critical", "no card")
def indicator(card: Card, reply: Reply) -> Remarks:
    value = card.get("indicator")
    yield passes("cards") if value in _INDICATORS else fails(f"has the indicator {quoted(value)}")


@of_cards("C3", "A source has a label, absolute addresses and a whole topic", "no card")
def source(card: Card, reply: Reply) -> Remarks:
    value = card.get("source")
    if not isinstance(value, dict):
        yield fails("has no source")
        return
    wrong = [] if is_text(value.get("label")) else ["has a source without label"]
    addresses = [name for name in ("url", "icon") if name in value]
    wrong += [f"source.{name} is not absolute" for name in addresses if not is_absolute(value[name])]
    if "topic" in value:
        wrong += [f"source.topic {what}" for what in _coding(value["topic"], ("code", "system"))]
    yield from (fails(what) for what in wrong)
    if not wrong:
        yield passes("cards")


@of_cards("C4", "Where there are suggestions, selectionBehavior says how many may be taken", "no card has suggestions")
def suggestions(card: Card, reply: Reply) -> Remarks:
    behavior = card.get("selectionBehavior")
    if "selectionBehavior" in card and behavior not in _BEHAVIORS:
        yield fails(f"has the selectionBehavior {quoted(behavior)}")
    if "suggestions" not in card:
        if "selectionBehavior" in card:
            yield warns("has a selectionBehavior and no suggestions")
        return
    offered = objects(card["suggestions"])
    if not offered or len(offered) != len(card["suggestions"]):
        yield fails("has suggestions that are no list of objects")
        return
    if "selectionBehavior" not in card:
        yield fails("has suggestions and no selectionBehavior")
    wrong = sum(not is_text(one.get("label")) for one in offered)
    if wrong:
        yield fails("has a suggestion without label")
    if any(not isinstance(one.get("isRecommended", False), bool) for one in offered):
        yield fails("has an isRecommended that is no boolean")
    if behavior == "at-most-one" and sum(one.get("isRecommended") is True for one in offered) > 1:
        yield fails("recommends more than one suggestion of at-most-one")
    yield from [passes("suggestions")] * (len(offered) - wrong)


@line("C5", "Cards and suggestions are told apart by their uuids")
def uuids(examination: Examination) -> Remarks:
    everywhere: Counter[str] = Counter()
    for reply in every_reply(examination):
        within: Counter[str] = Counter()
        for place, card in reply.cards:
            for what, thing in (("", card), *((" suggestion", one) for one in objects(card.get("suggestions")))):
                value = thing.get("uuid")
                if value is None:
                    yield warns(f"{place}{what} has no uuid: no feedback can name it")
                elif not isinstance(value, str) or not is_text(value):
                    yield fails(f"{place}{what} has a uuid that is no string")
                else:
                    within[value] += 1
        twice = [value for value, times in within.items() if times > 1]
        yield from (fails(f"{reply.place}: {quoted(value)} names two things in one answer") for value in twice)
        everywhere.update(dict.fromkeys(within, 1))
    shared = sum(times > 1 for times in everywhere.values())
    if shared:
        yield warns(f"{shared} uuids came again in another call: feedback cannot tell them apart")
    if everywhere:
        yield passes(f"different uuids: {len(everywhere)}")


@of_cards("C6", "Override reasons have code, system and display", "no card has overrideReasons")
def override_reasons(card: Card, reply: Reply) -> Remarks:
    if "overrideReasons" not in card:
        return
    reasons = card["overrideReasons"]
    if not isinstance(reasons, list) or not reasons:
        yield fails("has overrideReasons that are no list")
        return
    for number, reason in enumerate(reasons):
        wrong = list(_coding(reason, ("code", "system", "display")))
        yield from (fails(f"overrideReasons[{number}] {what}") for what in wrong)
        if not wrong:
            yield passes("override reasons")


@of_cards("C8", "Links have label, url and type, and appContext only for SMART apps", "no card has links")
def links(card: Card, reply: Reply) -> Remarks:
    if "links" not in card:
        return
    offered = objects(card["links"])
    if not offered or len(offered) != len(card["links"]):
        yield fails("has links that are no list of objects")
        return
    for number, link in enumerate(offered):
        wrong = list(_link(link))
        yield from (fails(f"links[{number}] {what}") for what in wrong)
        if not wrong:
            yield passes("links")


def _link(link: Card) -> Iterator[str]:
    if not is_text(link.get("label")):
        yield "has no label"
    if not is_absolute(link.get("url")):
        yield "has no absolute url"
    if link.get("type") not in _LINKS:
        yield f"has the type {quoted(link.get('type'))}"
    elif "appContext" in link and link["type"] != "smart":
        yield "has an appContext and is not smart"
    if not isinstance(link.get("autolaunchable", False), bool):
        yield "has an autolaunchable that is no boolean"


def _coding(value: object, names: tuple[str, ...]) -> Iterator[str]:
    if not isinstance(value, dict):
        yield "is no Coding"
    else:
        yield from (f"has no {name}" for name in names if not is_text(value.get(name)))
