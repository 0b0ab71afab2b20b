"""S4-S7: whom a service trusts, what it tells strangers, and what cannot be seen from outside."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from cds.conformance.check import Remarks, fails, line, passes, skips, warns
from cds.conformance.examination import Examination
from cds.conformance.gates import OPEN, Gate, gates, guarded, knock, turned_away
from cds.conformance.identity import claims, signed, unsigned
from cds.conformance.shape import quoted
from cds.conformance.wire import Answer, Listener

_TELLTALE = re.compile(
    r"(?i)\b(expired?|signatures?|audience|aud|issuer|iss|kid|jti|jku|jwks?|claims?|algorithms?|decod\w+|traceback)\b"
)
_UNLIKE = re.compile(r"[0-9a-f]{8,}|\d+|-")
"""What differs from answer to answer: ids and times."""
_LISTED = "https://unlisted.example"


@line("S4", "A jku that is not on the service's list is never fetched")
def foreign_keys(examination: Examination) -> Remarks:
    doors = guarded(examination)
    with examination.wire.listening() as listener:
        for gate in doors:
            for token in _pointing(examination, gate, listener):
                knock(examination, gate, token)
        callers = listener.callers
    if callers:
        yield fails(f"the service fetched a jku that nobody listed, {callers} times")
    elif not doors:
        yield skips(OPEN)
    elif not examination.on_this_machine:
        yield skips("a service on another machine cannot reach the port that would notice it")
    else:
        yield passes("nobody came to the jku that was sent")


def _pointing(examination: Examination, gate: Gate, listener: Listener) -> Iterator[str]:
    """Tokens that name this machine as the place of their keys; with the client's signature where there is one."""
    identity = examination.given.identity
    for scheme in ("http", "https"):
        header = {"jku": f"{scheme}://127.0.0.1:{listener.port}/keys", "kid": "conformance-unlisted"}
        part = unsigned({"alg": "ES384", "typ": "JWT", **header}, claims(examination.issuer, gate.url))
        yield signed(part, os.urandom(96))
        if identity:
            yield identity.token(gate.url, header=header)


@line("S5", "Whatever is wrong with a token, the answer is 401 and does not say what")
def mute(examination: Examination) -> Remarks:
    doors = guarded(examination)
    if not doors:
        yield skips(OPEN)
    for gate in doors:
        bad = {what: knock(examination, gate, token) for what, token in _bad(examination, gate)}
        answers = {"no token": gate.open_answer, **bad}
        for what, answer in answers.items():
            remark = turned_away(answer, what)
            yield warns(f"{what}: {answer.status}, not 401") if answer.status in (400, 403) else remark
        yield from _said(answers)


def _bad(examination: Examination, gate: Gate) -> Iterator[tuple[str, str]]:
    yield "no JWT", "conformance"
    header = {"alg": "ES384", "typ": "JWT", "kid": "conformance"}
    content = claims(examination.issuer, gate.url)
    yield "a false signature", signed(unsigned(header, content), os.urandom(96))
    yield "an unknown issuer", signed(unsigned(header, content | {"iss": "https://nobody.example"}), os.urandom(96))
    if identity := examination.given.identity:
        yield "an expired token", identity.token(gate.url, iat=content["iat"] - 7200, exp=content["iat"] - 3600)
        yield "an unknown kid", identity.token(gate.url, header={"kid": "conformance-unknown"})


def _said(answers: dict[str, Answer]) -> Remarks:
    bodies = {what: answer.body.decode("utf-8", "replace") for what, answer in answers.items() if answer.status == 401}
    for what, body in bodies.items():
        if word := _TELLTALE.search(body):
            yield warns(f"{what}: the answer says {quoted(word[0])}")
    if len({_UNLIKE.sub("", body) for body in bodies.values()}) > 1:
        yield warns("the answers differ by what is wrong")


@line("S6", "A browser's preflight is answered without a token and allows Authorization")
def preflight(examination: Examination) -> Remarks:
    if not examination.given.origin:
        yield skips("give the --origin of a browser client that the service knows")
        return
    for gate in gates(examination):
        answer = _asked(examination, gate, examination.given.origin)
        name = "discovery" if gate.method == "GET" else "the service"
        wrong = [answer.trouble] if answer.trouble else list(_lacking(answer, gate, examination.given.origin))
        yield from (fails(f"{name}: {what}") for what in wrong)
        if not wrong:
            yield passes("preflights")
        if _asked(examination, gate, _LISTED).headers.get("access-control-allow-origin") in (_LISTED, "*"):
            yield warns(f"{name}: any origin is allowed")


def _asked(examination: Examination, gate: Gate, origin: str) -> Answer:
    headers = {
        "origin": origin,
        "access-control-request-method": gate.method,
        "access-control-request-headers": "authorization,content-type",
    }
    return examination.wire.send("OPTIONS", gate.url, headers=headers)


def _lacking(answer: Answer, gate: Gate, origin: str) -> Iterator[str]:
    def listed(name: str) -> set[str]:
        return {part.strip().lower() for part in answer.headers.get(f"access-control-allow-{name}", "").split(",")}

    if not 200 <= answer.status < 300:
        yield f"the preflight is answered {answer.status}"
        return
    if answer.headers.get("access-control-allow-origin") not in (origin, "*"):
        yield "the origin is not allowed"
    if gate.method != "GET" and gate.method.lower() not in listed("methods") and "post" not in listed("methods"):
        yield f"{gate.method} is not allowed"
    lacking = {"authorization", "content-type"} - listed("headers")
    if lacking:
        yield f"{', '.join(sorted(lacking))} not allowed"


@line("S7", "Tokens never stand in a log")
def logs(examination: Examination) -> Remarks:
    yield skips("cannot be seen from outside: search the service's logs for the tokens of this run")
