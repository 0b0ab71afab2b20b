"""The names that are bound where a sentence of a rule is told, and what each of them is called there."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from cds.pages import vocabulary
from cds.rulebook.language import Comparison, Reference, Test
from cds.rulebook.topic import Attribute, Pattern


class Scope:
    """Patterns whose names are known. One whose `ref` is that of another of its kind only says more about it."""

    def __init__(self, bound: Iterable[Pattern]) -> None:
        self._patterns = {pattern.alias: pattern for pattern in bound}

    def with_more(self, bound: Iterable[Pattern]) -> Scope:
        """This scope and the names of a branch."""
        return Scope([*self._patterns.values(), *bound])

    def same(self, pattern: Pattern) -> Pattern | None:
        """The earlier pattern that this one only says more about."""
        for attribute in pattern.attributes:
            for test in attribute.tests:
                named = equal_to(test) if attribute.name == "ref" else None
                other = self._patterns.get(named.alias) if named and named.attribute == "ref" else None
                if other is not None and other.kind == pattern.kind:
                    return self.same(other) or other
        return None

    def root(self, alias: str) -> Pattern | None:
        """The pattern that a name stands for in the end."""
        pattern = self._patterns.get(alias)
        return None if pattern is None else self.same(pattern) or pattern

    def ambiguous(self, pattern: Pattern) -> bool:
        """Whether others are called as it is, so that its name must tell which is meant."""
        short = vocabulary.kind(pattern.kind).short
        roots = {(self.same(p) or p).alias for p in self._patterns.values() if vocabulary.kind(p.kind).short == short}
        return len(roots | {pattern.alias}) > 1 and pattern.alias in self._patterns

    def that(self, alias: str) -> Markup:
        """A name as it is met again: "that order"."""
        root = self.root(alias)
        if root is None:
            return Markup.escape(alias)
        short = vocabulary.kind(root.kind).short
        if root.kind in ("call", "patient"):
            return Markup("the {}").format(short)
        return Markup("the {} “{}”" if self.ambiguous(root) else "that {}").format(short, plain(root.alias))


def plain(alias: str) -> str:
    """A name of a rule as people read it."""
    return alias.replace("_", " ")


def equal_to(test: Test) -> Reference | None:
    """The attribute of another name that a test asks to be equal to."""
    if isinstance(test, Comparison) and test.operator == "=" and isinstance(test.right, Reference):
        return None if test.right.value else test.right
    return None


def belongs_to(name: str, test: Test) -> Reference | None:
    """The name that a fact belongs to, where a test says no more than that."""
    other = equal_to(test)
    if other is None or not (other.attribute == "ref" or name == "ref" or name == "order" == other.attribute):
        return None
    return other


def itself(attribute: Attribute, alias: str) -> bool:
    """Whether an attribute is only compared with itself."""
    return all(test == Comparison("=", Reference(alias, attribute.name)) for test in attribute.tests)
