"""The conditions of a rule as sentences, made from the typed rule itself, with its values filled in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from cds.facts.base import DAY
from cds.findings import Tier
from cds.knowledge.values import DatedValue
from cds.pages import vocabulary
from cds.pages.links import link
from cds.pages.scope import Scope, belongs_to, itself, plain
from cds.rulebook.language import Comparison, OneOf, Presence, Reference, Test, Value, Word
from cds.rulebook.topic import Attribute, Branch, Infer, Pattern, Rule
from cds.rulebook.vocabulary import Kinds
from cds.wording import spoken

_NUMBERS = {"=": "", "!=": "not ", "<": "less than ", "<=": "at most ", ">": "more than ", ">=": "at least "}
_DAYS = {"=": "", "!=": "not ", "<": "before ", "<=": "on or before ", ">": "after ", ">=": "on or after "}
_SHIFTED = {
    "=": "",
    "!=": "not ",
    "<": "earlier than ",
    "<=": "no later than ",
    ">": "later than ",
    ">=": "no earlier than ",
}


@dataclass(frozen=True, slots=True)
class Clauses:
    """One way to hold: what must be so, what must not be so, the tier that results and the line that is said."""

    when: tuple[Markup, ...]
    unless: tuple[Markup, ...]
    tier: Tier | None = None
    lower: bool = False
    says: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A rule in words: its body, its alternatives, what changes its tier, and the fact that it makes."""

    body: Clauses
    any: tuple[Clauses, ...]
    raises: tuple[Clauses, ...]
    infers: Markup | None


class Teller:
    """Tells the rules of one topic. `values` are those in force on the day, `stem` names the topic's page."""

    def __init__(self, stem: str, values: Mapping[str, DatedValue], kinds: Kinds, names: vocabulary.Names) -> None:
        self._stem, self._values, self._kinds, self._names = stem, values, kinds, names

    def tell(self, rule: Rule) -> Told:
        """A rule in words."""
        mentioned = frozenset(other.alias for p in rule.patterns() for _, other in p.references())
        body = _Sentences(self, Scope(rule.body.when), mentioned)
        return Told(
            body=body.clauses(rule.body),
            any=tuple(body.clauses(branch) for branch in rule.any),
            raises=tuple(body.clauses(branch) for branch in rule.raises),
            infers=self._made(rule) if rule.infer else None,
        )

    def value(self, name: str) -> Markup:
        """A value in force with its unit, as a link to its row."""
        return link(f"topics/{self._stem}.html#value-{name}", vocabulary.amount(self._values[name]))

    def filled(self, text: str) -> str:
        """A sentence of a rule with its values filled in; what the case fills in is left open."""
        text = re.sub(r"\{\{\s*values\.(\w+)\s*\}\}", lambda m: spoken(self._values[m[1]].value), text)
        return " ".join(re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "…", text).split())

    def word(self, kind: str, attribute: str, text: str) -> Markup:
        """A word of an attribute, as people say it."""
        return self._names.of(kind, attribute, text)

    def type_of(self, kind: str, attribute: str) -> str:
        """The type of an attribute."""
        known = self._kinds.get(kind, {}).get(attribute)
        return known.type if known else ""

    def _made(self, rule: Rule) -> Markup:
        infer = rule.infer
        assert infer is not None
        scope = Scope(p for branch in (rule.body, *rule.any) for p in branch.when)
        return _Sentences(self, scope, frozenset()).made(infer)


