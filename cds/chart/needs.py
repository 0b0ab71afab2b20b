"""The values of the rule book that reading a chart depends on."""

from __future__ import annotations

NEEDS = frozenset(
    {
        "dose.adult_years",
        "dose.course_critical_ratio",
        "dose.course_window_days",
        "dose.height_child_days",
        "dose.implausible_over",
        "dose.implausible_under",
        "dose.month_days",
        "dose.neonate_days",
        "dose.range_tolerance_percent",
        "dose.weight_adult_max_kg",
        "dose.weight_adult_min_kg",
        "dose.weight_jump_days",
        "dose.weight_jump_min_age_years",
        "dose.weight_jump_ratio",
        "dose.weight_stale_adult_days",
        "dose.weight_stale_child_days",
        "dose.weight_stale_neonate_days",
        "kawasaki.retreatment_first_mg_per_kg",
        "kawasaki.retreatment_hours",
        "renal.egfr_window_days",
        "renal.kdigo_rise_hours",
        "renal.kdigo_window_days",
    }
)
"""Their names as "topic.name"; a book that lacks one of them cannot be used."""
