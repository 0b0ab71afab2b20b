"""How much one call may hold, over a real socket: at each limit it is answered, above it 413 says what to do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from cds import create_app
from cds.chart.limits import MOST_AT_HAND, MOST_DRAFTED, MOST_GIVEN
from cds.hooks.limits import VALUES
from cds.settings import Settings
from tests.conftest import NOW, serving
from tests.hooks.calls import bundle, call, observation, order
from tests.hooks.service import JSON, SELECT, SIGN, diagnostics, of, rules, ten_fold

ENTRIES = 30
VIEW = "/cds-services/ivig-patient-view"
MMR = {"coding": [{"system": "http://hl7.org/fhir/sid/cvx", "code": "03"}]}


@pytest.fixture(scope="module")
def roomy() -> Iterator[httpx.Client]:
    with serving(create_app(Settings(), clock=lambda: NOW)) as client:
        yield client


@pytest.fixture(scope="module")
def narrow() -> Iterator[httpx.Client]:
    """A service that takes 30 resources a call."""
    with serving(create_app(Settings(max_entries=ENTRIES), clock=lambda: NOW)) as client:
        yield client


def issue(answer: httpx.Response) -> str:
    return str(answer.json()["issue"][0]["code"])


def weighed(count: int) -> dict[str, Any]:
    """A call with one order and a patient, and results up to this number of resources."""
    content = of("order-sign", ten_fold())
    content["prefetch"]["vitals"] = bundle(*(observation(f"w{n}") for n in range(count - 2)))
    return content


def test_entries_of_all_bundles_together(narrow: httpx.Client) -> None:
    assert "dose.implausible" in rules(narrow.post(SIGN, json=weighed(ENTRIES)))
    answer = narrow.post(SIGN, json=weighed(ENTRIES + 1))
    assert diagnostics(answer, 413) == (
        f"prefetch.vitals brings the call over {ENTRIES} resources; send fewer, or set IVIG_CDS_MAX_ENTRIES"
    )
    assert issue(answer) == "too-costly"


def test_entries_about_other_drugs_and_under_other_keys_count_as_well(narrow: httpx.Client) -> None:
    other = [order(f"o{n}", medicationCodeableConcept={"text": "amoxicillin"}) for n in range(ENTRIES)]
    assert rules(narrow.post(SIGN, json=call("order-sign", *other[:-1]))) == {}
    assert diagnostics(narrow.post(SIGN, json=call("order-sign", *other)), 413).startswith("prefetch.patient brings")
    assert diagnostics(narrow.post(SIGN, json=call("order-sign", *other, order())), 413).startswith(
        "context.draftOrders brings"
    )
    content = weighed(ENTRIES)
    content["prefetch"]["medications"] = bundle({"resourceType": "Medication", "id": "m"})
    diagnostics(narrow.post(SIGN, json=content), 413)


@pytest.mark.parametrize(("path", "hook"), [(SIGN, "order-sign"), (SELECT, "order-select")])
def test_orders_of_our_concern(roomy: httpx.Client, path: str, hook: str) -> None:
    drafted = [ten_fold(id="ivig"), order("mmr", medicationCodeableConcept=MMR)]
    drafted += [order(f"n{n}", medicationCodeableConcept={"text": "ibuprofen"}) for n in range(MOST_DRAFTED - 2)]
    others = [order(f"a{n}", medicationCodeableConcept={"text": "amoxicillin"}) for n in range(20)]
    assert "dose.implausible" in rules(roomy.post(path, json=of(hook, *drafted, *others)))
    answer = roomy.post(path, json=of(hook, *drafted, *others, ten_fold(id="one too many")))
    assert diagnostics(answer, 413).startswith(f"context.draftOrders holds more than {MOST_DRAFTED} orders")
    assert issue(answer) == "too-costly"


def test_orders_at_hand_with_those_on_record(roomy: httpx.Client) -> None:
    content = of("order-sign", ten_fold())
    on_record = [order(f"r{n}", status="active") for n in range(MOST_AT_HAND)]
    over = [order(f"c{n}", status="completed") for n in range(20)]
    content["prefetch"]["medicationRequests"] = bundle(*on_record[1:], *over)
    assert "dose.implausible" in rules(roomy.post(SIGN, json=content))
    content["prefetch"]["medicationRequests"] = bundle(*on_record, *over)
    answer = roomy.post(SIGN, json=content)
    assert diagnostics(answer, 413).startswith(
        f"prefetch.medicationRequests brings the call over {MOST_AT_HAND} orders for immune globulin"
    )


def given(n: int) -> dict[str, Any]:
    return {
        "resourceType": "MedicationAdministration",
        "id": f"a{n}",
        "status": "completed",
        "subject": {"reference": "Patient/p1"},
        "medicationCodeableConcept": {"text": "Privigen 10 %"},
        "effectiveDateTime": (date(2026, 11, 1) - timedelta(days=n)).isoformat(),
    }


@pytest.mark.parametrize(("path", "hook"), [(SIGN, "order-sign"), (VIEW, "patient-view")])
def test_doses_given(roomy: httpx.Client, path: str, hook: str) -> None:
    content = of(hook, ten_fold())
    content["prefetch"]["medicationAdministrations"] = bundle(*map(given, range(MOST_GIVEN)))
    assert roomy.post(path, json=content).status_code == 200
    content["prefetch"]["medicationDispenses"] = bundle(
        {**given(MOST_GIVEN), "resourceType": "MedicationDispense", "whenHandedOver": "2026-10-01"}
    )
    assert diagnostics(roomy.post(path, json=content), 413) == (
        f"prefetch.medicationDispenses brings the call over {MOST_GIVEN} doses of immune globulin in the past; "
        "send the newest"
    )


@pytest.mark.parametrize("sign", ["{},", "[],", "1,"])
def test_values_of_a_body(roomy: httpx.Client, sign: str) -> None:
    content = of("order-sign", ten_fold())
    room = VALUES - sum(map(json.dumps({**content, "extension": [0, 0]}).count, "{[,"))
    many = room // sum(map(sign.count, "{[,"))
    for count, status in ((many, 200), (many + 2, 413)):
        body = json.dumps(content)[:-1] + f', "extension": [{sign * count}0, 0]}}'
        answer = roomy.post(SIGN, content=body, headers=JSON)
        assert answer.status_code == status, answer.text
    assert diagnostics(answer, 413) == f"holds more than {VALUES} values; send fewer resources"
    assert issue(answer) == "too-costly"


def test_bytes_of_a_body(service: httpx.Client) -> None:
    body = json.dumps(of("order-sign", ten_fold())).encode().ljust(200_000)
    assert rules(service.post(SIGN, content=body, headers=JSON))
    answer = service.post(SIGN, content=body + b" ", headers=JSON)
    assert diagnostics(answer, 413) == "larger than 200000 bytes; IVIG_CDS_MAX_BODY sets the limit"
    assert issue(answer) == "too-long"


@pytest.mark.parametrize("opening", ["[", '{"a":', '{"a":[{"b":['])
def test_nesting_without_an_end_is_400(roomy: httpx.Client, opening: str) -> None:
    for depth in (200, 2000, 100_000):
        assert roomy.post(SIGN, content=opening * depth, headers=JSON).status_code == 400
