"""Any part of any request replaced by anything: 200, 400 or 412, never a 500, and never a value in a refusal."""

from __future__ import annotations

import copy
import json
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import cds
from cds.settings import Settings
from tests.conftest import NOW, serving
from tests.hooks.calls import bundle, call, observation, order

REQUESTS = sorted((Path(__file__).parents[1] / "fhir_fixtures" / "requests").glob("*.json"))
SECRET = "Jane-Doe-19610307"
ROUNDS = 150

WRONG: tuple[Any, ...] = (
    *(None, True, 0, -1, 1e308, 2**70, 0.1, "", " ", SECRET, f"{SECRET}\u0000\u200b", "x" * 9999),
    *("1e999999999", "1e-999999999", "9" * 29, "1_000", 1e300, 1e-300, "\u202e", "MedicationRequest ", "bundle"),
    *([], [None], [[]], {}, [{}], [SECRET], {"value": SECRET}, {"reference": SECRET}, {"reference": "#"}),
    *({"coding": SECRET}, {"coding": [{"code": 5}]}, {"start": SECRET}, {"low": {"value": "x"}}),
    *("2026-13-45", "0000", "9999-12-31", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00", "urn:uuid:x"),
    *({"resourceType": "Bundle"}, {"resourceType": SECRET}, {"resourceType": "Patient"}),
    [{"extension": [{"url": SECRET}]}],
)


def ordered(value: object) -> dict[str, Any]:
    """An order of this many grams, once."""
    dose = {"doseQuantity": {"value": value, "unit": "g", "system": "http://unitsofmeasure.org", "code": "g"}}
    return order(dosageInstruction=[{"timing": {"repeat": {"count": 1}}, "doseAndRate": [dose]}])


def told(service: httpx.Client, order_: dict[str, Any], *observed: dict[str, Any]) -> dict[str, Any]:
    """The cards, by rule, on an order of a patient of 60 kg with these Observations."""
    content = call("order-sign", order_)
    content["prefetch"] |= dict.fromkeys(("vitals", "labs"), bundle(observation(), *observed))
    started = time.process_time()
    answer = service.post("/cds-services/ivig-order-sign", json=content)
    assert time.process_time() - started < 2
    assert answer.status_code == 200, answer.text
    return {card["extension"]["org.ivig-cds.finding"]["rule"]: card for card in answer.json()["cards"]}


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every member and item."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in inner:
        yield (*path, key)
        yield from places(child, (*path, key))


def spoiled(content: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """A copy with one to three parts replaced, dropped or doubled."""
    made = copy.deepcopy(content)
    for _ in range(chance.randint(1, 3)):
        *parents, last = chance.choice(list(places(made)))
        place: Any = made
        for key in parents:
            place = place[key]
        act = chance.random()
        if act < 0.15:
            del place[last]
        elif act < 0.25 and isinstance(place, list):
            place.append(copy.deepcopy(place[last]))
        else:
            place[last] = copy.deepcopy(chance.choice(WRONG))
    return made


@pytest.mark.parametrize("file", REQUESTS, ids=lambda file: file.stem)
def test_no_request_breaks_the_service(service: httpx.Client, file: Path) -> None:
    content = json.loads(file.read_bytes().decode("utf-8-sig"))
    chance = random.Random(file.stem)
    for _ in range(ROUNDS):
        body = json.dumps(spoiled(content, chance)).encode()
        answer = service.post(
            f"/cds-services/ivig-{content['hook']}", content=body, headers={"content-type": "application/json"}
        )
        assert answer.status_code in (200, 400, 412), body
        if answer.status_code != 200:
            assert SECRET not in answer.text, body
            assert answer.json()["resourceType"] == "OperationOutcome"
        else:
            assert isinstance(answer.json()["cards"], list)


@pytest.mark.parametrize("value", [1e12, "1e18", 1e-9])
def test_an_absurd_dose_is_implausible(service: httpx.Client, value: object) -> None:
    assert "dose.implausible" in told(service, ordered(value))


@pytest.mark.parametrize("value", ["1e999999999", "1e-999999999", "9" * 29, 1e300, "1_000", "x" * 10_000])
def test_a_number_that_arithmetic_must_not_see(service: httpx.Client, value: object) -> None:
    order_ = ordered(240)
    order_["dosageInstruction"][0]["timing"]["repeat"] = {"frequency": 1, "period": value, "periodUnit": "d"}
    weight, kidney = observation("w2"), observation("c1", code={"text": "Creatinine"})
    for one in (weight, kidney):
        one["valueQuantity"]["value"] = value
    assert told(service, order_, weight, kidney)
    assert "dose.implausible" in told(service, ordered(240), weight, kidney)
    assert told(service, ordered(value))


def test_what_a_real_limit_lets_through_is_answered_in_time() -> None:
    line = ordered(24)["dosageInstruction"][0]
    with serving(cds.create_app(Settings(), clock=lambda: NOW)) as service:
        lines = [{**line, "sequence": place} for place in range(1200)]
        assert "data.not-checked" in told(service, ordered(24) | {"dosageInstruction": lines})
        for text in ("immune globulin " * 30_000, "Privigen " + "1." * 250_000):
            named = ordered(24) | {"medicationCodeableConcept": {"text": text}}
            assert "data.not-checked" in told(service, named)
