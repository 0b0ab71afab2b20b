"""Whether a drug reaches the circulation: by the form that its code or words name, and by the route ordered.

A local route overrides the form (an injection vial may be inhaled), a parenteral route overrides a local form. Nasal,
rectal and transdermal routes decide nothing: some such products are made for the whole body, so their form decides.
So it does for estrogens on the skin, and for those made for the whole body that are worn as a ring.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Literal

from cds.case import Resource
from cds.chart.route import stated
from cds.fhir import texts
from cds.fhir.read import clean, items
from cds.knowledge.drugs import DrugMatch, Drugs

Systemic = Literal["yes", "no", "unknown"]
Way = Literal["local", "skin", "oral", "parenteral"]

_LOCAL = re.compile(
    r"\b(ophthalmic|ocular|conjunctival|intravitreal|intracameral|eyes?|otic|aural|ears?|inhal\w*|nebuli\w*|respiratory"
    r"|vaginal(ly)?|irrigation|intravesical|bladder|cream|ointment|rectal foam|enema|local)\b",
    re.IGNORECASE,
)
_SKIN = re.compile(r"\b(topical(ly)?|cutaneous|skin|dermal|lotion|gel)\b", re.IGNORECASE)
_FORMS: tuple[tuple[Way, re.Pattern[str]], ...] = (
    ("parenteral", re.compile(r"\b(injections?|injectable|infusions?|parenteral)\b", re.IGNORECASE)),
    ("oral", re.compile(r"\b(tablets?|capsules?|chewable|sublingual|buccal)\b", re.IGNORECASE)),
)
_WAYS: Mapping[str, Way] = {
    "intravenous": "parenteral",
    "subcutaneous": "parenteral",
    "intramuscular": "parenteral",
    "oral": "oral",
}


def systemic(match: DrugMatch, order: Resource, form_words: Iterable[str], drugs: Drugs) -> Systemic:
    """How a watched drug works as ordered; of several dosages the one that reaches the circulation most counts.

    `form_words` are those of the form of its Medication, read only where neither code nor name tells the form.
    """
    form = match.systemic
    if form == "unknown":
        form = _reached(match, form, _only(" ".join(form_words)), drugs)
    dosages = list(items(order.get("dosageInstruction", order.get("dosage")))) or [{}]
    each = {_reached(match, form, _way(dosage), drugs) for dosage in dosages}
    return "yes" if "yes" in each else "unknown" if "unknown" in each else "no"


def _reached(match: DrugMatch, form: Systemic, way: Way | None, drugs: Drugs) -> Systemic:
    if way == "local":
        return "yes" if match.estrogen and form == "yes" else "no"
    if way == "skin":
        return form if match.estrogen else "no"
    if way == "parenteral":
        return "yes"
    if way == "oral":
        return "yes" if form != "no" and _absorbed(match, drugs) else "no"
    return form


def _absorbed(match: DrugMatch, drugs: Drugs) -> bool:
    """Whether the drug, taken by mouth, reaches the circulation by the tables (vancomycin does not)."""
    by_mouth = drugs.classify((), (f"{match.name} oral",))
    return by_mouth is None or by_mouth.systemic != "no"


def _way(dosage: Resource) -> Way | None:
    """The way of one dosage: by its route, where a local word decides ("oral inhalation"), else by its text."""
    if dosage.get("route"):
        near = _near(" ".join(texts(dosage["route"])))
        if near is not None:
            return near
        return _WAYS.get(stated([{"route": dosage["route"]}]) or "")
    return _only(" ".join((clean(dosage.get("text")), clean(dosage.get("patientInstruction")))))


def _near(text: str) -> Way | None:
    """Where a drug acts that does not travel, if a word tells it; the skin only where no other place is named."""
    return "local" if _LOCAL.search(text) else "skin" if _SKIN.search(text) else None


def _only(text: str) -> Way | None:
    """The way that free text names, if it names one only."""
    ways: set[Way | None] = {way for way, words in _FORMS if words.search(text)}
    if (near := _near(text)) is not None:
        ways.add(near)
    route = stated([{"text": text}])
    if route not in (None, "unknown"):
        ways.add(_WAYS.get(route or ""))
    return ways.pop() if len(ways) == 1 else None
