"""What a service can do wrong, each with the line that must say so, and the lines that cannot be checked then."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from cds.conformance import Outcome
from tests.conformance.reference import Behavior, Change

FAIL, WARNING = Outcome.FAIL, Outcome.WARNING
Edit = Callable[[dict[str, Any]], Any]


@dataclass(frozen=True)
class Fault:
    """`line` comes to `outcome`; `follows` are lines that may come to something else than on a right service."""

    name: str
    line: str
    outcome: Outcome
    behavior: Behavior
    follows: frozenset[str] = frozenset()

    @property
    def title(self) -> str:
        return f"{self.line} {self.outcome.value}: {self.name}"


def _changed(edit: Edit, each: Callable[[dict[str, Any]], Any]) -> Change:
    def change(content: Any) -> Any:
        made = copy.deepcopy(content)
        for one in each(made):
            edit(one)
        return made

    return change


def service(name: str, line: str, edit: Edit, outcome: Outcome = FAIL, *follows: str) -> Fault:
    """A fault of the one service in discovery."""
    return Fault(name, line, outcome, Behavior(_changed(edit, lambda content: content["services"])), frozenset(follows))


def card(name: str, line: str, edit: Edit, outcome: Outcome = FAIL, *follows: str) -> Fault:
    """A fault of every card."""
    behavior = Behavior(answer=_changed(edit, lambda content: content["cards"]))
    return Fault(name, line, outcome, behavior, frozenset(follows))


def answer(name: str, line: str, change: Change, outcome: Outcome = FAIL, *follows: str) -> Fault:
    return Fault(name, line, outcome, Behavior(answer=change), frozenset(follows))


def query(name: str, line: str, written: str, outcome: Outcome = FAIL, **members: str) -> Fault:
    """A prefetch query of the service."""

    def edit(one: dict[str, Any]) -> None:
        one["prefetch"]["meds"] = written
        one.update(members)

    return service(name, line, edit, outcome)


def does(line: str, outcome: Outcome, /, *follows: str, **instead: int) -> Fault:
    """A status in place of what a check of the service gives."""
    return Fault(_named(instead), line, outcome, Behavior(instead=dict(instead)), frozenset(follows))


def gate(line: str, outcome: Outcome, /, *follows: str, **instead: int) -> Fault:
    """The same of a service that asks for tokens."""
    return Fault(_named(instead), line, outcome, Behavior(instead=dict(instead), guarded=True), frozenset(follows))


def _named(instead: Mapping[str, int]) -> str:
    return ", ".join(f"{check} {status}" for check, status in instead.items())


def action(name: str, edit: Edit, outcome: Outcome = FAIL) -> Fault:
    """A fault of every action."""
    return card(name, "C7", lambda c: [edit(a) for s in c["suggestions"] for a in s["actions"]], outcome)


def without(name: str) -> Edit:
    return lambda one: one.pop(name, None)


def puts(name: str, value: Any) -> Edit:
    return lambda one: one.update({name: value})


def unescaped(*pairs: str) -> Edit:
    """The detail with each first text replaced by the second."""

    def edit(one: dict[str, Any]) -> None:
        for escaped, plain in zip(pairs[::2], pairs[1::2], strict=True):
            one["detail"] = one["detail"].replace(escaped, plain)

    return edit


ALL = frozenset(
    f"{part}{n}" for part, last in zip("DRCFSP", (5, 8, 10, 3, 7, 1), strict=True) for n in range(1, last + 1)
)
CARDS = frozenset(f"C{number}" for number in range(1, 11))

DISCOVERY = [
    Fault(name, "D1", FAIL, Behavior(discovery=lambda _, made=made: made()), ALL)
    for name, made in {
        "a page in place of JSON": lambda: HTMLResponse("<h1>Welcome</h1>"),
        "a list": lambda: JSONResponse([]),
        "services null": lambda: JSONResponse({"services": None}),
        "no content": lambda: Response(status_code=204),
        "another host": lambda: RedirectResponse("https://example.org/cds-services"),
        "a fault": lambda: JSONResponse({}, 500),
    }.items()
] + [
    Fault("text/html", "D1", WARNING, Behavior(discovery=lambda c: JSONResponse(c, media_type="text/html"))),
    service("no description", "D2", without("description")),
    service("description a number", "D2", puts("description", 5)),
    service("no id", "D2", without("id"), FAIL, *ALL),
    service("hook empty", "D2", puts("hook", " "), FAIL, *ALL),
    service("no title", "D2", without("title"), WARNING),
    service("prefetch a list", "D2", puts("prefetch", ["Patient"]), FAIL, *ALL),
    service("a query that is an object", "D2", lambda one: one["prefetch"].update(more={"a": 1})),
    service("usageRequirements a list", "D2", puts("usageRequirements", ["x"])),
    service("extension a list", "D2", puts("extension", ["x"])),
    Fault("the same twice", "D2", FAIL, Behavior(discovery=lambda c: {"services": c["services"] * 2})),
    Fault("a string for a service", "D2", FAIL, Behavior(discovery=lambda c: {"services": [*c["services"], "x"]})),
    service("usageRequirements null", "D3", puts("usageRequirements", None), FAIL, "D2"),
    service("title empty", "D3", puts("title", ""), FAIL, "D2"),
    service("extension with an empty list deep down", "D3", puts("extension", {"a": [{"b": []}]})),
    query("a path below the root", "D4", "Condition?patient={{context.draftOrders.entry.id}}"),
    query("a field that is a Bundle", "D4", "Condition?patient={{context.draftOrders}}"),
    query("a name of its own", "D4", "Condition?patient={{patient}}"),
    query("an open brace", "D4", "Condition?patient={{context.patientId}"),
    query("a field of another hook", "D4", "Condition?patient={{context.dispatchedOrders}}", WARNING),
    query("an absolute address", "D5", "https://ehr.example/Condition?patient={{context.patientId}}"),
    query("an operation", "D5", "Patient/$match"),
    query("words", "D5", "all conditions of the patient"),
    query(
        "_include",
        "D5",
        "MedicationRequest?patient={{context.patientId}}&_include=MedicationRequest:medication",
        WARNING,
    ),
    query("_has", "D5", "Patient?_has:Observation:patient:code=1234-5", WARNING),
    query("a chain", "D5", "Observation?patient.name=x", WARNING),
    query(":not", "D5", "Condition?patient={{context.patientId}}&code:not=x", WARNING),
    query("a composite", "D5", "Observation?code-value-quantity=1234-5$gt5", WARNING),
    query("a prefix", "D5", "Observation?date=ne2026", WARNING),
    query("3.0 without saying so", "D5", "Observation?date=ge{{today() - 90 days}}", WARNING),
]

REQUESTS = [
    does("R1", FAIL, json=500),
    does("R1", FAIL, members=200),
    does("R1", FAIL, members=500),
    does("R2", WARNING, hook=200),
    does("R2", FAIL, hook=500),
    does("R3", WARNING, uuid=200),
    does("R3", FAIL, uuid=500),
    does("R4", WARNING, server=200),
    does("R4", FAIL, server=500),
    does("R5", FAIL, "R6", data=500),
    does("R5", FAIL, "R6", data=400),
    does("R5", FAIL, pages=500),
    does("R6", WARNING, outcome=412),
    does("R7", FAIL, id=200),
    does("R7", FAIL, id=500),
    does("R7", WARNING, id=400),
    does("R8", FAIL, extension=400),
    does("R8", FAIL, extension=500),
    does("R8", WARNING, member=400),
    does("R8", FAIL, member=500),
]

_HTML = "Look at <b>this</b>."

CARD = [
    card("140 characters", "C1", puts("summary", "x" * 140)),
    card("140 UTF-16 units in 70 characters", "C1", puts("summary", "\U0001f489" * 70)),
    card("no summary", "C1", without("summary")),
    card("two lines", "C1", puts("summary", "a\nb"), WARNING),
    card("hard-stop", "C2", puts("indicator", "hard-stop")),
    card("no indicator", "C2", without("indicator")),
    card("no source", "C3", without("source")),
    card("no label", "C3", lambda c: c["source"].pop("label")),
    card("url relative", "C3", lambda c: c["source"].update(url="/guide")),
    card("topic a string", "C3", lambda c: c["source"].update(topic="dose")),
    card("no selectionBehavior", "C4", without("selectionBehavior")),
    card("selectionBehavior all", "C4", puts("selectionBehavior", "all")),
    card("selectionBehavior alone", "C4", without("suggestions"), WARNING, "C7"),
    card("suggestions an object", "C4", puts("suggestions", {"label": "x"}), FAIL, "C7"),
    card("a suggestion without label", "C4", lambda c: c["suggestions"][0].pop("label")),
    card("two recommended of at-most-one", "C4", lambda c: [s.update(isRecommended=True) for s in c["suggestions"]]),
    card("isRecommended a string", "C4", lambda c: c["suggestions"][0].update(isRecommended="true")),
    card("no uuid", "C5", without("uuid"), WARNING, "F2"),
    card("uuid a number", "C5", puts("uuid", 5), FAIL, "F2"),
    card("two suggestions with one uuid", "C5", lambda c: [s.update(uuid=c["uuid"] + "s") for s in c["suggestions"]]),
    card("the same uuid in every call", "C5", puts("uuid", "u1"), WARNING),
    card("no display", "C6", lambda c: c["overrideReasons"][0].pop("display")),
    card("overrideReasons strings", "C6", puts("overrideReasons", ["because"])),
    action("no description", without("description")),
    action("type remove", puts("type", "remove")),
    action("no resource", without("resource")),
    action("no resourceId", without("resourceId")),
    action("the resource as a string", lambda a: a.update(resource=a.pop("resourceId", a.get("resource"))), WARNING),
    action("an id without type", lambda a: a.update(resourceId="rx-1") if "resourceId" in a else None, WARNING),
    action("deletes a stranger", lambda a: a.update(resourceId="Task/9") if "resourceId" in a else None, WARNING),
    action("a patch", lambda a: a.get("resource", {}).pop("intent", None)),
    action("an update without id", lambda a: a.get("resource", {}).pop("id", None)),
    answer("a system action without a resource", "C7", lambda c: {**c, "systemActions": [{"type": "create"}]}),
    card("a link without label", "C8", lambda c: c["links"][0].pop("label")),
    card("a link without url", "C8", lambda c: c["links"][0].pop("url")),
    card("a link of type page", "C8", lambda c: c["links"][0].update(type="page")),
    card("appContext on a page", "C8", lambda c: c["links"][0].update(appContext="x")),
    card("autolaunchable yes", "C8", lambda c: c["links"][0].update(autolaunchable="yes")),
    card("HTML of its own", "C9", lambda c: c.update(detail=f"{_HTML} {c['detail']}"), WARNING),
    card("words taken for HTML", "C9", unescaped("&lt;", "<", "&gt;", ">")),
    card("words taken for a link", "C9", unescaped("\\[", "[", "\\]", "]")),
    card("words taken for code", "C9", unescaped("\\`", "`")),
    card("words taken for emphasis", "C9", unescaped("\\*", "*")),
    card("detail a list", "C9", puts("detail", ["x"])),
    answer("cards null", "C10", lambda c: {"cards": None}, FAIL, *CARDS, "F2"),
    answer("no cards", "C10", lambda c: {}, FAIL, *CARDS, "F2"),
    answer("a list", "C10", lambda c: [], FAIL, *CARDS, "F2"),
    answer("no JSON", "C10", lambda c: HTMLResponse("ok"), FAIL, *CARDS, "F2"),
    answer("a string for a card", "C10", lambda c: {"cards": [*c["cards"], "x"]}),
    answer("systemActions empty", "C10", lambda c: {**c, "systemActions": []}),
    card("a null deep in a card", "C10", puts("extension", {"a": [{"b": None}]})),
    Fault("204", "C10", FAIL, Behavior(instead={"good": 204}), ALL),
    Fault("500", "C10", FAIL, Behavior(instead={"good": 500}), ALL),
]

FEEDBACK = [
    does("F1", FAIL, shape=200),
    does("F1", FAIL, shape=500),
    does("F2", FAIL, batch=400),
    does("F2", FAIL, batch=500),
    does("F2", WARNING, orphan=404),
    does("F3", WARNING, accepted=200),
    does("F3", FAIL, accepted=500),
]

SECURITY = [
    gate("S1", FAIL, "S5", algorithm=200, signature=200),
    gate("S1", FAIL, algorithm=500),
    gate("S2", FAIL, aud=200),
    gate("S2", FAIL, array=401),
    gate("S3", WARNING, jti=200),
    gate("S3", FAIL, jti=500),
    gate("S4", FAIL, jku=1),
    gate("S5", WARNING, token=403),
    gate("S5", FAIL, "S1", signature=200),
    gate("S5", FAIL, expired=200),
    gate("S5", FAIL, expired=500),
    Fault("it says what is wrong", "S5", WARNING, Behavior(guarded=True, words={"expired": "The token has expired"})),
    Fault("it says it in other words", "S5", WARNING, Behavior(guarded=True, words={"expired": "Come in time"})),
    gate("S6", FAIL, preflight=401),
    Fault("no Authorization", "S6", FAIL, Behavior(guarded=True, headers={"access-control-allow-headers": "*"})),
    Fault(
        "another origin",
        "S6",
        FAIL,
        Behavior(guarded=True, headers={"access-control-allow-origin": "https://a.example"}),
    ),
    Fault("no POST", "S6", FAIL, Behavior(guarded=True, headers={"access-control-allow-methods": "GET"})),
    Fault("any origin", "S6", WARNING, Behavior(guarded=True, headers={"access-control-allow-origin": "*"})),
]

FAULTS = [*DISCOVERY, *REQUESTS, *CARD, *FEEDBACK, *SECURITY]
