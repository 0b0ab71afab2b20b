"""What a card can offer to do: one file per kind of suggestion, named as topic files name it under `suggest`.

A kind makes suggestions out of a finding and what the call brought. It changes the client's own resources only where
the advice does, never an order that was not selected, and makes none where it cannot tell what would be right: the
card says the rest.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from typing import Any
from uuid import UUID, uuid5

from cds.advice.layout import shorten
from cds.advice.suggested import Kind, Material, Suggestion
from cds.errors import hint
from cds.findings import AdviceRule, Finding, Suggest
from cds.knowledge import Knowledge

__all__ = ["KINDS", "offered", "wrong"]

KINDS: Mapping[str, Kind] = {
    module.name: import_module(f"{__name__}.{module.name}").KIND for module in pkgutil.iter_modules(__path__)
}
"""Every kind of suggestion by its name in topic files."""

LONGEST_LABEL = 80
"""The most characters of a label: it is the text of a button."""


def wrong(suggest: Suggest, rule: AdviceRule, knowledge: Knowledge) -> str:
    """What is wrong with an entry of a rule's `suggest`; "" where nothing is."""
    kind = KINDS.get(suggest.name)
    if kind is None:
        return f'there is no suggestion "{suggest.name}"{hint(suggest.name, KINDS)}'
    for name in suggest.unless:
        if name not in rule.names:
            return f'the suggestion "{suggest.name}": no name "{name}" is bound{hint(name, rule.names)}'
    known = kind.arguments(knowledge) if kind.arguments else frozenset()
    if not known:
        return f'the suggestion "{suggest.name}" takes no argument' if suggest.argument else ""
    if suggest.argument in known:
        return ""
    return f'the suggestion "{suggest.name}" cannot be of "{suggest.argument}"{hint(suggest.argument, known)}'


def offered(finding: Finding, material: Material, card: str) -> dict[str, Any]:
    """The members `suggestions` and `selectionBehavior` of the card with the uuid `card`; none if nothing is offered.

    Those that only add something stand beside each other (`any`); where one changes an order, one of all is taken, and
    only the first of those that are recommended is said to be.
    """
    made: list[tuple[Suggest, Suggestion]] = []
    for suggest in finding.rule.card.suggest:
        if not any(finding.each.get(name) for name in suggest.unless):
            made += [(suggest, one) for one in KINDS[suggest.name].make(finding, material, suggest.argument)]
    if not made:
        return {}
    beside = all(KINDS[suggest.name].beside for suggest, _ in made)
    return {
        "suggestions": list(_written(made, UUID(card), beside)),
        "selectionBehavior": "any" if beside else "at-most-one",
    }


def _written(made: Sequence[tuple[Suggest, Suggestion]], card: UUID, beside: bool) -> Iterable[dict[str, Any]]:
    recommended = [number for number, (_, one) in enumerate(made) if one.recommended]
    for number, (suggest, one) in enumerate(made):
        written: dict[str, Any] = {
            "label": shorten(one.label, LONGEST_LABEL),
            "uuid": str(uuid5(card, "\n".join((suggest.name, suggest.argument, str(number))))),
            "actions": [action.written() for action in one.actions],
        }
        shown = number in (recommended if beside else recommended[:1])
        yield written | ({"isRecommended": True} if shown else {})
