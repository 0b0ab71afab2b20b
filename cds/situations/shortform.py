"""The short form of a case: a situation in a few lines, expanded to a whole hook request.

A file of fhir_fixtures/cases is about one rule; a rule with many cases has several (`<rule>.<part>.yaml`). It holds
`rule`, a `background` that every case starts from, `besides` (cards that the background gives by itself) and `cases`.
Each case is a sentence with what differs from the background and what comes out (`expect`: rule, tier, and words that
the card or its summary says or lacks); a case that does not expect the file's rule is a near miss of it.

Unless a case says otherwise it is signed on 2026-11-20 for a woman of 40 years and 60 kg, every source of history is
sent, and the order is a single dose of Privigen, 400 mg/kg, for primary immunodeficiency: nothing to say but that it
is her first infusion, which only the cases about infusion have to tell.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from cds.case import SOURCES
from cds.errors import CdsError
from cds.situations import history, orders
from cds.situations.words import cases_folder, concept, read_yaml

FIRST_INFUSION = "infusion.reaction-risk"
"""What the background itself gives: nothing tells of an earlier infusion."""
DEFAULTS: Mapping[str, Any] = {
    "as_of": "2026-11-20",
    "hook": "order-sign",
    "patient": {"age": "40 years", "sex": "female"},
    "weight": "60 kg",
    "order": {"product": "privigen", "dose": "400 mg/kg", "reason": "PI"},
}
KEYS = frozenset(DEFAULTS) | {
    "case", "height", "orders", "given", "conditions", "labs", "drugs", "vaccines", "vaccine_orders", "allergies",
    "lab_orders", "without", "failed", "nothing", "select", "expect", "also_allowed", "rules_on", "besides",
    "encounter", "same_orders_in_history", "formulary",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Expected:
    """A card that must come out: its rule and tier, words that it says anywhere or in its summary, words it lacks.

    `offers` are words of its suggestions: each must be in the label of one; () where none may be offered, None where
    that is not told. `withholds` are words that the label of none may have.
    """

    rule: str
    tier: str
    says: tuple[str, ...] = ()
    summary: tuple[str, ...] = ()
    about: str | None = None
    lacks: tuple[str, ...] = ()
    offers: tuple[str, ...] | None = None
    withholds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Situation:
    """One case of a file, with the background filled in."""

    file: Path
    rule: str
    said: Mapping[str, Any]

    @property
    def sentence(self) -> str:
        return str(self.said["case"])

    @property
    def as_of(self) -> date:
        return date.fromisoformat(self.said["as_of"])

    @property
    def hook(self) -> str:
        return str(self.said["hook"])

    @property
    def near(self) -> bool:
        """Whether the file's rule must stay silent."""
        return all(card.rule != self.rule for card in self.expected)

    @property
    def rules_on(self) -> frozenset[str]:
        return frozenset(self.said.get("rules_on", ()))

    @property
    def formulary(self) -> tuple[str, ...]:
        """The products that the site stocks."""
        return tuple(self.said.get("formulary", ()))

    @property
    def also_allowed(self) -> frozenset[str]:
        """The rules whose cards are not compared."""
        own = {self.rule, *(card.rule for card in self.expected)}
        return frozenset({*self.said.get("also_allowed", ()), FIRST_INFUSION} - own)

    @property
    def expected(self) -> tuple[Expected, ...]:
        """Every card that must come out, those of the background included."""
        return tuple(
            Expected(
                card["rule"],
                card["tier"],
                tuple(_listed(card.get("says", []))),
                tuple(_listed(card.get("summary", []))),
                card.get("about"),
                tuple(_listed(card.get("lacks", []))),
                None if (offers := card.get("offers")) is None else () if offers == "none" else tuple(_listed(offers)),
                tuple(_listed(card.get("withholds", []))),
            )
            for card in [*self.said.get("besides", []), *self.said.get("expect", [])]
        )

    def request(self) -> dict[str, Any]:
        """The hook request that an EHR would send for it."""
        return request(self.said, self.as_of, f"{self.rule}: {self.sentence}")


def situations(folder: Path | None = None) -> Iterator[Situation]:
    """Every case of every file, in the order they are written; the parts of a rule's cases after its own file."""
    for path in sorted((folder or cases_folder()).glob("*/*.yaml"), key=lambda path: path.with_suffix("")):
        page = read_yaml(path)
        for case in page["cases"]:
            said = _over(_over(DEFAULTS, page.get("background", {})), {"besides": page.get("besides", []), **case})
            unknown = sorted(set(said) - KEYS)
            if unknown:
                raise CdsError(f"{case['case']}: no such key: {', '.join(unknown)}", str(path))
            yield Situation(path, page["rule"], said)


