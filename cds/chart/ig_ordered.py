"""One immune globulin order at hand, as far as it could be read: what the other files of this room work on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from cds.chart.amounts import Amounts
from cds.chart.dosage import Regimen
from cds.chart.identify import Drug
from cds.chart.maxima import Maximum
from cds.chart.rate import Rate
from cds.chart.reasons import Reasons

RUNNING = frozenset({"draft", "active"})
"""The statuses of orders whose doses count beside those of another."""
VEINLESS = frozenset({"subcutaneous", "intramuscular", "oral"})
"""The routes whose doses are on another scale."""


@dataclass(frozen=True, slots=True)
class IgOrdered:
    """One immune globulin order at hand, as far as it could be read.

    `replaces` is the order it takes the place of, `due` its planned days that are still to come.
    """

    ref: str
    selected: bool
    status: str
    drug: Drug
    reasons: Reasons
    regimen: Regimen
    amounts: Amounts
    rate: Rate
    maxima: tuple[Maximum, ...] = ()
    replaces: str = ""
    due: tuple[date, ...] = ()

    @property
    def first_day(self) -> date:
        return self.regimen.days.days[0]

    @property
    def unfinished(self) -> bool:
        """Whether it is a draft whose dose is still to be entered: it has no doses yet."""
        return self.status == "draft" and self.regimen.state == "absent"

    def may_be_for(self, indications: Collection[str]) -> bool:
        """Whether it is for one of these, or does not say for what."""
        return not self.reasons.ids or any(one in indications for one in self.reasons.ids)

    def stands_beside(self, other: IgOrdered) -> bool:
        """Whether neither of the two takes the place of the other."""
        return other.ref != self.replaces and other.replaces != self.ref
