"""A site file through the whole evaluation: its own codes decide, and its rules and reasons are those of the cards."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from cds.errors import BookFault
from cds.evaluation import Advice, Book, evaluate, load_book
from cds.hooks import case_of_request
from cds.situations import situations
from tests.conftest import NOW
from tests.hooks.calls import bundle, call, observation, order
from tests.support.run import RULES, advise_request, noon, rule_of, words_of

EXAMPLE = Path(__file__).parents[1] / "fhir_fixtures" / "site.yaml"
HERE = "http://hospital.example"
SUCROSE = {"text": "Carimune NF"}


@cache
def book(site: Path | None = EXAMPLE, off: frozenset[str] = frozenset()) -> Book:
    return load_book(RULES, UTC, site=site, off=off)


def coded(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": f"{HERE}/{system}", "code": code}]}


def condition(code: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "Condition", "id": "c1", "subject": {"reference": "Patient/p1"}, "code": code}


def advise(*orders: dict[str, Any], on: Book | None = None, **history: Iterable[dict[str, Any]]) -> Advice:
    """The advice on signing these orders with this history, and a weight."""
    content = call("order-sign", *orders)
    content["prefetch"] |= {"vitals": bundle(observation()), **{key: bundle(*found) for key, found in history.items()}}
    return evaluate(case_of_request(content), NOW, on or book())


def cards(advice: Advice) -> dict[str, str]:
    return {rule_of(card): words_of(card) for card in advice.cards}


def dosed(grams: int = 24, **changes: Any) -> dict[str, Any]:
    """A draft of so many grams (24 g is 400 mg/kg), for primary immunodeficiency."""
    dose = {"doseQuantity": {"value": grams, "unit": "g", "system": "http://unitsofmeasure.org", "code": "g"}}
    instruction = {"timing": {"repeat": {"count": 1}}, "doseAndRate": [dose]}
    return order(
        **{"dosageInstruction": [instruction], "reasonCode": [{"text": "primary immunodeficiency"}], **changes}
    )


def test_a_condition_of_the_sites_own_system_makes_a_renal_risk_fire() -> None:
    sucrose = dosed(medicationCodeableConcept=SUCROSE)
    kidneys = [condition(coded("problems", "RENAL-3"))]
    said = cards(advise(sucrose, conditions=kidneys))
    assert "chronic kidney disease stage 3" in said["renal.sucrose-at-risk"]
    assert "renal.sucrose-at-risk" not in cards(advise(sucrose, conditions=kidneys, on=book(None)))
    assert "renal.sucrose-at-risk" not in cards(advise(sucrose, conditions=[condition(coded("problems", "RENAL-4"))]))


@pytest.mark.parametrize(("rate", "fires"), [(59, True), (60, False)])
def test_a_result_of_the_sites_own_code_is_an_egfr(rate: int, fires: bool) -> None:
    value = {"value": rate, "unit": "mL/min/{1.73_m2}", "system": "http://unitsofmeasure.org"}
    result = observation("g1", code=coded("lab", "GFR-CKDEPI"), valueQuantity=value)
    sucrose = dosed(medicationCodeableConcept=SUCROSE)
    assert ("renal.sucrose-at-risk" in cards(advise(sucrose, labs=[result]))) == fires
    assert "renal.sucrose-at-risk" not in cards(advise(sucrose, labs=[result], on=book(None)))


def test_an_order_of_the_sites_own_code_is_privigen_and_its_reason_is_read() -> None:
    coding = coded("formulary", "9001")
    mine = dosed(60, medicationCodeableConcept=coding, reasonCode=[coded("ivig-reasons", "PID")])
    said = cards(advise(mine))
    assert said["dose.out-of-range"].startswith("Privigen 10% 60 g is ")
    assert "primary immunodeficiency" in said["dose.out-of-range"]
    assert advise(mine, on=book(None)).cards == ()


def test_a_vaccine_of_the_sites_own_code_is_too_soon() -> None:
    vaccine = order("v1", medicationCodeableConcept=coded("formulary", "VAC-MMR"))
    given = {
        "resourceType": "MedicationAdministration",
        "id": "g1",
        "status": "completed",
        "subject": {"reference": "Patient/p1"},
        "medicationCodeableConcept": coded("formulary", "9001"),
        "effectiveDateTime": "2026-10-20",
        "dosage": {"dose": {"value": 24, "unit": "g", "system": "http://unitsofmeasure.org", "code": "g"}},
    }
    assert "live-vaccine.too-soon" in cards(advise(vaccine, medicationAdministrations=[given]))
    assert "live-vaccine.too-soon" not in cards(advise(vaccine))
    assert advise(vaccine, medicationAdministrations=[given], on=book(None)).cards == ()


def test_an_allergy_of_the_sites_own_code_counts() -> None:
    allergy = {
        "resourceType": "AllergyIntolerance",
        "id": "a1",
        "patient": {"reference": "Patient/p1"},
        "code": coded("allergens", "GLOBULIN"),
    }
    read = advise(dosed(), allergies=[allergy]).chart
    assert read is not None
    assert [fact.concept for fact in read.facts if fact.kind == "allergy"] == ["immune_globulin"]


def site(folder: Path, text: str) -> Path:
    path = folder / "site.yaml"
    path.write_text(text, "utf-8")
    return path


def test_a_rule_that_the_site_switched_off_hides_nothing(tmp_path: Path) -> None:
    off = book(site(tmp_path, "rules_off: [renal.sucrose-at-risk]\n"))
    patient = {"conditions": [condition({"text": "chronic kidney disease stage 3"})]}
    sucrose = dosed(medicationCodeableConcept=SUCROSE)
    before, after = cards(advise(sucrose, on=book(None), **patient)), cards(advise(sucrose, on=off, **patient))
    assert "renal.sucrose-at-risk" in before
    assert "renal.at-risk" not in before
    assert "renal.sucrose-at-risk" not in after
    assert "renal.at-risk" in after
    assert "renal.sucrose-at-risk" in off.rules.off


def test_a_silent_rule_speaks_where_the_site_says_so_unless_it_is_switched_off_at_once() -> None:
    silent = "renal.no-baseline"
    assert silent in book(None).rules.off
    assert silent not in book().rules.off
    assert silent in book(off=frozenset({silent})).rules.off


def test_reasons_are_those_of_the_site_by_group_of_rules(tmp_path: Path) -> None:
    text = """
