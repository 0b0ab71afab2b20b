"""Whether words may stand beside another dose: every number in them is understood, and none of them is of a course.

Times, days and dates stay as they are. Vials, numbers in letters and bare numbers may be the old dose in other terms.
"""

from __future__ import annotations

import re
from itertools import chain

from cds.advice.changes.words import MENTION
from cds.errors import Unreadable

_NUMBER = r"\d{1,4}(?:\.\d{1,2})?"
_LETTERS = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|twenty|thirty|"
    "fou?rty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|dozen|half|double"
)
_TIME = r"(?:h|hrs?|hours?|mins?|minutes?|d|days?|w|wks?|weeks?|mo|months?|times)\b"
_RANGE = rf"{_NUMBER}(?:\s?(?:-|–|to)\s?{_NUMBER})?"
_CONTAINER = r"(?:vials?|bottles?|bags?|ampo?ules?|ampuls?|amps?|pack(?:s|ages?|ets?)?|cartons?|kits?|units?|gr)\b"
_CONTAINERS = re.compile(
    rf"(?:\d|\b(?:one|{_LETTERS}))\W{{1,4}}(?:\w{{1,20}}\W{{1,4}}){{0,3}}?{_CONTAINER}", re.IGNORECASE
)
_IN_LETTERS = re.compile(
    rf"\bone\W{{1,4}}grams?\b|\b(?:{_LETTERS})\b(?!\W{{1,4}}(?:consecutive\s)?{_TIME})", re.IGNORECASE
)
_DAYS = rf"(?:{_RANGE}|one|{_LETTERS})[\s-]{{0,3}}(?:consecutive\s)?(?:d|days?)\b"
_OF_A_COURSE = re.compile(
    r"\b(?:total(?:s|l?ing)?|courses?|divid(?:ed?|ing)|split|spread|in all|altogether|cumulative|entire|whole)\b"
    rf"|\b(?:over|in|within|across|during|through|throughout)\s{{1,3}}(?:the\s|next\s){{0,2}}{_DAYS}",
    re.IGNORECASE,
)
_FOR_DAYS = re.compile(rf"\bfor\s{{1,3}}(?:the\s|next\s){{0,2}}{_DAYS}", re.IGNORECASE)
_EACH_DAY = re.compile(r"\b(?:daily|(?:each|every|per|a) day|qd|od|q\s?24\s?h)\b|/\s?(?:d|day)\b", re.IGNORECASE)
_TIMES = re.compile(
    r"\b\d{4}-\d{2}-\d{2}(?:T[\d:.]{2,15}(?:Z|[+-]\d{2}:\d{2})?)?(?!\w)"
    r"|\b\d{1,2}/\d{1,2}/(?:\d{4}|\d{2})\b"
    r"|\b\d{1,2}:\d{2}(?::\d{2})?\b"
    r"|\b\d{1,2}\s?[ap]\.?m\b"
    rf"|\bdays?\s{_RANGE}\b"
    rf"|(?:\b|\b[qx]){_RANGE}[\s-]{{0,3}}(?:consecutive\s)?{_TIME}",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")


def check_understood(text: str) -> None:
    """Raises Unreadable for words in which anything but a plain amount, a time or a date may tell the dose."""
    if _OF_A_COURSE.search(text) or (_FOR_DAYS.search(text) and not _EACH_DAY.search(text)):
        raise Unreadable("its words may tell what a course comes to")
    amounts = [(found.start(1), found.end()) for found in MENTION.finditer(text)]
    if _CONTAINERS.search(text) or _IN_LETTERS.search(text):
        raise Unreadable("its words name vials or a number in letters")
    times = [found.span() for found in _TIMES.finditer(text)]
    known = bytearray(len(text))
    for start, end in chain(amounts, times):
        known[start:end] = b"\1" * (end - start)
    if any(not known[found.start()] for found in _DIGIT.finditer(text)):
        raise Unreadable("its words have a number that is not understood")
