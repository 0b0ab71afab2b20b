"""Orders of the short form, and what was given or used before, as FHIR R4 resources."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from cds.situations.history import PATIENT, SUBJECT, Resource, Said
from cds.situations.values import quantity, step, when
from cds.situations.words import concept, hl7

_UNITS = {"day": "d", "week": "wk", "month": "mo", "hour": "h"}


def ivig_order(said: Said, as_of: date) -> Resource:
    """An immune globulin order: product, dose, days, every, start, route, reason, status; `text` in place of a dose.

    A dose that is "not entered" leaves out the whole dosage.
    """
    made = _request(said, as_of, concept("products", said["product"]))
    reason = said.get("reason", "none")
    if reason != "none":
        made["reasonCode"] = [concept("reasons", one) for one in _several(reason)]
    if "reason_reference" in said:
        made["reasonReference"] = [{"reference": f"Condition/{said['reason_reference']}"}]
    if said.get("dose") == "not entered":
        return made
    dosage: Resource = {"sequence": 1, "text": said.get("text") or _sentence(said)}
    timing = _timing(said, as_of)
    if timing:
        dosage["timing"] = timing
    if said.get("route", "IV") != "missing":
        dosage["route"] = concept("routes", said.get("route", "IV"))
    if "dose" in said and said["dose"] != "missing":
        dosage["doseAndRate"] = [_dose_and_rate(said["dose"])]
    if "calculated" in said:
        dosage["doseAndRate"][0]["type"] = hl7("dose-rate-type", "ordered")
        dosage["doseAndRate"].append({"type": hl7("dose-rate-type", "calculated")} | _dose_and_rate(said["calculated"]))
    if "rate" in said:
        dosage.setdefault("doseAndRate", []).append(_rate(said["rate"]))
    made["dosageInstruction"] = [dosage]
    return made


def _request(said: Said, as_of: date, medication: Resource) -> Resource:
    made: Resource = {
        "resourceType": "MedicationRequest",
        "id": said["id"],
        "status": said.get("status", "draft"),
        "intent": "order",
        "medicationCodeableConcept": medication,
        "subject": {"reference": f"Patient/{said.get('patient', PATIENT)}"},
        "authoredOn": when(said.get("authored", "today"), as_of),
        "requester": {"reference": "Practitioner/practitioner-1"},
    }
    return made


def _several(written: str | list[str]) -> list[str]:
    return [written] if isinstance(written, str) else written


def _sentence(said: Said) -> str:
    words = [said.get("dose", ""), said.get("route", "IV")]
    words += [f"daily for {said['days']} days"] if "days" in said else []
    words += [f"every {said['every']}"] if "every" in said else []
    return " ".join(word for word in words if word)


def _dose_and_rate(written: str) -> Resource:
    low, _, high = written.partition(" to ")
    if high:
        return {"doseRange": {"low": quantity(low), "high": quantity(high)}}
    return {"doseQuantity": quantity(written)}


def _rate(written: str) -> Resource:
    """A rate: "4 mg/kg/min", "100 mL/h to 200 mL/h", or an amount in a time, "300 mL in 4 h"."""
    low, _, high = written.partition(" to ")
    amount, _, time = written.partition(" in ")
    if high:
        return {"rateRange": {"low": quantity(low), "high": quantity(high)}}
    if time:
        return {"rateRatio": {"numerator": quantity(amount), "denominator": quantity(time)}}
    return {"rateQuantity": quantity(written)}


def _timing(said: Said, as_of: date) -> Resource | None:
    """Events for one day, a bounded daily repeat for a course, an open repeat for maintenance."""
    start = when(said["start"], as_of) if "start" in said else None
    if "events" in said:
        return {"event": [when(day, as_of) for day in said["events"]]}
    if "every" in said:
        match = re.fullmatch(r"(\d+) (day|week|month|hour)s?", said["every"])
        assert match, said["every"]
        repeat: Resource = {"frequency": 1, "period": int(match[1]), "periodUnit": _UNITS[match[2]]}
        bounds = {"start": start} if start else {}
        if "until" in said:
            bounds["end"] = when(said["until"], as_of)
        return {"repeat": ({"boundsPeriod": bounds} if bounds else {}) | repeat}
    if "days" in said:
        days = int(said["days"])
        daily = {"frequency": 1, "period": 1, "periodUnit": "d"}
        if start is None:
            bound: Resource = {"boundsDuration": {**(quantity(f"{days} d") or {}), "unit": "days"}}
        else:
            last = date.fromisoformat(start) + timedelta(days=days - 1)
            bound = {"boundsPeriod": {"start": start, "end": last.isoformat()}}
        return {"repeat": bound | daily}
    return {"event": [start]} if start else None


def drug_order(said: Said, as_of: date) -> Resource:
    """A drug that is not immune globulin: `is` (or `text`), `status` (active), `route`, `ended`, `as` (request)."""
    medication = concept("drugs", said["is"]) if "is" in said else {"text": said["text"]}
    route = concept("routes", said["route"]) if "route" in said else None
    status = said.get("status", "active")
    if said.get("as") == "statement":
        made: Resource = {
            "resourceType": "MedicationStatement",
            "id": said["id"],
            "status": status,
            "medicationCodeableConcept": medication,
            "subject": SUBJECT,
            "effectivePeriod": {"start": when(said.get("start", "-20 days"), as_of)},
        }
        if "ended" in said:
            made["effectivePeriod"]["end"] = when(said["ended"], as_of)
        if route:
            made["dosage"] = [{"route": route}]
        return made
    made = _request({"authored": "-20 days", **said, "status": status}, as_of, medication)
    dosage: Resource = {"text": "as directed"}
    if route:
        dosage["route"] = route
    if "ended" in said or "start" in said:
        bounds = {"start": when(said.get("start", "-20 days"), as_of)}
        bounds |= {"end": when(said["ended"], as_of)} if "ended" in said else {}
        dosage["timing"] = {"repeat": {"boundsPeriod": bounds}}
    made["dosageInstruction"] = [dosage]
    return made


def vaccine_order(said: Said, as_of: date) -> Resource:
    """A vaccine order as MedicationRequest, or as ServiceRequest (`as: service`).

    It is planned for `start` (today), or from then `until` a day; for no day where the start is missing.
    """
    code = concept("vaccines", said["is"])
    day = when(said.get("start", "today"), as_of)
    period = {"start": day, "end": when(said["until"], as_of)} if "until" in said else {}
    if said.get("as") == "service":
        occurrence: Resource = {"occurrencePeriod": period} if period else {"occurrenceDateTime": day}
        return _service(said, code) | ({} if day == "missing" else occurrence)
    made = _request({"status": "draft", **said}, as_of, code)
    if day != "missing":
        timing: Resource = {"repeat": {"boundsPeriod": period}} if period else {"event": [day]}
        made["dosageInstruction"] = [{"timing": timing}]
    return made


def lab_order(said: Said | str, position: int) -> Resource:
    """An order for a laboratory test: its word, or `is`, `status` (draft) and `patient`."""
    said = {"is": said} if isinstance(said, str) else said
    return _service({"id": f"lab-order-{position}", **said}, concept("labs", said["is"]))


def _service(said: Said, code: Resource) -> Resource:
    return {
        "resourceType": "ServiceRequest",
        "id": said["id"],
        "status": said.get("status", "draft"),
        "intent": "order",
        "code": code,
        "subject": {"reference": f"Patient/{said.get('patient', PATIENT)}"},
    }


def given(said: list[Said], as_of: date) -> Iterator[tuple[str, Resource]]:
    """Immune globulin given before, with its prefetch key: `product`, `dose`, `on`, `days`, `reason`, `as`."""
    for position, one in enumerate(said, 1):
        product = concept("products", one["product"])
        for offset in range(int(one.get("days", 1))):
            id_ = f"given-{position}" + (f"-{offset + 1}" if "days" in one else "")
            start = when(one["on"], as_of)
            day = step(date.fromisoformat(start), offset, "day").isoformat() if "days" in one else start
            yield _one_given({**one, "id": one.get("id", id_), "day": day}, product)


def _one_given(said: Said, product: Resource) -> tuple[str, Resource]:
    dose = quantity(said["dose"]) if "dose" in said else None
    made: Any = {"id": said["id"], "status": said.get("status", "completed"), "subject": SUBJECT}
    reason = [concept("reasons", said["reason"])] if "reason" in said else []
    match said.get("as", "administration"):
        case "immunization":
            del made["subject"]
            made |= {"resourceType": "Immunization", "patient": SUBJECT, "vaccineCode": product}
            made |= {"occurrenceDateTime": said["day"]} | ({"doseQuantity": dose} if dose else {})
            return "immunizations", made | ({"reasonCode": reason} if reason else {})
        case "statement":
            goes_on = said.get("goes_on") == "true"
            when_used = {"effectivePeriod": {"start": said["day"]}} if goes_on else {"effectiveDateTime": said["day"]}
            made |= {
                "resourceType": "MedicationStatement",
                "status": "active" if goes_on else made["status"],
            } | when_used
            made |= {"dosage": [{"doseAndRate": [{"doseQuantity": dose}]}]} if dose else {}
            made |= {"reasonCode": reason} if reason else {}
            return "medicationStatements", made | {"medicationCodeableConcept": product}
        case "dispense":
            made |= {"resourceType": "MedicationDispense", "whenHandedOver": said["day"]}
            made |= {"dosageInstruction": [{"doseAndRate": [{"doseQuantity": dose}]}]} if dose else {}
            return "medicationDispenses", made | {"medicationCodeableConcept": product}
        case _:
            made |= {"resourceType": "MedicationAdministration", "effectiveDateTime": said["day"]}
            made |= {"dosage": {"route": concept("routes", "IV"), "dose": dose}} if dose else {}
            made |= {"reasonCode": reason} if reason else {}
            if said.get("status") == "not-done":
                made["statusReason"] = [hl7("reason-medication-not-given", "a")]
            return "medicationAdministrations", made | {"medicationCodeableConcept": product}
