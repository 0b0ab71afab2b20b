"""The values of the rule book that reading a chart depends on, and what each of them has to be."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from cds.knowledge.values import Need

_SOME = Decimal("0.001")
_DAYS = Need("days", Decimal(1), Decimal(36_525), whole=True)
_HOURS = Need("hours", Decimal(1), Decimal(8_766), whole=True)
_YEARS = Need("years", Decimal(0), Decimal(150), whole=True)
_KG = Need("kg", _SOME, Decimal(1_000))
_MG_PER_KG = Need("mg/kg", _SOME, Decimal(1_000_000))
_RATIO = Need("1", Decimal(1), Decimal(1_000))
_PERCENT = Need("%", Decimal(0), Decimal(100))

NEEDS: Mapping[str, Need] = {
    "dose.adult_years": _YEARS,
    "dose.course_critical_ratio": _RATIO,
    "dose.course_window_days": _DAYS,
    "dose.height_child_days": _DAYS,
    "dose.implausible_over": _MG_PER_KG,
    "dose.implausible_under": _MG_PER_KG,
    "dose.month_days": _DAYS,
    "dose.neonate_days": _DAYS,
    "dose.range_tolerance_percent": _PERCENT,
    "dose.use_recorded_days": _DAYS,
    "dose.weight_adult_max_kg": _KG,
    "dose.weight_adult_min_kg": _KG,
    "dose.weight_jump_days": _DAYS,
    "dose.weight_jump_min_age_years": _YEARS,
    "dose.weight_jump_ratio": _RATIO,
    "dose.weight_pound_tolerance_percent": _PERCENT,
    "dose.weight_stale_adult_days": _DAYS,
    "dose.weight_stale_child_days": _DAYS,
    "dose.weight_stale_neonate_days": _DAYS,
    "igg_trough.after_days": _DAYS,
    "kawasaki.retreatment_first_mg_per_kg": _MG_PER_KG,
    "kawasaki.retreatment_hours": _HOURS,
    "renal.egfr_window_days": _DAYS,
    "renal.kdigo_rise_hours": _HOURS,
    "renal.kdigo_window_days": _DAYS,
}
"""By their names as "topic.name"; a book that lacks one of them, or has another thing there, cannot be used."""
