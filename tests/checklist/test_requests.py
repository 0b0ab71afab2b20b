"""R1-R3, R7, R8: what is refused, always with 400 and the place, and what is tolerated."""

from __future__ import annotations

import copy
import json
import uuid
from typing import Any

import httpx
import pytest

from tests.checklist.conftest import REQUESTS, Examined
from tests.hooks.calls import PATIENT, call
from tests.hooks.service import JSON, SECRET, SELECT, SIGN, diagnostics, of, ten_fold

EVERY = pytest.mark.parametrize("stem", REQUESTS)


def path_of(request: dict[str, Any]) -> str:
    return f"/cds-services/ivig-{request['hook']}"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"{", "not valid JSON"),
        (b"", "not valid JSON"),
        (b"[]", "must be a JSON object"),
        (b"null", "must be a JSON object"),
        (b"{}", "hook is missing"),
        (json.dumps(call() | {"hookInstance": SECRET}).encode(), "hookInstance must be a UUID"),
        (json.dumps(call("order-select")).encode(), "hook this service answers order-sign"),
        (json.dumps(call() | {"prefetch": {"patient": PATIENT | {"id": SECRET}}}).encode(), "prefetch.patient holds"),
        (b'{"a":' * 400 + b"1" + b"}" * 400, "nested more than"),
    ],
)
def test_R1_bad_input_is_400_and_names_the_place(service: httpx.Client, body: bytes, says: str) -> None:
    assert says in diagnostics(service.post(SIGN, content=body, headers=JSON), 400)


def test_R1_what_every_service_must_refuse_is_refused(examined: Examined) -> None:
    examined.passes("R1")
    (said,) = examined.result("R1").seen
    assert said.startswith("answered 400 × ")


@EVERY
def test_R1_each_required_member_is_missed(service: httpx.Client, stem: str) -> None:
    request = REQUESTS[stem]
    required = ["hook", "hookInstance", "context", "context.userId", "context.patientId"]
    required += ["context.draftOrders"] if request["hook"] != "patient-view" else []
    required += ["context.selections"] if request["hook"] == "order-select" else []
    for path in required:
        lacking = copy.deepcopy(request)
        *parents, last = path.split(".")
        place = lacking[parents[0]] if parents else lacking
        del place[last]
        assert diagnostics(service.post(path_of(request), json=lacking), 400) == f"{path} is missing"


def test_R2_another_hooks_body_is_400(service: httpx.Client, examined: Examined) -> None:
    examined.passes("R2")
    assert diagnostics(service.post(SELECT, json=call()), 400) == "hook this service answers order-select"


@pytest.mark.parametrize("hook", ["order_sign", "Order-Sign", "ordersign", "order-signs", SECRET])
def test_R2_a_misspelt_hook_is_400(service: httpx.Client, hook: str) -> None:
    said = diagnostics(service.post(SIGN, json={**call(), "hook": hook}), 400)
    assert said == "hook this service answers order-sign"


@pytest.mark.parametrize("instance", ["", "1", SECRET, str(uuid.UUID(int=7)).replace("-", "")])
def test_R3_a_hook_instance_that_is_no_uuid_is_400(service: httpx.Client, examined: Examined, instance: str) -> None:
    examined.passes("R3")
    said = diagnostics(service.post(SIGN, json={**call(), "hookInstance": instance}), 400)
    assert said == "hookInstance must be a UUID"


def test_R7_an_unknown_service_is_404(service: httpx.Client, examined: Examined) -> None:
    examined.passes("R7")
    assert "no CDS service of this id" in diagnostics(service.post(f"/cds-services/{SECRET}", json=call()), 404)


def test_R8_a_service_must_tolerate_what_it_does_not_know(examined: Examined) -> None:
    examined.passes("R8")


@EVERY
def test_R8_unknown_members_and_extensions_change_nothing(service: httpx.Client, stem: str) -> None:
    request = REQUESTS[stem]
    more: dict[str, Any] = copy.deepcopy(request) | {"extension": {"org.example": {"a": [1]}}, "unheard": {"of": []}}
    more["context"] |= {"extension": {"org.example": None}, "more": "x"}
    more["prefetch"] = (more.get("prefetch") or {}) | {"unadvertised": None}
    assert service.post(path_of(request), json=more).content == service.post(path_of(request), json=request).content


def test_R8_an_extension_in_an_order_changes_nothing(service: httpx.Client) -> None:
    plain = service.post(SIGN, json=of("order-sign", ten_fold())).json()
    noted = ten_fold(extension=[{"url": "https://example.org/note", "valueString": "x"}])
    assert [card["uuid"] for card in service.post(SIGN, json=of("order-sign", noted)).json()["cards"]] == [
        card["uuid"] for card in plain["cards"]
    ]