class _Sentences:
    """The sentences of one place in a rule. `mentioned` are the names that it refers to: only those are introduced."""

    def __init__(self, teller: Teller, scope: Scope, mentioned: frozenset[str]) -> None:
        self._teller, self._scope, self._mentioned = teller, scope, mentioned

    def clauses(self, branch: Branch) -> Clauses:
        inner = _Sentences(self._teller, self._scope.with_more(branch.when), self._mentioned)
        says = self._teller.filled(branch.says.text) if branch.says else ""
        return Clauses(
            when=tuple(inner._clause(p) for p in branch.when if p.kind != "call" or p.attributes),
            unless=tuple(inner._clause(pattern) for pattern in branch.unless),
            tier=branch.tier,
            lower=branch.lower,
            says="" if says.strip(".… ") == "" else says,
        )

    def made(self, infer: Infer) -> Markup:
        words = {m.name: m.right.text for m in infer.attributes if isinstance(m.right, Word)}
        noun, used = self._noun(infer.kind, {name: (text,) for name, text in words.items()})
        joins = [
            Markup("{} {}").format(_preposition(made.name), self._scope.that(made.right.alias))
            for made in infer.attributes
            if isinstance(made.right, Reference) and made.right.attribute == "ref"
        ]
        more = [self._said(infer.kind, name, text) for name, text in words.items() if name not in used]
        return Markup(", ").join([Markup(" ").join([noun, *joins]), *more])

    def _said(self, kind: str, name: str, text: str) -> Markup:
        if text in ("true", "false"):
            return Markup("which {}").format(vocabulary.flag(kind, name, text == "true"))
        return Markup("{}: {}").format(vocabulary.attribute(kind, name), self._teller.word(kind, name, text))

    def _clause(self, pattern: Pattern) -> Markup:
        root = self._scope.same(pattern)
        if root is not None:
            seen = {(a.name, a.tests) for a in root.attributes}
            told = [
                a
                for a in pattern.attributes
                if a.name != "ref" and (a.name, a.tests) not in seen and not itself(a, root.alias)
            ]
            parts = list(self._qualities(pattern, told, "its", "it", root.alias))
            return (
                Markup("{}: {}").format(self._scope.that(root.alias), _joined(parts))
                if parts
                else self._scope.that(root.alias)
            )
        words = {
            a.name: a.tests[0].words for a in pattern.attributes if len(a.tests) == 1 and isinstance(a.tests[0], OneOf)
        }
        noun, used = self._noun(pattern.kind, words)
        if pattern.alias in self._mentioned and self._scope.ambiguous(pattern):
            noun = Markup("{} (“{}”)").format(noun, plain(pattern.alias))
        joins = list(self._joins(pattern))
        told = [a for a in pattern.attributes if a.name not in used and not self._is_join(a)]
        qualities = list(self._qualities(pattern, told, "whose", "which", pattern.alias))
        text = Markup(" ").join([noun, *joins])
        return Markup("there is {}, {}").format(text, _joined(qualities)) if qualities else Markup("there is ") + text

    def _noun(self, kind: str, words: Mapping[str, tuple[str, ...]]) -> tuple[Markup, set[str]]:
        """The noun of a fact, and the attributes that went into it."""
        said = vocabulary.kind(kind)
        if said.of in words:
            return Markup.escape(said.called).replace("{}", self._words(kind, said.of, words[said.of])), {said.of}
        return Markup.escape(said.noun), set()

    def _is_join(self, attribute: Attribute) -> bool:
        return any(belongs_to(attribute.name, test) for test in attribute.tests)

    def _joins(self, pattern: Pattern) -> Iterator[Markup]:
        for attribute in pattern.attributes:
            for test in attribute.tests:
                other = belongs_to(attribute.name, test)
                if other is not None:
                    same = attribute.name == other.attribute == "ref"
                    joint = "that is the same as" if same else _preposition(attribute.name)
                    yield Markup("{} {}").format(joint, self._scope.that(other.alias))

    def _qualities(
        self, pattern: Pattern, told: Iterable[Attribute], whose: str, which: str, subject: str
    ) -> Iterator[Markup]:
        for attribute in told:
            for test in attribute.tests:
                said = self._flag(pattern.kind, attribute.name, test)
                if said:
                    yield Markup("{} {}").format(which, said)
                else:
                    label = vocabulary.attribute(pattern.kind, attribute.name)
                    yield Markup("{} {} {}").format(whose, label, self._predicate(pattern, attribute, test, subject))

    def _flag(self, kind: str, name: str, test: Test) -> str:
        words = test.words if isinstance(test, OneOf) else ()
        return vocabulary.flag(kind, name, words == ("true",)) if words in (("true",), ("false",)) else ""

    def _predicate(self, pattern: Pattern, attribute: Attribute, test: Test, subject: str) -> Markup:
        if isinstance(test, Presence):
            return Markup("is known" if test.present else "is not known")
        if isinstance(test, OneOf):
            return Markup("is {}").format(self._words(pattern.kind, attribute.name, test.words))
        if test == Comparison("!=", Word("unknown")):
            return Markup("is known")
        if isinstance(test.right, Word):
            number = test.right.text in ("0", "1")
            right = (
                Markup(test.right.text) if number else self._teller.word(pattern.kind, attribute.name, test.right.text)
            )
            return Markup("is {}{}").format(_NUMBERS[test.operator], right)
        if isinstance(test.right, Value):
            return Markup("is {}{}").format(_NUMBERS[test.operator], self._teller.value(test.right.name))
        return self._compared(pattern, attribute, test.operator, test.right, subject)

    def _compared(
        self, pattern: Pattern, attribute: Attribute, operator: str, right: Reference, subject: str
    ) -> Markup:
        other = self._scope.root(right.alias)
        kind = other.kind if other else pattern.kind
        label = vocabulary.attribute(kind, right.attribute)
        own = other is not None and other.alias == subject
        of = (
            Markup("its own {}").format(label)
            if own
            else Markup("the {} of {}").format(label, self._scope.that(right.alias))
        )
        if right.value:
            side = "before" if right.sign == "-" else "after"
            words = _SHIFTED[operator]
            return Markup("is {}{} {} {}").format(words, self._teller.value(right.value), side, of)
        if operator == "=" and attribute.name == right.attribute and not own:
            return Markup("is that of {}").format(self._scope.that(right.alias))
        operators = _DAYS if self._teller.type_of(pattern.kind, attribute.name) == DAY else _NUMBERS
        return Markup("is {}{}").format(operators[operator], of)

    def _words(self, kind: str, attribute: str, words: Iterable[str]) -> Markup:
        said = [self._teller.word(kind, attribute, text) for text in words]
        comma = Markup("; ") if any("," in one for one in said) else Markup(", ")
        return said[0] if len(said) == 1 else comma.join(said[:-1]) + Markup(" or ") + said[-1]


def _preposition(name: str) -> str:
    return {"order": "for", "ref": "behind"}.get(name, "of")


def _joined(parts: list[Markup]) -> Markup:
    return parts[0] if len(parts) == 1 else Markup(", ").join(parts[:-1]) + Markup(", and ") + parts[-1]
