"""What CDS Hooks 3.0 adds where a site asks for it, over a socket: discovery, a prefetch key, override reasons."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from cds import create_app
from cds.advice.standard_reasons import DISPLAYS, SYSTEM, with_standard
from cds.knowledge.site import ALL, GroupReasons
from cds.settings import Settings, read_settings
from tests.checklist.test_feedback import gained
from tests.conftest import NOW, serving
from tests.hooks.calls import bundle, order
from tests.hooks.service import SIGN, of, rules, ten_fold
from tests.hooks.test_feedback import item

OWN = "https://ivig-cds.org/fhir/CodeSystem/override-reason"


@pytest.fixture(scope="module")
def three() -> Iterator[httpx.Client]:
    with serving(create_app(Settings(cds_hooks="3.0"), clock=lambda: NOW)) as client:
        yield client


def offered(client: httpx.Client) -> list[dict[str, Any]]:
    return list(client.get("/cds-services").json()["services"])


def test_it_is_2_0_unless_a_site_asks_for_3_0(service: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not any({"version", "hookVersion"} & set(one) for one in offered(service))
    monkeypatch.setenv("IVIG_CDS_CDS_HOOKS", "3.0")
    assert read_settings().cds_hooks == "3.0"


def test_discovery_tells_the_versions_and_changes_nothing_else(service: httpx.Client, three: httpx.Client) -> None:
    for one, plain in zip(offered(three), offered(service), strict=True):
        assert (one.pop("version"), one.pop("hookVersion")) == ("3.0.0", "1.0")
        one["prefetch"].pop("medications", None)
        assert one == plain


def test_medications_of_draft_orders_are_asked_for_where_there_are_draft_orders(three: httpx.Client) -> None:
    asked = {one["hook"]: one["prefetch"].get("medications") for one in offered(three)}
    query = "Medication?_id={{context.draftOrders.entry.resource.ofType(MedicationRequest).medication.resolve().id}}"
    assert asked == {"order-select": query, "order-sign": query, "patient-view": None}


def test_medications_that_are_sent_are_read(three: httpx.Client) -> None:
    refers = ten_fold(medicationReference={"reference": "Medication/m1"})
    del refers["medicationCodeableConcept"]
    content = of("order-sign", refers)
    assert set(rules(three.post(SIGN, json=content))) == {"data.not-checked"}
    named = {"resourceType": "Medication", "id": "m1", "code": order()["medicationCodeableConcept"]}
    content["prefetch"]["medications"] = bundle(named)
    assert "dose.implausible" in rules(three.post(SIGN, json=content))


def reasons(client: httpx.Client) -> list[list[tuple[str, str]]]:
    """The override reasons of each card, as system and code."""
    cards = client.post(SIGN, json=of("order-sign", ten_fold())).json()["cards"]
    assert all(reason["display"] for card in cards for reason in card["overrideReasons"])
    return [[(reason["system"], reason["code"]) for reason in card["overrideReasons"]] for card in cards]


def test_cards_offer_the_reasons_of_the_standard_after_our_own(service: httpx.Client, three: httpx.Client) -> None:
    standard = [(SYSTEM, code) for code in DISPLAYS]
    assert len(standard) == 12
    assert reasons(three) == [[*own, *standard] for own in reasons(service)]
    assert all(system == OWN for own in reasons(service) for system, _ in own)


def test_a_site_that_replaces_all_reasons_keeps_to_its_own() -> None:
    mine = {"system": "http://hospital.example/reasons", "code": "K7", "display": "Seen"}
    added = with_standard({ALL: GroupReasons((mine,), replace=False, line=1)})
    assert [coding["code"] for coding in added[ALL].codings] == [*DISPLAYS, "K7"]
    replaced = {ALL: GroupReasons((mine,), replace=True, line=1)}
    assert with_standard(replaced) == replaced


def test_both_kinds_are_counted_by_name(three: httpx.Client) -> None:
    said = item(overrideReason={"reason": {"system": SYSTEM, "code": "patient-refuses"}})
    assert gained(three, said) == {'outcome="overridden",reason="patient-refuses"': 1}
    elsewhere = item(overrideReason={"reason": {"system": SYSTEM, "code": "no-such-code"}})
    assert gained(three, elsewhere) == {'outcome="overridden",reason="other"': 1}
