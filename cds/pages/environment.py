"""The templates of the pages: Jinja2 files beside this module, every value escaped; and the one style sheet."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from cds.pages import links
from cds.pages.cases import markdown, rule_of
from cds.pages.vocabulary import amount, label

_FOLDER = Path(__file__).with_name("templates")

STYLE = (_FOLDER / "style.css").read_text("utf-8")
"""The style sheet of all pages."""


@cache
def template(name: str) -> Template:
    """A template by its file name."""
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update(markdown=markdown, label=label, amount=amount)
    environment.globals.update(rule_link=links.rule_link, source_link=links.source_link, rule_of=rule_of)
    return environment.get_template(name)
