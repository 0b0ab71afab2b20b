"""What a call must have: where it could not be obtained, and no card came of the rest, the answer is not "all well"."""

from __future__ import annotations

from datetime import datetime

from cds.case import TITLES, Case
from cds.errors import Unanswerable
from cds.evaluation import Advice, Book, values_at
from cds.facts import Patient, VaccineOrder

_CHILD = "live_vaccine.child_under"
_TOLD = 3
"""So many sources are told with why."""


def refuse_unanswerable(case: Case, advice: Advice, now: datetime, book: Book) -> None:
    """Raises Unanswerable for a call of our concern without a card whose required data could not be obtained.

    Of a call about orders that is everything. A view of the patient asks one question, of children and where a vaccine
    is ordered: there it is whatever might have answered it otherwise.
    """
    if advice.cards or advice.chart is None or advice.outcome is None:
        return
    if case.hook == "patient-view" and _is_asked(advice, now, book):
        wanting = [gap.source for gap in advice.outcome.unchecked]
    elif not case.obtained:
        wanting = list(case.sources)
    else:
        return
    if wanting:
        told = "; ".join(f"{TITLES[name]} ({_why(case, name)})" for name in list(dict.fromkeys(wanting))[:_TOLD])
        raise Unanswerable(f"nothing can be said, because what is required could not be obtained: {told}")


def _why(case: Case, name: str) -> str:
    source = case.sources.get(name)
    return (source.reason if source is not None else None) or "something in it cannot be read"


def _is_asked(advice: Advice, now: datetime, book: Book) -> bool:
    """Whether live vaccines are a question: of a patient who may be a child, or has one ordered."""
    assert advice.chart is not None
    values = values_at(now, book)
    ages = [fact.age_min for fact in advice.chart.facts if isinstance(fact, Patient)]
    adult = all(age is not None and age >= values[_CHILD] for age in ages)
    return not adult or any(isinstance(fact, VaccineOrder) for fact in advice.chart.facts)
