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

__all__ = ["KINDS", "Offers", "wrong"]

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


class Offers:
    """What the cards of one answer offer, each asked in the order of the answer.

    At most one card changes an order: each sends the whole of it, and the second would undo the first; and none does
    beside a critical card about it, but that one. What one card adds is not offered by another again. A suggestion is a
    convenience: where one cannot be made for a fault of ours, its card carries none and the fault is in `faults`.
    """

    def __init__(self, material: Material, shown: Iterable[Finding]) -> None:
        self.faults: list[Exception] = []
        self._material = material
        self._changed: set[str] = set()
        self._added: set[tuple[str, str]] = set()
        self._critical = {finding.about.ref for finding in shown if finding.tier == "critical"}

    def of(self, finding: Finding, card: str) -> dict[str, Any]:
        """The members `suggestions` and `selectionBehavior` of the card with the uuid `card`; none if it offers none.

        Those that only add something stand beside each other (`any`); where one changes an order, one of all is taken,
        those that change it come first, and only the first of these that are recommended is said to be.
        """
        try:
            made = self._made(finding)
            beside = all(KINDS[suggest.name].beside for suggest, _ in made)
            written = list(_written(made, UUID(card), beside))
        except Exception as fault:
            self.faults.append(fault)
            return {}
        if not beside:
            self._changed.add(finding.about.ref)
        return {"suggestions": written, "selectionBehavior": "any" if beside else "at-most-one"} if written else {}

    def _made(self, finding: Finding) -> list[tuple[Suggest, Suggestion]]:
        """The suggestions of a card, those that change its order first."""
        found: list[tuple[Suggest, Suggestion]] = []
        for suggest in sorted(finding.rule.card.suggest, key=lambda one: KINDS[one.name].beside):
            needless = any(finding.each.get(name) for name in suggest.unless)
            if not needless and self._free(suggest, finding):
                found += [(suggest, one) for one in KINDS[suggest.name].make(finding, self._material, suggest.argument)]
        self._added |= {(suggest.name, suggest.argument) for suggest, _ in found}
        return found

    def _free(self, suggest: Suggest, finding: Finding) -> bool:
        """Whether no other card of the answer stands against it."""
        if KINDS[suggest.name].beside:
            return (suggest.name, suggest.argument) not in self._added
        ref = finding.about.ref
        return ref not in self._changed and (finding.tier == "critical" or ref not in self._critical)


def _written(made: Sequence[tuple[Suggest, Suggestion]], card: UUID, beside: bool) -> Iterable[dict[str, Any]]:
    recommended = [
        n for n, (suggest, one) in enumerate(made) if one.recommended and KINDS[suggest.name].beside == beside
    ]
    for number, (suggest, one) in enumerate(made):
        written: dict[str, Any] = {
            "label": shorten(one.label, LONGEST_LABEL),
            "uuid": str(uuid5(card, "\n".join((suggest.name, suggest.argument, str(number))))),
            "actions": [action.written() for action in one.actions],
        }
        shown = number in (recommended if beside else recommended[:1])
        yield written | ({"isRecommended": True} if shown else {})
