"""Numbers, dates and names as evidence shows them to people."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal

from cds.fhir import Span

_NAMES = {
    "egfr": "eGFR",
    "iga": "IgA",
    "igg": "IgG",
    "anti_iga_antibody": "anti-IgA antibody",
    "serum_creatinine": "creatinine",
    "abo_group": "blood group",
}
_UNITS = {
    "mL/min/{1.73_m2}": "mL/min/1.73 m²",
    "mL/min/1.73 m2": "mL/min/1.73 m²",
    "umol/L": "µmol/L",
    "[lb_av]": "lb",
    "[in_i]": "in",
}
_FIGURES = 5
_WIDE = Context(prec=80)
_WIDEST = 40
"""Powers of ten, up or down, beyond which a number is printed with its exponent."""


def number(value: Decimal) -> str:
    """A decimal as written, without an exponent and without closing zeros."""
    plain = f"{value:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def about(value: Decimal) -> str:
    """A computed or converted number, rounded to five figures."""
    if not value:
        return "0"
    if abs(value.adjusted()) > _WIDEST:
        return f"{value:.{_FIGURES - 1}e}"
    return number(value.quantize(Decimal(1).scaleb(-max(0, _FIGURES - 1 - value.adjusted())), context=_WIDE))


def tenths(value: Decimal) -> str:
    """A weight or an amount as it is measured out: to one decimal."""
    if value.adjusted() > _WIDEST:
        return about(value)
    return number(value.quantize(Decimal("0.1"), ROUND_HALF_UP, _WIDE))


def fact_number(value: Decimal) -> float:
    """A decimal as facts carry it: six digits behind the point."""
    return float(value if abs(value.adjusted()) > _WIDEST else value.quantize(Decimal("0.000001"), context=_WIDE))


def unit(written: str) -> str:
    """A unit as people print it, from its UCUM code or as it came."""
    return _UNITS.get(written, written)


def measurement_name(id: str) -> str:
    """What people call a measurement: `serum_creatinine` is "creatinine"."""
    return _NAMES.get(id, id.replace("_", " "))


def when(day: Span | None) -> str:
    """The day, the month or the year that a date says; "undated" where there is none."""
    if day is None:
        return "undated"
    if day.exact:
        return day.first.isoformat()
    if day == Span(date(day.first.year, 1, 1), date(day.first.year, 12, 31)):
        return f"{day.first.year:04}"
    if (day.first.year, day.first.month) == (day.last.year, day.last.month) and day.first.day == 1:
        return f"{day.first.year:04}-{day.first.month:02}"
    return f"{day.first} to {day.last}"