def _over(background: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """What is said over the background; mappings are joined, anything else takes its place."""
    made = dict(background)
    for key, value in said.items():
        under = made.get(key)
        if key == "patient" and isinstance(value, dict) and "birth_date" in value and isinstance(under, dict):
            under = {name: word for name, word in under.items() if name != "age"}
        made[key] = under | value if isinstance(under, dict) and isinstance(value, dict) else value
    return made


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def request(said: Mapping[str, Any], as_of: date, name: str) -> dict[str, Any]:
    """A hook request as JSON data: context with the draft orders, prefetch with every source that was not withheld."""
    drafts, resources = _resources(said, as_of)
    for key in said.get("without", ()):
        del resources[key]
    prefetch: dict[str, Any] = {key: _bundle(found, "searchset") for key, found in resources.items()}
    if "patient" in resources:
        prefetch["patient"] = resources["patient"][0]
    prefetch |= dict.fromkeys(said.get("nothing", ()))
    prefetch |= {key: _failure() for key in said.get("failed", ())}
    context: dict[str, Any] = {
        "userId": "Practitioner/practitioner-1",
        "patientId": history.PATIENT,
    }
    if said["hook"] != "patient-view":
        context["draftOrders"] = _bundle(drafts, "collection")
    if said.get("encounter") != "missing":
        context["encounterId"] = "encounter-1"
    if said["hook"] == "order-select":
        chosen = said.get("select") or [draft["id"] for draft in drafts]
        context["selections"] = [f"{d['resourceType']}/{d['id']}" for d in drafts if d["id"] in chosen]
    made = {
        "hook": said["hook"],
        "hookInstance": str(uuid.uuid5(uuid.NAMESPACE_URL, name)),
        "context": context,
        "prefetch": prefetch,
    }
    plain: dict[str, Any] = json.loads(json.dumps(made))
    return plain


def _resources(said: Mapping[str, Any], as_of: date) -> tuple[list[dict[str, Any]], dict[str, list[dict[str, Any]]]]:
    """The draft orders, and the history by prefetch key."""
    found: dict[str, list[dict[str, Any]]] = {key: [] for key in SOURCES}
    found["patient"] = [history.patient({} if said["patient"] == "missing" else said["patient"], as_of)]
    weights = [] if said["weight"] == "missing" else _listed(said["weight"])
    found["vitals"] = list(history.vitals(weights, said.get("height", "missing"), as_of))
    results = list(history.labs(said.get("labs", []), as_of))
    found["glucoseMeter"] = [result for result in results if result["code"] == concept("labs", "glucose_meter")]
    found["labs"] = [result for result in results if result not in found["glucoseMeter"]]
    found["conditions"] = list(history.conditions(said.get("conditions", []), as_of))
    found["allergies"] = list(history.allergies(said.get("allergies", []), as_of))
    found["immunizations"] = list(history.vaccines(said.get("vaccines", []), as_of))
    for key, resource in orders.given(said.get("given", []), as_of):
        found[key].append(resource)
    drafts: list[dict[str, Any]] = []
    for order in _ivig(said):
        made = orders.ivig_order(order, as_of)
        (found["medicationRequests"] if order.get("in") == "history" else drafts).append(made)
    for position, drug in enumerate(said.get("drugs", []), 1):
        made = orders.drug_order({"id": f"drug-{position}", **drug}, as_of)
        if made["resourceType"] == "MedicationStatement":
            found["medicationStatements"].append(made)
        elif drug.get("in", "history" if drug.get("status", "active") != "draft" else "call") == "call":
            drafts.append(made)
        else:
            found["medicationRequests"].append(made)
    for position, vaccine in enumerate(said.get("vaccine_orders", []), 1):
        made = orders.vaccine_order({"id": f"vaccine-order-{position}", **vaccine}, as_of)
        (found["medicationRequests"] if vaccine.get("in") == "history" else drafts).append(made)
    drafts += [orders.lab_order(test, position) for position, test in enumerate(said.get("lab_orders", []), 1)]
    if "same_orders_in_history" in said:
        found["medicationRequests"] += [draft | {"status": "active"} for draft in drafts]
    return drafts, found


def _ivig(said: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The immune globulin orders: `order`, or each of `orders` over it; `order: none` for none."""
    if "orders" in said:
        base = said["order"] if isinstance(said["order"], dict) else {}
        return [{"id": f"ivig-{i}"} | _over(base, order) for i, order in enumerate(said["orders"], 1)]
    return [] if said["order"] == "none" else [{"id": "ivig-1"} | said["order"]]


def _bundle(resources: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    made: dict[str, Any] = {"resourceType": "Bundle", "type": kind}
    if kind == "searchset":
        made["total"] = len(resources)
    base = "https://ehr.example.org/fhir"
    entries = [{"fullUrl": f"{base}/{one['resourceType']}/{one['id']}", "resource": one} for one in resources]
    return made | ({"entry": entries} if entries else {})


def _failure() -> dict[str, Any]:
    issue = {"severity": "error", "code": "timeout", "diagnostics": "The search timed out."}
    return {"resourceType": "OperationOutcome", "issue": [issue]}
