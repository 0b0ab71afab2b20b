"""C9 and C10: an answer as a whole, and what becomes of words that someone wrote into the record."""

from __future__ import annotations

from cds.conformance.cards import every_reply
from cds.conformance.check import Remarks, fails, line, passes, skips, warns
from cds.conformance.examination import MOST_CARDS, Examination, Reply
from cds.conformance.hostile import MARK, html, parsed, taken_for_markup
from cds.conformance.shape import empties, quoted


@line("C9", "Detail is Markdown without HTML, and words from the record stay words")
def detail(examination: Examination) -> Remarks:
    repeated = plain = 0
    for reply in every_reply(examination):
        for place, card in reply.cards:
            text = card.get("detail")
            if text is None:
                continue
            if not isinstance(text, str):
                yield fails(f"{place} has a detail that is no string")
                continue
            tokens = parsed(text)
            became = taken_for_markup(tokens)
            yield from (fails(f"{place}: hostile words of the request became {what}") for what in became)
            own = [piece for piece in html(tokens) if MARK not in piece]
            if own:
                yield warns(f"{place} has HTML in its detail: {quoted(own[0])}")
            plain += not own and not became
            repeated += MARK in text and not became
    if repeated:
        yield passes(f"details that repeat hostile words as words: {repeated}")
    elif plain:
        yield skips(f"no HTML in {plain} details, but none repeated the hostile words that were sent")
    elif examination.services and any(reply.cards for reply in examination.replies):
        yield skips("no card has a detail")


@line("C10", "A good call is answered 200 with a list of cards, and nothing null or empty")
def answers(examination: Examination) -> Remarks:
    for reply in every_reply(examination):
        status = reply.answer.status
        if reply.answer.trouble:
            yield fails(f"{reply.place}: {reply.answer.trouble}")
        elif reply.answer.unheard:
            yield skips(f"{reply.place}: {status}")
        elif status == 200:
            yield from _whole(reply)
        elif 400 <= status < 500:
            yield skips(f"{reply.place}: {status}; give a --request that it accepts")
        else:
            yield fails(f'{reply.place}: {status}, where 200 with {{"cards": []}} says that there is no advice')


def _whole(reply: Reply) -> Remarks:
    content = reply.answer.content
    if not reply.answer.is_json:
        yield fails(f"{reply.place}: 200, and the body is no JSON")
        return
    if not isinstance(content, dict) or not isinstance(content.get("cards"), list):
        yield fails(f"{reply.place}: the body has no list of cards")
        return
    if len(content["cards"]) > MOST_CARDS:
        yield warns(f"{reply.place}: {len(content['cards'])} cards, of which the first {MOST_CARDS} are looked at")
    strangers = sum(not isinstance(card, dict) for card in content["cards"])
    if strangers:
        yield fails(f"{reply.place}: cards that are no objects: {strangers}")
    found = list(empties(content, frozenset({"cards"})))
    yield from (fails(f"{reply.place}: {place} is null or empty") for place in found)
    if not strangers and not found:
        yield passes("answers")
