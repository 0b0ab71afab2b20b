"""The vocabulary: every kind of fact that rules may speak of.

A topic file names a kind by `is:` and an attribute by its name here; the compiler checks every one of them.
"""

from collections.abc import Mapping

from cds.facts.base import Fact, attributes
from cds.facts.call import Call, SourceState, Unchecked
from cds.facts.history import (
    Allergy,
    Body,
    Clearance,
    Condition,
    CreatinineChange,
    Drug,
    GivenCourse,
    Lab,
    MeterUse,
    Patient,
    Trough,
    VaccineGiven,
    Weight,
    WeightProblem,
)
from cds.facts.labels import Evidence, LabelAge, RateLimit
from cds.facts.orders import (
    AdjustedDose,
    Amount,
    CourseTotal,
    DoseRange,
    IgOrder,
    IgProduct,
    LabOrder,
    OrderIndication,
    Overlap,
    Spacing,
    StatedAmount,
    VaccineOrder,
)

KINDS: Mapping[str, type[Fact]] = {
    cls.kind: cls
    for cls in (
        Call,
        SourceState,
        Unchecked,
        IgOrder,
        IgProduct,
        OrderIndication,
        StatedAmount,
        Amount,
        DoseRange,
        RateLimit,
        Evidence,
        LabelAge,
        CourseTotal,
        Spacing,
        Overlap,
        AdjustedDose,
        VaccineOrder,
        LabOrder,
        Patient,
        Weight,
        WeightProblem,
        Body,
        GivenCourse,
        Clearance,
        Condition,
        Lab,
        MeterUse,
        CreatinineChange,
        Trough,
        Drug,
        VaccineGiven,
        Allergy,
    )
}
"""Every kind of fact by its name in topic files."""

__all__ = [
    "KINDS",
    "AdjustedDose",
    "Allergy",
    "Amount",
    "Body",
    "Call",
    "Clearance",
    "Condition",
    "CourseTotal",
    "CreatinineChange",
    "DoseRange",
    "Drug",
    "Evidence",
    "Fact",
    "GivenCourse",
    "IgOrder",
    "IgProduct",
    "Lab",
    "LabOrder",
    "LabelAge",
    "MeterUse",
    "OrderIndication",
    "Overlap",
    "Patient",
    "RateLimit",
    "SourceState",
    "Spacing",
    "StatedAmount",
    "Trough",
    "Unchecked",
    "VaccineGiven",
    "VaccineOrder",
    "Weight",
    "WeightProblem",
    "attributes",
]
