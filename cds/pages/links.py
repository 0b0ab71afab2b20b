"""Addresses of the pages. Every page but the first lies one folder deep, so that one relative link serves all."""

from __future__ import annotations

import re

from markupsafe import Markup

UP = "../"


def anchor(text: str) -> str:
    """A text as the id of an element."""
    return re.sub(r"[^\w.-]+", "-", text)


def link(page: str, text: str, css: str = "") -> Markup:
    """A link to a page (with its anchor) from any page but the first."""
    return Markup('<a href="{}{}"{}>{}</a>').format(UP, page, Markup(' class="{}"').format(css) if css else "", text)


def rule_link(id: str) -> Markup:
    """A link to the page of a rule."""
    return link(f"rules/{id}.html", id, "rule")


def source_link(key: str, claim: bool = False) -> Markup:
    """A link to what a source key stands for, or to a statement of an article."""
    return link(f"tables/{'claims' if claim else 'sources'}.html#{anchor(key)}", key, "source")
