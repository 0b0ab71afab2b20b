"""Further pages: followed under the server's own address up to a limit, and said where that does not bring all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from cds.access.asking import PAGES
from tests.access.calling import asking, cards, condition, not_checked, ordered, record, rules
from tests.fhir_server import FhirServer, acts
from tests.hooks.calls import bundle

COLDS = [condition(f"cold{number:03}", "a cold") for number in range(30)]


def paged(fhir: FhirServer, colds: int = 5) -> None:
    """The kidney disease stands on the last page, behind so many colds of which there is one on a page."""
    patient, weight, disease = record()
    fhir.reset([patient, weight, *COLDS[:colds], disease], page=1)


def told(client: httpx.Client, fhir: FhirServer) -> list[dict[str, Any]]:
    return cards(client, asking(fhir, "order-sign", ordered()))


@pytest.mark.parametrize("colds", [1, 5, PAGES])
def test_pages_are_followed_to_the_end(client: httpx.Client, fhir: FhirServer, colds: int) -> None:
    paged(fhir, colds)
    found = told(client, fhir)
    assert "renal.sucrose-at-risk" in rules(found)
    assert not not_checked(found)
    assert fhir.kinds.count("Condition") == colds + 1


def test_there_is_a_limit(client: httpx.Client, fhir: FhirServer) -> None:
    paged(fhir, PAGES + 1)
    found = told(client, fhir)
    assert "renal.sucrose-at-risk" not in rules(found)
    assert f"Conditions were read in part (the answer has more than {PAGES} further pages" in not_checked(found)
    assert fhir.kinds.count("Condition") == PAGES + 1


@pytest.mark.parametrize(
    ("lie", "why"),
    [
        (lambda url: "https://evil.example/fhir/Condition?_page=2", "at another address, which is not followed"),
        (lambda url: url.replace("/fhir/", "/admin/"), "at another address, which is not followed"),
        (lambda url: url.replace("http://", "http://u@"), "at another address, which is not followed"),
        (lambda url: "", "at another address, which is not followed"),
        (lambda url: url.replace("_page=3", "_page=2"), "that lead back"),
    ],
)
def test_a_link_that_lies(client: httpx.Client, fhir: FhirServer, lie: Callable[[str], str], why: str) -> None:
    paged(fhir)
    fhir.next_link = lie
    found = told(client, fhir)
    assert f"Conditions were read in part (the answer has further pages {why}" in not_checked(found)
    assert fhir.kinds.count("Condition") <= 2


def test_there_is_a_limit_to_entries(client: httpx.Client, fhir: FhirServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cds.access.asking.ENTRIES", 3)
    paged(fhir, 3)
    assert "renal.sucrose-at-risk" in rules(told(client, fhir))
    paged(fhir, 4)
    assert "the answer has further pages after more than 3 entries" in not_checked(told(client, fhir))


def test_links_without_an_end(client: httpx.Client, fhir: FhirServer) -> None:
    paged(fhir, 1)
    fhir.acts["Condition"] = lambda asked, reply: acts.body(
        b'{"resourceType":"Bundle","link":[{"relation":"next","url":"Condition?%d"}]}' % len(fhir.asked)
    )(asked, reply)
    found = told(client, fhir)
    assert f"has more than {PAGES} further pages" in not_checked(found)
    assert fhir.kinds.count("Condition") == PAGES + 1


def test_a_relative_link_is_followed(client: httpx.Client, fhir: FhirServer) -> None:
    paged(fhir, 2)
    fhir.next_link = lambda url: url.partition("/fhir/")[2]
    assert "renal.sucrose-at-risk" in rules(told(client, fhir))


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (acts.status(500), "has further pages, and the FHIR server failed (500)"),
        (acts.reset, "has further pages, and the FHIR server broke off its answer"),
        (acts.body(b'{"resourceType":"Condition"}'), "has a further page that is no Bundle"),
        (acts.body(b'{"resourceType":"Bundle","entry":{}}'), "has a further page that is no Bundle"),
    ],
)
def test_a_further_page_that_fails_leaves_what_came(
    client: httpx.Client, fhir: FhirServer, act: Callable[..., Any], why: str
) -> None:
    patient, weight, disease = record()
    fhir.reset([patient, weight, disease, *COLDS[:3]], page=1)
    fhir.acts["Condition"] = lambda asked, reply: act(asked, reply) if "_page" in dict(asked.params) else reply
    found = told(client, fhir)
    assert "renal.sucrose-at-risk" in rules(found)
    assert why in not_checked(found)


def test_a_page_that_is_late_leaves_what_came(hasty: httpx.Client, fhir: FhirServer) -> None:
    patient, weight, disease = record()
    fhir.reset([patient, weight, disease, *COLDS[:3]], page=1)
    fhir.acts["Condition"] = lambda asked, reply: acts.late(30 if "_page" in dict(asked.params) else 0)(asked, reply)
    found = told(hasty, fhir)
    assert "renal.sucrose-at-risk" in rules(found)
    assert "has further pages, and the FHIR server did not answer in time" in not_checked(found)


def first_page(fhir: FhirServer, *resources: dict[str, Any]) -> dict[str, Any]:
    """What a client sends of a search that has a second page on the server."""
    link = {"relation": "next", "url": f"{fhir.url}/Condition?patient=p1"}
    return bundle(*(resources or COLDS[:1]), type="searchset", total=2, link=[link])


@pytest.mark.parametrize("wrap", [lambda one: one, lambda one: {"response": {"status": "200"}, "resource": one}])
def test_r5_what_a_client_sent_in_part_is_completed(client: httpx.Client, fhir: FhirServer, wrap: Any) -> None:
    content = asking(fhir, "order-sign", ordered(), prefetch={"conditions": wrap(first_page(fhir))})
    found = cards(client, content)
    assert "renal.sucrose-at-risk" in rules(found)
    assert not not_checked(found)
    assert fhir.kinds.count("Condition") == 1


def test_r5_what_cannot_be_completed_stays_incomplete(client: httpx.Client, fhir: FhirServer) -> None:
    disease = record()[2]
    fhir.acts["Condition"] = acts.status(500)
    content = asking(fhir, "order-sign", ordered(), prefetch={"conditions": first_page(fhir, disease)})
    found = cards(client, content)
    assert "renal.sucrose-at-risk" in rules(found)
    said = "prefetch.conditions has further pages, and the FHIR server failed (500)"
    assert f"Conditions were read in part ({said}" in not_checked(found)
    del content["fhirAuthorization"], content["fhirServer"]
    fhir.asked.clear()
    assert "(prefetch.conditions has further pages" in not_checked(cards(client, content))
    assert not fhir.asked


def test_a_search_that_says_there_is_more_but_not_where(client: httpx.Client, fhir: FhirServer) -> None:
    fhir.acts["Condition"] = acts.body(b'{"resourceType":"Bundle","total":7,"entry":[]}')
    assert "the answer holds fewer entries than its total" in not_checked(told(client, fhir))
