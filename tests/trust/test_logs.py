"""What the log says of each caller: enough to help a client that meets a mute 401, and nothing that could be forged."""

from __future__ import annotations

import logging

import pytest

from tests.hooks.service import SIGN
from tests.trust.signing import claims, private, token
from tests.trust.trusted import Trusted, of_second


def said(trusted: Trusted, caplog: pytest.LogCaptureFixture, made: str) -> str:
    """The one line about a call whose request id is r7."""
    caplog.clear()
    with caplog.at_level(logging.INFO):
        trusted.sign(made, **{"x-request-id": "r7"})
    (record,) = (record for record in caplog.records if record.name == "ivig_cds.trust")
    return f"{record.levelname} {record.getMessage()}"


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ({"jti": "a-1"}, "INFO request r7 admitted (client General Hospital, tenant none, jti a-1)"),
        (
            {"jti": "a-2", "tenant": "x y"},
            "INFO request r7 admitted (client General Hospital, tenant (not plain), jti a-2)",
        ),
        ({"jti": "a\r\n2"}, "INFO request r7 admitted (client General Hospital, tenant none, jti (not plain))"),
        ({"jti": "x" * 65}, "INFO request r7 admitted (client General Hospital, tenant none, jti (not plain))"),
        ({"exp": 5}, "WARNING request r7 refused: expired (client General Hospital)"),
        ({"iss": "https://evil.example/\n"}, "WARNING request r7 refused: unknown issuer (client unknown)"),
    ],
)
def test_a_caller_is_named_as_the_clients_file_does(
    trusted: Trusted, caplog: pytest.LogCaptureFixture, content: dict[str, object], line: str
) -> None:
    assert said(trusted, caplog, token(claims(**content))) == line


def test_what_a_client_is_forbidden_is_told_with_its_tenant(trusted: Trusted, caplog: pytest.LogCaptureFixture) -> None:
    line = said(trusted, caplog, of_second(tenant="east", jti="j-1"))
    assert line == "WARNING request r7 refused: tenant (client Second, tenant east, jti j-1)"


def test_nothing_that_nobody_signed_is_written(trusted: Trusted, caplog: pytest.LogCaptureFixture) -> None:
    forged = token(claims(jti="forged", tenant="forged"), key=private("P-384", "stranger"))
    assert said(trusted, caplog, forged) == "WARNING request r7 refused: signature (client General Hospital)"


def test_the_id_of_a_mute_answer_leads_to_its_reason(trusted: Trusted, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        answer = trusted.http.post(SIGN, json=trusted.body)
    assert f"request {answer.headers['x-request-id']} refused: no token" in caplog.text
