"""How the detail of a card is laid out, and how a summary keeps to its length."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from cds.findings import Finding
from cds.wording import escape

LONGEST = 139
"""The most characters of a summary: CDS Hooks asks for fewer than 140."""

_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\s]+")
_TAIL = re.compile(r"(?:\s+\S*\d\S*|[\s,;:(/–-])+$")
_LINKS = re.compile(r"(?i)\b(?:https?|ftp|mailto|xmpp)(?=&#58;|:)|\bwww(?=\\?\.)|@")
_JOINER = "\u2060"
_ITEM = "- "

WANTING = ". Not checked: "
"""What stands between something that is missing and the checks that were wanting it."""

_RECORDS = {
    "AllergyIntolerance": "allergies",
    "Condition": "conditions",
    "Immunization": "immunizations",
    "MedicationAdministration": "administrations",
    "MedicationDispense": "dispenses",
    "MedicationStatement": "medication statements",
    "Observation": "observations",
}
"""Where evidence is from, as people call that part of the record. Orders and the patient speak for themselves."""


def one_line(text: str) -> str:
    """The text on one line: line breaks and characters that no one sees become one space."""
    return _UNSEEN.sub(" ", text).strip()


def sentence(text: str) -> str:
    """The text with a capital, unless its first word is written with one inside: "eGFR" stays as it is."""
    first = text.partition(" ")[0]
    return text if any(letter.isupper() for letter in first[1:]) else text[:1].upper() + text[1:]


def length(text: str) -> int:
    """The length as the strictest clients count it, in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def shorten(text: str, longest: int = LONGEST) -> str:
    """The text, or as many of its words as fit before an ellipsis.

    It never ends in a number whose unit, or whose other digits, were cut off: that number goes as well.
    """
    if length(text) <= longest:
        return text
    kept = text
    while length(kept) > longest - 1:
        kept = kept[:-1]
    if not text[len(kept)].isspace():
        kept = kept.rpartition(" ")[0] or kept.rstrip("0123456789.,")
    whole = _TAIL.sub("", kept).rstrip()
    return f"{whole if len(whole) > len(kept) // 2 else kept}…"


def detail(finding: Finding, why: str, sources: Sequence[str]) -> str:
    """The detail in Markdown: evidence, why and what to do, what was not checked, source.

    `why` is Markdown already. What it says itself is not said a second time as evidence.
    """
    evidence = [(item.says, item.resource) for item in finding.evidence] + [(line, "") for line in finding.lines]
    missing = _items([(line, "") for line in finding.not_checked])
    parts = [
        _items(evidence, _told(why)),
        _spaced(why),
        f"**Not checked:**\n\n{missing}" if missing else "",
        f"Source: {'; '.join(escape(source) for source in sources)}",
    ]
    return unlinked("\n\n".join(part for part in parts if part))


def unlinked(markdown: str) -> str:
    """The Markdown with an invisible character in every bare address, which GitHub's Markdown makes a link of.

    Escapes do not help there: some renderers look for addresses in the text that comes out.
    """
    return _LINKS.sub(lambda found: found[0] + _JOINER, markdown)


def _told(why: str) -> set[str]:
    """The lines of the topic's own words, what stands in them after an introduction ("Range: …"), and what before
    the checks that were wanting it."""
    lines = {_bare(line.strip().removeprefix(_ITEM)) for line in why.split("\n")}
    return lines | {_bare(line.partition(": ")[2]) for line in lines} | {line.partition(WANTING)[0] for line in lines}


def _items(said: Iterable[tuple[str, str]], told: Iterable[str] = ()) -> str:
    """A list of sentences, each once, with the part of the record it is from; without those told elsewhere."""
    items = dict.fromkeys(told, "")
    for says, resource in said:
        line, record = escape(one_line(says)), _RECORDS.get(resource.partition("/")[0])
        items.setdefault(_bare(line), f"{_ITEM}{line} – {record}" if record else f"{_ITEM}{line}")
    return "\n".join(item for line, item in items.items() if line and item)


def _bare(line: str) -> str:
    """The line as it is compared with others: a full stop and a capital make no difference."""
    return line[:1].lower() + line[1:].rstrip(".")


def _spaced(markdown: str) -> str:
    """The Markdown with no item of a list twice, and a blank line between a list and what is beside it."""
    spaced: list[str] = []
    for line in map(str.strip, markdown.strip().split("\n")):
        item = line.startswith(_ITEM)
        if item and line in spaced:
            continue
        if line and spaced and spaced[-1] and spaced[-1].startswith(_ITEM) != item:
            spaced.append("")
        spaced.append(line)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(spaced))
