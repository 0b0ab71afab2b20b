"""The words of the rule book: Jinja2 in a sandbox, where what comes from a patient can never become markup.

Two kinds of text: `plain` (summaries, the sentence of an inferred fact) and `markdown` (a card's detail), in which
every `{{ … }}` is escaped for Markdown and HTML while the author's own Markdown stays. A name that is not there is an
error, never an empty place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, Undefined, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from cds.errors import CdsError

Filters = Mapping[str, Callable[..., Any]]


class WordingError(CdsError):
    """A text is no template, or could not be written with the names it was given."""


_MARKUP = str.maketrans({**{c: f"\\{c}" for c in "\\`*_[]|~"}, "<": "&lt;", ">": "&gt;", "&": "&amp;"})
_BLOCK_START = re.compile(r"^(?:([#+=-])|(\d+)([.)])(?=\s|$))")
_AUTOLINK = re.compile(r"(?i)\b(?=(?:https?|ftp):|mailto:|www\.)(\w+)([:.])")


def spoken(value: object) -> str:
    """A value as people read it: numbers without a needless ".0" or exponent, yes or no, ISO dates, one line."""
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float | Decimal):
        return f"{Decimal(str(value)).normalize():f}"
    return _one_line(str(value))


def _one_line(text: str) -> str:
    """White space as single spaces, and nothing that a reader does not see: control and direction characters."""
    if not text.isprintable():
        text = "".join(each if each.isprintable() else " " if each.isspace() or each < " " else "" for each in text)
    return " ".join(text.split())


def escape(value: object) -> str:
    """A value for a place in Markdown: no emphasis, link, heading, list, code, table or HTML can come out of it."""
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return spoken(value)
    text = spoken(value).translate(_MARKUP)
    text = _BLOCK_START.sub(lambda m: f"\\{m[1]}" if m[1] else f"{m[2]}\\{m[3]}", text)
    return _AUTOLINK.sub(lambda m: f"{m[1]}&#58;" if m[2] == ":" else f"{m[1]}\\.", text)


def _finalize(write: Callable[[object], str]) -> Callable[[object], object]:
    return lambda value: value if isinstance(value, Undefined) else write(value)


def _environment(write: Callable[[object], str], filters: Filters) -> ImmutableSandboxedEnvironment:
    if not filters:
        return _plain_environment(write)
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, finalize=_finalize(write), autoescape=False)
    environment.filters.update(filters)
    return environment


@cache
def _plain_environment(write: Callable[[object], str]) -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(undefined=StrictUndefined, finalize=_finalize(write), autoescape=False)


class Text:
    """One text, ready to be written. `names` are the names it needs, `paths` the dotted names in it as tuples."""

    def __init__(self, source: str, write: Callable[[object], str], filters: Filters) -> None:
        environment = _environment(write, filters)
        try:
            tree = environment.parse(source)
            self._simple = _simple(tree)
            self._template: Template | None = None if self._simple else environment.from_string(source)
        except TemplateSyntaxError as error:
            raise WordingError(f"the text is not a Jinja2 template: {error.message}", f"line {error.lineno}") from None
        except TemplateError as error:
            raise WordingError(f"the text cannot be used: {error.message}") from None
        self._write = write
        self.names: frozenset[str] = frozenset(meta.find_undeclared_variables(tree))
        self.paths: frozenset[tuple[str, ...]] = frozenset(p for p in _paths(tree) if p[0] in self.names)

    def render(self, names: Mapping[str, Any]) -> str:
        """The text with these names. Raises WordingError, without any value, where a name or a filter fails."""
        try:
            if self._template is not None:
                return self._template.render(names)
            return "".join(p if isinstance(p, str) else self._write(getattr(names[p[0]], p[1])) for p in self._simple)
        except (TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            raise WordingError(f"it could not be written ({type(error).__name__})") from None


def plain(source: str, filters: Filters | None = None) -> Text:
    """A text of one line or more in which values stand as they are. Raises WordingError where it is no template."""
    return Text(source, spoken, filters) if filters else _sentence(source)


@cache
def _sentence(source: str) -> Text:
    return Text(source, spoken, {})


def markdown(source: str, filters: Filters | None = None) -> Text:
    """A Markdown text in which every value is escaped. Raises WordingError where it is no template."""
    return Text(source, escape, filters or {})


@cache
def mentioned(source: str) -> frozenset[tuple[str, ...]]:
    """The dotted names of a text, without compiling it: its filters need not be known. Raises WordingError."""
    environment = _environment(spoken, {})
    try:
        tree = environment.parse(source)
    except TemplateSyntaxError as error:
        raise WordingError(f"the text is not a Jinja2 template: {error.message}", f"line {error.lineno}") from None
    environment = _environment(spoken, {node.name: str for node in tree.find_all(nodes.Filter)})
    names = meta.find_undeclared_variables(environment.parse(source))
    return frozenset(path for path in _paths(tree) if path[0] in names)


def _simple(tree: nodes.Template) -> list[str | tuple[str, str]]:
    """The pieces of a text that only strings attributes of names together, which needs no template; else none."""
    pieces: list[str | tuple[str, str]] = []
    for node in tree.body:
        for part in node.nodes if isinstance(node, nodes.Output) else [node]:
            if isinstance(part, nodes.TemplateData):
                pieces.append(part.data)
            elif isinstance(part, nodes.Getattr) and isinstance(part.node, nodes.Name) and part.attr[0] != "_":
                pieces.append((part.node.name, part.attr))
            else:
                return []
    return pieces


def _paths(tree: nodes.Template) -> set[tuple[str, ...]]:
    found: set[tuple[str, ...]] = {(name.name,) for name in tree.find_all(nodes.Name)}
    for node in tree.find_all((nodes.Getattr, nodes.Getitem)):
        steps: list[str] = []
        current: nodes.Node = node
        while isinstance(current, nodes.Getattr | nodes.Getitem):
            if isinstance(current, nodes.Getattr):
                steps.append(current.attr)
            elif isinstance(current.arg, nodes.Const) and isinstance(current.arg.value, str):
                steps.append(current.arg.value)
            else:
                steps.clear()
            current = current.node
        if isinstance(current, nodes.Name) and steps:
            found.add((current.name, *reversed(steps)))
    return found
