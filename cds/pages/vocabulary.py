"""What people call the facts that rules speak of and their attributes: words.yaml and the names of the tables."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

from cds.case import TITLES
from cds.facts import KINDS, attributes
from cds.knowledge import Knowledge
from cds.knowledge.values import DatedValue
from cds.pages.links import anchor, link, rule_link
from cds.situations import read_yaml
from cds.wording import spoken


@dataclass(frozen=True, slots=True)
class Kind:
    """The words for one kind of fact, as words.yaml explains them."""

    noun: str
    short: str
    of: str = ""
    called: str = ""
    attributes: dict[str, Any] = field(default_factory=dict)


@cache
def _words() -> dict[str, Any]:
    words: dict[str, Any] = read_yaml(Path(__file__).with_name("words.yaml"))
    return words


def known_kinds() -> frozenset[str]:
    """The kinds of facts that words.yaml has words for."""
    return frozenset(_words()["kinds"])


def kind(name: str) -> Kind:
    """The words for a kind; its own name where there are none."""
    said = _words()["kinds"].get(name)
    if said is None:
        plain = name.replace("_", " ")
        return Kind(f"{'an' if plain[0] in 'aeiou' else 'a'} {plain}", plain)
    return Kind(**said)


def attribute(kind_name: str, name: str) -> str:
    """What an attribute of a kind is called."""
    said = kind(kind_name).attributes.get(name, name.replace("_", " "))
    said = said["name"] if isinstance(said, dict) else said
    return said if isinstance(said, str) else name.replace("_", " ")


def flag(kind_name: str, name: str, value: bool) -> str:
    """What is said of a yes-or-no attribute that is so, or is not."""
    said = kind(kind_name).attributes.get(name)
    if isinstance(said, list):
        return str(said[0 if value else 1])
    return f"has “{name.replace('_', ' ')}”: {'yes' if value else 'no'}"


def word(kind_name: str, name: str, text: str) -> str:
    """A word of an attribute's closed list as people say it."""
    said = kind(kind_name).attributes.get(name)
    own = said["words"] if isinstance(said, dict) else {}
    found: str = own.get(text) or _words()["words"].get(text, text.replace("_", " "))
    return found


def label(key: str) -> str:
    """What a key of a table is called, at the beginning of a line."""
    found = called(key)
    return found if found[1:2].isupper() else found[:1].upper() + found[1:]


def called(key: str) -> str:
    """What a key of a table is called."""
    found: str | None = _words()["labels"].get(key)
    if found is None:
        found = " ".join(_words()["spelled"].get(part, part) for part in key.split("_"))
    return found


def amount(value: DatedValue) -> str:
    """A value with its unit, as people read it; the unit "1" is none."""
    text = spoken(value.value)
    if value.unit in ("1", ""):
        return text
    return f"{text} {value.unit[:-1] if text == '1' and value.unit.endswith('s') else value.unit}"


class Names:
    """The names that the tables give to the words of closed lists, each a link to its entry."""

    def __init__(self, knowledge: Knowledge, homes: Mapping[str, str], rules: Collection[str]) -> None:
        """`homes` has the page of each concept, `rules` every rule's id."""
        self._knowledge, self._homes, self._rules = knowledge, homes, rules

    def of(self, kind_name: str, attribute_name: str, text: str) -> Markup:
        """A word of an attribute: the name of the entry it stands for, else the word itself."""
        if text in TITLES and attribute_name in ("source", "name"):
            return Markup.escape(TITLES[text])
        if text in self._rules:
            return rule_link(text)
        built_in = kind_name in KINDS
        of = attributes(KINDS[kind_name]).get(attribute_name, {}).get("of") if built_in else None
        tables = (of,) if of else () if built_in else ("concept", "indication")
        named = next((found for table in tables if (found := self.entry(table, text))), None)
        return named or Markup.escape(word(kind_name, attribute_name, text))

    def entry(self, table: str, id: str) -> Markup | None:
        """The name of an entry of a table, as a link; None where the table has no such entry."""
        known = self._knowledge
        if table in ("concept", "allergen") and id in known.concepts.ids:
            return link(f"{self._homes[id]}#{anchor(id)}", known.concepts.name(id))
        if table == "indication" and id in known.indications.ids:
            return link(f"tables/indications.html#{anchor(id)}", known.indications.name(id))
        if table == "measurement" and id in known.measurements.ids:
            return link(f"tables/measurements.html#{anchor(id)}", known.measurements.name(id))
        if table == "product" and id in known.products.ids:
            return link(f"products/{id}.html", known.products.page(id).name)
        return None
