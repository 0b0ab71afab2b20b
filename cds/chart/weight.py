"""The body weight to dose by: the newest plausible one by its own date.

Implausible is what lies outside the limits (an adult's are narrower) or far from another weight of about the same time:
then neither of the two is trusted, because nothing tells which is wrong. A newer weight that cannot be used, for its
value or its unit, is named beside the one used, on every card. A stale weight is used, and that is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from cds.chart.measured import Result, newest
from cds.chart.parts import Context, Reading, Sizes
from cds.chart.patient import Person
from cds.chart.printed import fact_number, tenths
from cds.chart.result_value import IMPLAUSIBLE
from cds.facts import Unchecked, Weight, WeightProblem
from cds.fhir import Span

WEIGHT = "body_weight"
_MOST = 200
"""Every weight is compared with every other: more than the newest of these would take seconds."""
_RULE = "dose.no-weight"


@dataclass(frozen=True, slots=True)
class Weighed:
    """What is known of the weight: the size to dose by, its facts, and the newer weights that could not be used."""

    sizes: Sizes
    facts: tuple[Weight | WeightProblem | Unchecked, ...]
    readings: tuple[Reading, ...] = ()


def read_weight(results: Iterable[Result], person: Person, context: Context, unread: str = "") -> Weighed:
    """The weight among the results; `unread` says why the source of weights is missing, if it is."""
    found = sorted((result for result in results if result.measurement == WEIGHT), key=_age)
    weights, older = found[:_MOST], found[_MOST:]
    exact = [weight for weight in weights if weight.value.exact is not None]
    beside = exact if _differ(exact, context) else []
    doubts = {id(weight): doubt for weight in exact if (doubt := _doubt(weight, beside, person, context))}
    good = [weight for weight in exact if id(weight) not in doubts]
    used = min(newest(good), key=lambda one: (_kg(one), one.ref), default=None)
    if used is None:
        return Weighed(Sizes(), (_problem(weights, doubts, unread),), tuple(_uncompared(older)))
    stale = _stale(used, person, context)
    says = used.says.removeprefix("body weight ")
    newer = [one for one in weights if one not in good and one.first_day >= used.first_day]
    passed = [(one, f"{one.says} was not used: {_trouble(one, doubts)}") for one in newer]
    unused = "".join(f"; {what}" for _, what in passed)
    readings = (*(Reading(one.ref, one.source, what, "ignored") for one, what in passed), *_uncompared(older))
    day = used.day.first if used.day else None
    facts: list[Weight | WeightProblem | Unchecked] = [
        Weight(ref=used.ref, says=f"weight {says}{unused}", kg=fact_number(_kg(used)), day=day, stale=stale)
    ]
    if stale:
        age = f"{(context.today - day).days} days old" if day else "of an unknown day"
        facts.append(WeightProblem(ref=used.ref, says=f"The weight {says} is {age}{unused}.", problem="stale"))
    else:
        for one, what in passed:
            told = f"{what[0].upper()}{what[1:]}; {says} was used."
            facts.append(Unchecked(ref=one.ref, rule=_RULE, source="vitals", speaks=False, says=told))
        facts += [_passed_over(one, used) for one in newer if not _absurd(one, person, context)]
    weighed = tuple(sorted((one.day.first, _kg(one)) for one in good if one.day is not None))
    sizes = Sizes(kg=_kg(used), day=day, ref=used.ref, weights=weighed)
    return Weighed(sizes, tuple(facts), readings)


def _age(weight: Result) -> tuple[int, str, str]:
    return -weight.first_day.toordinal(), weight.ref, weight.written


def _uncompared(older: Sequence[Result]) -> Iterator[Reading]:
    if older:
        what = f"{len(older)} weights are older than the newest {_MOST} and were not looked at"
        yield Reading("", older[0].source, what, "ignored")


def _passed_over(newer: Result, used: Result) -> WeightProblem:
    says = f"{newer.says[0].upper()}{newer.says[1:]} is newer than the weight that was used, {used.written}"
    return WeightProblem(ref=newer.ref, says=says, problem="passed_over")


def _kg(weight: Result) -> Decimal:
    kg = weight.value.exact
    assert kg is not None
    return kg


def _differ(weights: Sequence[Result], context: Context) -> bool:
    """Whether any two of them are as far apart as a jump: seldom, which spares comparing each with each."""
    each = sorted(map(_kg, weights))
    return bool(each) and each[-1] > each[0] * context.values["dose.weight_jump_ratio"]


def _doubt(weight: Result, all_: Sequence[Result], person: Person, context: Context) -> str:
    """Why a weight is not plausible, "" where it is."""
    if _absurd(weight, person, context):
        return "it is not plausible for an adult"
    for other in all_:
        if _jump(weight, other, person, context) and not _out_of_adult_limits(other, weight, person, context):
            return f"it does not go with {other.says}{_pounds(weight, other, context)}"
    return ""


def _absurd(weight: Result, person: Person, context: Context) -> bool:
    """Whether no patient, or no adult where the patient is one, weighs so much or so little."""
    if weight.value.exact is None:
        return weight.value.trouble == IMPLAUSIBLE
    return _out_of_adult_limits(weight, weight, person, context)


def _out_of_adult_limits(weight: Result, then: Result, person: Person, context: Context) -> bool:
    """Whether a weight is outside the limits of an adult, which the patient was on the day of `then`."""
    values = context.values
    years = person.years(then.day or Span(context.today, context.today))
    adult = years is not None and years[0] >= values["dose.adult_years"]
    return adult and not values["dose.weight_adult_min_kg"] <= _kg(weight) <= values["dose.weight_adult_max_kg"]


def _pounds(one: Result, other: Result, context: Context) -> str:
    """The likely confusion, where one weight is as many kilograms as the other is pounds."""
    pound = context.knowledge.measurements.convert(WEIGHT, Decimal(1), "[lb_av]")
    light, heavy = sorted((_kg(one), _kg(other)))
    if pound is None or abs(heavy * pound / light - 1) * 100 > context.values["dose.weight_pound_tolerance_percent"]:
        return ""
    return f"; one is about {tenths(1 / pound)} times the other, as when pounds are entered as kilograms"


def _jump(one: Result, other: Result, person: Person, context: Context) -> bool:
    values = context.values
    light, heavy = sorted((_kg(one), _kg(other)))
    if one.day is None or other.day is None or heavy <= light * values["dose.weight_jump_ratio"]:
        return False
    first, last = sorted((one, other), key=lambda each: each.first_day)
    assert first.day is not None
    assert last.day is not None
    if last.day.first - first.day.last > timedelta(days=int(values["dose.weight_jump_days"])):
        return False
    years = person.years(first.day)
    return years is None or years[1] >= values["dose.weight_jump_min_age_years"]


def _stale(weight: Result, person: Person, context: Context) -> bool:
    """Whether it is too old at any age the patient may have; by an adult's limit where the age is not known."""
    if weight.day is None:
        return True
    values, today = context.values, Span(context.today, context.today)
    years, days = person.years(today), person.days(today)
    if years is None or days is None or years[0] >= values["dose.adult_years"]:
        limit = values["dose.weight_stale_adult_days"]
    elif days[0] < values["dose.neonate_days"]:
        limit = values["dose.weight_stale_neonate_days"]
    else:
        limit = values["dose.weight_stale_child_days"]
    return (context.today - weight.day.first).days > limit


def _implausible(weight: Result, doubts: Mapping[int, str]) -> bool:
    return id(weight) in doubts or weight.value.trouble == IMPLAUSIBLE


def _trouble(weight: Result, doubts: Mapping[int, str]) -> str:
    return doubts.get(id(weight)) or weight.value.trouble or "it is no definite number"


def _problem(weights: Sequence[Result], doubts: Mapping[int, str], unread: str) -> WeightProblem:
    """Why there is no weight to use; the newest one that is not decides what is said."""
    last = min(newest(weights), key=lambda one: (one.written, one.ref), default=None)
    if last is None:
        return WeightProblem(says=f"No body weight: {unread or 'none is on record'}.", problem="missing")
    return WeightProblem(
        ref=last.ref,
        says=f"{last.says[0].upper()}{last.says[1:]} was not used: {_trouble(last, doubts)}.",
        problem="implausible" if any(_implausible(weight, doubts) for weight in weights) else "missing",
    )
