"""Answers hold no null and no empty member, but always `cards`."""

from __future__ import annotations

import json

from cds.hooks import cards_body, outcome_body


def test_c10_nothing_to_say_is_an_empty_list_and_nothing_else() -> None:
    assert cards_body(()) == b'{"cards":[]}'


def test_no_null_and_no_empty_member_remains() -> None:
    card = {
        "summary": "s",
        "detail": "",
        "links": [],
        "extension": {},
        "source": {"label": "l", "url": None, "topic": {"display": ""}},
        "suggestions": [{"label": "x", "isRecommended": False, "actions": [{}]}, {"label": ""}],
        "count": 0,
    }
    assert json.loads(cards_body([card])) == {
        "cards": [
            {
                "summary": "s",
                "source": {"label": "l"},
                "suggestions": [{"label": "x", "isRecommended": False}],
                "count": 0,
            }
        ]
    }


def test_a_resource_keeps_the_nulls_that_align_its_extensions() -> None:
    resource = {"given": [None, "Ann"], "_given": [{"extension": [{"url": "u"}]}, None], "empty": []}
    card = {"suggestions": [{"label": "x", "actions": [{"type": "update", "description": "d", "resource": resource}]}]}
    action = json.loads(cards_body([card]))["cards"][0]["suggestions"][0]["actions"][0]
    assert action["resource"] == {"given": [None, "Ann"], "_given": [{"extension": [{"url": "u"}]}, None]}


def test_an_error_is_an_operation_outcome_with_its_place() -> None:
    assert json.loads(outcome_body("invalid", "is missing", "context.userId")) == {
        "resourceType": "OperationOutcome",
        "issue": [
            {
                "severity": "error",
                "code": "invalid",
                "diagnostics": "context.userId is missing",
                "expression": ["context.userId"],
            }
        ],
    }
    assert "expression" not in json.loads(outcome_body("invalid", "not valid JSON"))["issue"][0]
