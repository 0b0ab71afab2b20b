"""What a site adds: its own codes, formulary and override reasons, and the rules it switches off and on. Plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from cds.knowledge.codes import Code, Cvx
from cds.knowledge.yaml_marks import Text

Section = Literal["measurements", "conditions", "reasons", "allergens", "drugs", "products", "vaccines"]
SECTIONS: tuple[Section, ...] = get_args(Section)
ALL = "all"
"""The group of override reasons that stands for the cards of every rule."""


@dataclass(frozen=True, slots=True)
class SiteCode:
    """One code of the site: what it stands for in the tables (`ids`; of a vaccine its antigens, or `cvx`).

    `systemic` is whether a drug's form reaches the circulation.
    """

    section: Section
    code: Code
    ids: tuple[Text, ...]
    line: int
    display: str = ""
    systemic: Literal["yes", "no", "unknown"] = "unknown"
    cvx: Cvx | None = None


@dataclass(frozen=True, slots=True)
class GroupReasons:
    """The site's reasons to set the cards of one group of rules aside, as Codings; `replace` leaves out all others."""

    codings: tuple[Mapping[str, str], ...]
    replace: bool
    line: int


@dataclass(frozen=True, slots=True)
class Site:
    """What a site file says; `file` is "" and everything empty where a site has none.

    `reasons` are override reasons by group of rules (the first part of their ids), `all` among them.
    """

    file: str = ""
    name: str = ""
    codes: tuple[SiteCode, ...] = ()
    formulary: tuple[Text, ...] = ()
    reasons: Mapping[str, GroupReasons] = field(default_factory=dict)
    rules_off: tuple[Text, ...] = ()
    rules_on: tuple[Text, ...] = ()
    digest: str = ""

    @property
    def own(self) -> frozenset[Code]:
        """Every code of the site."""
        return frozenset(one.code for one in self.codes)
