"""Published equations of kidney function.

CKD-EPI 2021 for adults (Inker, NEJM 2021; creatinine, age and sex, no race) and bedside Schwartz for children (2009).
Creatinine in mg/dL, height in cm; the results are mL/min/1.73 m², not rounded.
"""

from __future__ import annotations

from decimal import Decimal

_KAPPA = {"female": Decimal("0.7"), "male": Decimal("0.9")}
_ALPHA = {"female": Decimal("-0.241"), "male": Decimal("-0.302")}
_SEX_FACTOR = {"female": Decimal("1.012"), "male": Decimal(1)}
_SCALE, _BETA, _PER_YEAR = Decimal(142), Decimal("-1.200"), Decimal("0.9938")
_SCHWARTZ = Decimal("0.413")
_ONE = Decimal(1)

ADULT_FROM = 18
"""CKD-EPI 2021 was developed from this age on, in years."""
CHILD_FROM = 1
"""Bedside Schwartz was developed from this age on, in years; under it there is no equation."""


def ckd_epi_2021(creatinine: Decimal, age: Decimal | int, sex: str) -> Decimal:
    """142 × min(Scr/κ, 1)^α × max(Scr/κ, 1)^−1.2 × 0.9938^age (× 1.012 in women). `sex` is male or female."""
    if age < ADULT_FROM:
        raise ValueError("CKD-EPI 2021 is for adults")
    share = creatinine / _KAPPA[sex]
    return _SCALE * min(share, _ONE) ** _ALPHA[sex] * max(share, _ONE) ** _BETA * _PER_YEAR**age * _SEX_FACTOR[sex]


def bedside_schwartz(creatinine: Decimal, height: Decimal) -> Decimal:
    """0.413 × height / Scr, for ages 1 to 17."""
    return _SCHWARTZ * height / creatinine
