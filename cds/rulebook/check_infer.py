"""Whether the fact that a rule makes can be made: its kind, its attributes, and what they copy."""

from __future__ import annotations

from cds.errors import hint
from cds.facts import KINDS
from cds.rulebook.check_patterns import Known, Report, check_words
from cds.rulebook.check_texts import always_bound
from cds.rulebook.language import NAME, Word
from cds.rulebook.layers import UNCHECKED
from cds.rulebook.topic import Infer, Made, Rule
from cds.rulebook.vocabulary import HIDDEN, RESERVED, comparable, made_type


def check_infer(rule: Rule, known: Known, report: Report) -> None:
    """Report everything wrong with `infer` of a rule."""
    infer = rule.infer
    if infer is None:
        return
    if infer.kind in KINDS and infer.kind != UNCHECKED:
        report(infer.line, f"{infer.kind} facts come from the record: a rule cannot infer one")
        return
    if not NAME.fullmatch(infer.kind):
        report(infer.line, f'"{infer.kind}" is no name of a kind: lower-case letters, digits and _')
    for made in infer.attributes:
        _attribute(rule, infer, made, known, report)
    if infer.kind == UNCHECKED:
        for name in {"rule", "source"} - {made.name for made in infer.attributes}:
            report(infer.line, f'"infer" of {rule.id} needs "{name}": what was not checked, and for want of what')
        if infer.says is None:
            report(infer.line, f'"infer" of {rule.id} needs "says": the sentence that people read')


def _attribute(rule: Rule, infer: Infer, made: Made, known: Known, report: Report) -> None:
    if made.name in RESERVED or not NAME.fullmatch(made.name):
        report(made.line, f'"{made.name}" cannot be the name of an attribute')
        return
    agreed = known.kinds[infer.kind].get(made.name)
    if infer.kind in KINDS and agreed is None:
        report(made.line, f'{infer.kind} has no attribute "{made.name}"{hint(made.name, known.kinds[infer.kind])}')
        return
    if isinstance(made.right, Word):
        if infer.kind in KINDS and agreed is not None:
            words = (made.right.text,)
            check_words(infer.kind, made.name, agreed, words, known, lambda what: report(made.line, what))
        return
    names = always_bound(rule)
    if made.right.alias not in names:
        report(
            made.line,
            f'"{made.right.alias}" is not bound in every way the rule can hold{hint(made.right.alias, names)}',
        )
        return
    found = made_type(known.kinds, rule, made)
    kind = names[made.right.alias]
    if found is None and kind in known.kinds and known.whole(kind):
        report(
            made.line,
            f'{kind} has no attribute "{made.right.attribute}"{hint(made.right.attribute, known.kinds[kind])}',
        )
    elif found is not None and found.type == HIDDEN:
        report(made.line, f"{made.right.attribute} of {kind} is for texts only")
    elif found is not None and agreed is not None and not comparable(found, agreed):
        report(
            made.line,
            f"{made.name} of {infer.kind} is a {agreed.type}, {made.right.attribute} of {kind} a {found.type}",
        )
