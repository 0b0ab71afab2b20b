"""Body size of adults: body-mass index, Devine's ideal weight, and the adjusted weight some hospitals dose by.

Devine 1974: 50 kg (men) or 45.5 kg (women) and 2.3 kg for every inch over 5 ft; adjusted weight = ideal + 0.4 × (actual
− ideal). Not for children, not under 5 ft, and never where the actual weight is under the ideal one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from cds.chart.measured import Result, newest
from cds.chart.parts import Context, Sizes
from cds.chart.patient import Person
from cds.chart.printed import about, fact_number, number
from cds.facts import Body
from cds.fhir import Span

HEIGHT = "body_height"
_CM_PER_INCH = Decimal("2.54")
_FIVE_FEET = Decimal(60)
_BASE = {"male": Decimal(50), "female": Decimal("45.5")}
_PER_INCH = Decimal("2.3")
_SHARE = Decimal("0.4")


def body_mass_index(kg: Decimal, cm: Decimal) -> Decimal:
    """kg/m²."""
    return kg / (cm / 100) ** 2


def ideal_weight(cm: Decimal, sex: str) -> Decimal | None:
    """Devine's ideal weight in kg; None under 5 ft or for an unknown sex."""
    over = cm / _CM_PER_INCH - _FIVE_FEET
    return _BASE[sex] + _PER_INCH * over if over >= 0 and sex in _BASE else None


def adjusted_weight(kg: Decimal, cm: Decimal, sex: str) -> Decimal | None:
    """Adjusted weight in kg; None where there is no ideal weight or the actual one is not over it."""
    ideal = ideal_weight(cm, sex)
    return ideal + _SHARE * (kg - ideal) if ideal is not None and kg > ideal else None


def height(results: Iterable[Result], person: Person, context: Context, on: Span) -> Result | None:
    """The newest height that says how tall the patient was `on` a day: one of adult age, else one near that day."""
    adult, near = context.values["dose.adult_years"], timedelta(days=int(context.values["dose.height_child_days"]))
    years = person.years(on)
    if years is None:
        return None

    def usable(result: Result) -> bool:
        if result.measurement != HEIGHT or result.value.exact is None:
            return False
        if result.day is None:
            return years[0] >= adult
        then = person.years(result.day)
        if years[0] >= adult and then is not None and then[1] >= adult:
            return True
        return on.first - result.day.first <= near and result.day.last - on.last <= near

    found = newest(result for result in results if usable(result))
    return max(found, key=lambda one: (one.value.exact or 0, one.ref), default=None)


def read_body(results: Iterable[Result], sizes: Sizes, person: Person, context: Context) -> tuple[Sizes, Body | None]:
    """An adult's body-mass index and adjusted weight; without weight, height, sex or age there is no Body."""
    today = Span(context.today, context.today)
    years, tall = person.years(today), height(results, person, context, today)
    cm = tall.value.exact if tall is not None else None
    if tall is None or cm is None or sizes.kg is None or years is None or person.sex == "unknown":
        return sizes, None
    if years[0] < context.values["dose.adult_years"]:
        return sizes, None
    bmi, adjusted = body_mass_index(sizes.kg, cm), adjusted_weight(sizes.kg, cm, person.sex)
    says = f"body-mass index {about(round(bmi, 1))} kg/m², from {number(sizes.kg)} kg "
    says += f"and {number(cm)} cm ({tall.dated})"
    if adjusted is not None:
        says += f"; adjusted weight {about(round(adjusted, 1))} kg (Devine)"
    body = Body(
        ref=tall.ref,
        says=says,
        bmi=fact_number(bmi),
        adjusted_kg=fact_number(adjusted) if adjusted is not None else None,
    )
    return replace(sizes, adjusted_kg=adjusted), body
