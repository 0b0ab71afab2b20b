"""F1-F3 of the compliance checklist, over a socket."""

from __future__ import annotations

import logging
import re
from typing import Any

import httpx
import pytest

from tests.hooks.service import JSON, SECRET, SIGN, diagnostics, of, ten_fold
from tests.hooks.test_feedback import CARD, OWN, SUGGESTION, item

FEEDBACK = f"{SIGN}/feedback"
BENEFIT = {"system": "https://ivig-cds.org/fhir/CodeSystem/override-reason", "code": "benefit-outweighs-risk"}


def send(service: httpx.Client, *items: Any, path: str = FEEDBACK) -> httpx.Response:
    return service.post(path, json={"feedback": list(items)})


def counted(service: httpx.Client) -> dict[str, float]:
    """The counters of feedback, by their labels."""
    text = service.get("/metrics").text
    assert SECRET not in text
    found = re.findall(r"^ivig_cds_feedback_total\{(.*)\} (\S+)$", text, re.MULTILINE)
    return {labels: float(count) for labels, count in found}


def gained(service: httpx.Client, *items: Any) -> dict[str, float]:
    """What one accepted batch adds to the counters."""
    before = counted(service)
    taken(send(service, *items))
    return {
        labels: count - before.get(labels, 0)
        for labels, count in counted(service).items()
        if count != before.get(labels)
    }


def taken(answer: httpx.Response) -> None:
    assert (answer.status_code, answer.content) == (200, b""), answer.text
    assert "content-type" not in answer.headers


@pytest.mark.parametrize(
    "body",
    [
        *(b"{", b"[]", b"null", b"{}"),
        *(b'{"feedback": null}', b'{"feedback": []}', b'{"feedback": {}}', b'{"feedback": [1]}'),
        b'{"feedback": [{"card": "x", "outcome": "ignored", "outcomeTimestamp": "2026-11-20T12:00:00Z"}]}',
    ],
)
def test_F1_the_body_is_an_object_with_a_list_of_feedback(service: httpx.Client, body: bytes) -> None:
    diagnostics(service.post(FEEDBACK, content=body, headers=JSON), 400)


def test_F1_a_fault_in_one_report_names_it_and_none_of_the_batch_counts(service: httpx.Client) -> None:
    before = counted(service)
    wrong = item(overrideReason={"reason": {"system": SECRET, "code": 5}})
    assert diagnostics(send(service, item(), wrong), 400) == "feedback[1].overrideReason.reason.code must be a string"
    assert counted(service) == before


def test_F1_reports_on_cards_that_were_given(service: httpx.Client) -> None:
    cards = service.post(SIGN, json=of("order-sign", ten_fold())).json()["cards"]
    reason = {key: value for key, value in cards[0]["overrideReasons"][0].items() if key != "display"}
    assert gained(service, *(item(card=card["uuid"], overrideReason={"reason": reason}) for card in cards)) == {
        f'outcome="overridden",reason="{reason["code"]}"': len(cards)
    }


def test_F1_other_media_types_methods_and_services(service: httpx.Client) -> None:
    assert service.post(FEEDBACK, content=b"{}", headers={"content-type": "text/plain"}).status_code == 415
    assert service.get(FEEDBACK).headers["allow"] == "POST"
    said = diagnostics(send(service, item(), path=f"/cds-services/{SECRET}/feedback"), 404)
    assert said.startswith("there is no CDS service of this id")
    diagnostics(service.post(FEEDBACK, content=b" " * 200_001, headers=JSON), 413)


def test_F2_repeats_unknown_cards_and_cards_of_several_calls(service: httpx.Client) -> None:
    cards = [
        card["uuid"]
        for instance in ("3f2504e0-4f89-41d3-9a0c-0305e82c3301", "0f6a3a1e-3283-4575-ab82-028d55fe2719")
        for card in service.post(SIGN, json=of("order-sign", ten_fold()) | {"hookInstance": instance}).json()["cards"]
    ]
    batch = [*(item(card=card) for card in cards), item(card=CARD), item(card=CARD), item("accepted", card=CARD)]
    for _ in range(2):
        assert gained(service, *batch) == {
            'outcome="overridden",reason="none"': len(cards) + 2,
            'outcome="accepted",reason="none"': 1,
        }


def test_F2_reasons_of_the_client_and_comments_are_taken_and_never_named(
    service: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        assert gained(
            service,
            item(overrideReason={"reason": BENEFIT, "userComment": SECRET}),
            item(overrideReason={"reason": {**OWN, "code": SECRET}}),
            item(overrideReason={"reason": {**BENEFIT, "system": OWN["system"]}}),
            item(overrideReason={"userComment": SECRET}),
        ) == {
            'outcome="overridden",reason="benefit-outweighs-risk"': 1,
            'outcome="overridden",reason="other"': 2,
            'outcome="overridden",reason="comment"': 1,
        }
    assert SECRET not in caplog.text


@pytest.mark.parametrize("suggestions", [..., None, []])
def test_F3_accepted_without_suggestions_is_400(service: httpx.Client, suggestions: Any) -> None:
    said = diagnostics(send(service, item("accepted", acceptedSuggestions=suggestions)), 400)
    assert said == "feedback[0].acceptedSuggestions must name the suggestions that were accepted"


def test_F3_accepted_with_suggestions(service: httpx.Client) -> None:
    taken(send(service, item("accepted", acceptedSuggestions=[{"id": SUGGESTION}, {"id": CARD}])))