override_reasons:
  all: {add: [{system: "urn:x", code: A, display: For all}]}
  dose: {replace: [{system: "urn:x", code: B, display: Only this}]}
"""
    said = advise(dosed(60, medicationCodeableConcept=SUCROSE), on=book(site(tmp_path, text))).cards
    offered = {card["source"]["topic"]["code"]: card["overrideReasons"] for card in said}
    assert [one["code"] for one in offered.pop("dose")] == ["B"]
    assert offered
    for reasons in offered.values():
        assert reasons[-1] == {"system": "urn:x", "code": "A", "display": "For all"}
        assert len(reasons) > 2


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("rules_off: [renal.sucrose-at-rsk]", "rules_off: there is no rule renal.sucrose-at-rsk; did you mean renal."),
        (
            "rules_on: [renal.nobaseline]",
            "rules_on: there is no rule renal.nobaseline; did you mean renal.no-baseline?",
        ),
        ("rules_on: [dose.out-of-range]", "rules_on: dose.out-of-range is on already: it is no silent rule"),
        (
            "override_reasons: {renall: {add: [{system: 'urn:x', code: A, display: P}]}}",
            "override_reasons: there is no group of rules renall (the first part of their ids); did you mean renal?",
        ),
    ],
)
def test_rules_that_do_not_exist_are_faults_of_the_file(tmp_path: Path, text: str, what: str) -> None:
    path = site(tmp_path, f"name: x\n{text}\n")
    with pytest.raises(BookFault) as raised:
        load_book(RULES, UTC, site=path)
    (fault,) = raised.value.faults
    assert (fault.file, fault.line) == (str(path), 2)
    assert fault.what.startswith(what)


def test_the_edition_tells_one_site_file_from_another(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    one, same = site(tmp_path, "name: One\n"), site(tmp_path / "other", "name: One\n")
    editions = [load_book(RULES, UTC, site=path).rules.edition(NOW.date()) for path in (None, EXAMPLE, one, same)]
    assert len(set(editions)) == 3
    assert editions[2] == editions[3], "it is the content that counts, not where it lies"


def test_a_site_file_that_adds_nothing_changes_nothing(tmp_path: Path) -> None:
    bare = load_book(RULES, UTC, site=site(tmp_path, "name: A hospital\nconditions: []\nformulary: []\n"))
    written = [case for case in situations() if not case.rules_on]
    assert len(written) > 500
    for case in written[::5]:
        with_site = evaluate(case_of_request(case.request()), noon(case.as_of), bare)
        assert plain(with_site) == plain(advise_request(case.request(), case.as_of)), case.sentence


def plain(advice: Advice) -> list[dict[str, Any]]:
    """The cards without the edition, which names the site file too."""
    for card in advice.cards:
        card["extension"]["org.ivig-cds.finding"].pop("edition")
    return list(advice.cards)
