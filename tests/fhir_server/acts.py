"""What a server can do wrong with one answer."""

from __future__ import annotations

from dataclasses import replace

from tests.fhir_server.server import Act, Asked, Reply


def status(code: int) -> Act:
    """An answer of another status, with an OperationOutcome."""
    outcome = (
        b'{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"timeout","diagnostics":"Jane Doe"}]}'
    )
    return lambda asked, reply: replace(reply, status=code, body=outcome)


def body(content: bytes, type_: str = "application/fhir+json") -> Act:
    return lambda asked, reply: Reply(body=content, headers={"content-type": type_})


def headers(**more: str) -> Act:
    """More headers, their names with a hyphen for each underscore."""
    named = {name.replace("_", "-"): value for name, value in more.items()}
    return lambda asked, reply: replace(reply, headers=reply.headers | named)


def late(seconds: float) -> Act:
    return lambda asked, reply: replace(reply, late=seconds)


def redirect(to: str, code: int = 302) -> Act:
    return lambda asked, reply: Reply(code, headers={"location": to})


def cut(asked: Asked, reply: Reply) -> Reply:
    """Half of the answer, and then the connection is closed."""
    return replace(reply, cut=len(reply.body) // 2)


def huge(asked: Asked, reply: Reply) -> Reply:
    """More than anybody wants to read, and no word of how much it is."""
    return replace(reply, body=b" " * 20 * 1024 * 1024, unannounced=True)


def reset(asked: Asked, reply: Reply) -> Reply:
    """No answer at all: the connection is broken off."""
    return replace(reply, reset=True)
