"""The envelope: strict where the standard is, patient where clients are not; the place is named, a value never."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cds.case import Case, Obtained
from cds.errors import BadRequest
from cds.hooks import SERVICES, case_of_request
from tests.hooks.calls import INSTANCE, PATIENT, bundle, call, order

SECRET = "Jane-Doe-19610307"


def sign(content: dict[str, Any]) -> Case:
    return case_of_request(content, SERVICES["ivig-order-sign"])


def select(content: dict[str, Any]) -> Case:
    return case_of_request(content, SERVICES["ivig-order-select"])


def changed(path: str, value: Any, hook: str = "order-sign") -> dict[str, Any]:
    """The call with one member replaced; with `...` removed."""
    content = call(hook)
    *parents, last = path.split(".")
    place = content
    for parent in parents:
        place = place[parent]
    if value is ...:
        place.pop(last, None)
    else:
        place[last] = value
    return content


def test_a_whole_call() -> None:
    case = sign(changed("context.encounterId", "e1"))
    assert (case.hook, case.hook_instance, case.patient_id, case.encounter_id) == ("order-sign", INSTANCE, "p1", "e1")
    assert [entry.resource["id"] for entry in case.orders] == ["o1"]
    assert case.selections is None
    assert case.sources["patient"].entries[0].resource == PATIENT
    assert case.sources["labs"].obtained is Obtained.ABSENT


@pytest.mark.parametrize(
    ("path", "value", "where", "what"),
    [
        ("hook", ..., "hook", "is missing"),
        ("hook", 5, "hook", "must be a string"),
        ("hookInstance", ..., "hookInstance", "is missing"),
        ("context", ..., "context", "is missing"),
        ("context", [SECRET], "context", "must be an object"),
        ("context.userId", ..., "context.userId", "is missing"),
        ("context.userId", "", "context.userId", "must not be empty"),
        ("context.patientId", ..., "context.patientId", "is missing"),
        ("context.patientId", None, "context.patientId", "must be a string"),
        ("context.patientId", "Patient/", "context.patientId", "must not be empty"),
        ("context.patientId", " \u200b", "context.patientId", "must not be empty"),
        ("context.encounterId", 7, "context.encounterId", "must be a string"),
        ("context.draftOrders", ..., "context.draftOrders", "is missing"),
        ("context.draftOrders", None, "context.draftOrders", "must be an object"),
        ("context.draftOrders", [SECRET], "context.draftOrders", "must be an object"),
        ("context.draftOrders", {"id": SECRET}, "context.draftOrders", "is not a resource"),
        ("context.draftOrders.entry", {"x": SECRET}, "context.draftOrders.entry", "is not a list"),
        ("context.draftOrders.entry", [SECRET], "context.draftOrders.entry[0]", "is not an entry"),
        ("context.draftOrders.entry", [{"resource": SECRET}], "context.draftOrders.entry[0]", "holds no resource"),
        ("prefetch", [SECRET], "prefetch", "must be an object"),
        ("prefetch.patient", {**PATIENT, "id": SECRET}, "prefetch.patient", "holds a Patient who is not the patient"),
    ],
)
def test_r1_wrong_and_missing_members_are_named(path: str, value: Any, where: str, what: str) -> None:
    with pytest.raises(BadRequest) as fault:
        sign(changed(path, value))
    assert fault.value.where == where
    assert what in fault.value.what
    assert SECRET not in str(fault.value)


def test_r2_another_hook() -> None:
    with pytest.raises(BadRequest, match=r"hook: this service answers order-sign") as fault:
        sign(changed("hook", f"order-{SECRET}"))
    assert SECRET not in str(fault.value)
    with pytest.raises(BadRequest, match=r"^hook: "):
        select(call("order-sign"))


@pytest.mark.parametrize("value", ["", "1", INSTANCE + "0", f"urn:uuid:{INSTANCE}", INSTANCE.replace("-", ""), SECRET])
def test_r3_hook_instance_is_a_uuid(value: str) -> None:
    with pytest.raises(BadRequest, match=r"^hookInstance: must be a UUID$"):
        sign(changed("hookInstance", value))
    assert sign(changed("hookInstance", INSTANCE.upper())).hook_instance == INSTANCE.upper()


AUTHORIZATION = {"access_token": SECRET, "token_type": "Bearer", "expires_in": 300, "scope": "s", "subject": "c"}


def test_r4_authorization_needs_its_server() -> None:
    content = call(fhirAuthorization=AUTHORIZATION)
    with pytest.raises(BadRequest, match=r"^fhirServer: is required where fhirAuthorization is sent$"):
        sign(content)
    assert sign({**content, "fhirServer": "https://ehr.example/fhir"})
    assert sign({**content, "fhirServer": "http://localhost:8080/fhir"})
    with pytest.raises(BadRequest, match=r"^fhirServer: must be an http or https URL$"):
        sign({**content, "fhirServer": f"file:///{SECRET}"})


@pytest.mark.parametrize("member", AUTHORIZATION)
def test_r4_authorization_is_whole(member: str) -> None:
    lacking = {name: value for name, value in AUTHORIZATION.items() if name != member}
    with pytest.raises(BadRequest, match=rf"^fhirAuthorization\.{member}: is missing$"):
        sign(call(fhirServer="https://ehr.example", fhirAuthorization=lacking))


def test_r4_the_token_is_never_quoted() -> None:
    with pytest.raises(BadRequest) as fault:
        sign(call(fhirServer="https://e", fhirAuthorization={**AUTHORIZATION, "token_type": SECRET}))
    assert SECRET not in str(fault.value)


def test_r8_unknown_members_and_extensions_are_tolerated() -> None:
    content = call(extension={"org.example": 1}, unheard={"of": []})
    content["context"] |= {"extension": {}, "more": None}
    content["prefetch"] |= {"unadvertised": {"resourceType": "Patient", "id": "someone"}}
    assert sign(content) == sign(call())


@pytest.mark.parametrize(
    "value",
    [
        "p1",
        "Patient/p1",
        " p1 ",
        "\ufeffPatient/p1\u200b",
        "https://ehr.example/fhir/Patient/p1",
        "Patient/p1/_history/2",
    ],
)
def test_a_patient_id_with_its_type_is_understood(value: str) -> None:
    assert sign(changed("context.patientId", value)).patient_id == "p1"


@pytest.mark.parametrize(
    "value",
    [
        order(),
        {"entry": [{"resource": order()}]},
        {"resourceType": "Bundle", "entry": [order()]},
        {"resourceType": "Bundle", "type": "collection", "entry": [{"fullUrl": "urn:uuid:9", "resource": order()}]},
    ],
)
def test_draft_orders_in_other_shapes(value: Any) -> None:
    assert [entry.resource for entry in sign(changed("context.draftOrders", value)).orders] == [order()]


@pytest.mark.parametrize("value", [{"resourceType": "Bundle"}, bundle()])
def test_no_draft_orders_at_all(value: Any) -> None:
    assert sign(changed("context.draftOrders", value)).orders == ()


@pytest.mark.parametrize("value", [None, ...])
def test_without_prefetch_every_source_is_missing(value: Any) -> None:
    case = sign(changed("prefetch", value))
    assert {source.obtained for source in case.sources.values()} == {Obtained.MISSING}


@pytest.mark.parametrize(
    "name", ["MedicationRequest/o2", "o2", "https://ehr.example/MedicationRequest/o2", "urn:uuid:2"]
)
def test_selections_are_found_by_reference_id_and_address(name: str) -> None:
    content = call("order-select", order("o1"), order("o2"))
    content["context"]["draftOrders"]["entry"][1]["fullUrl"] = "urn:uuid:2"
    content["context"]["selections"] = [name]
    assert select(content).selections == {"MedicationRequest/o2"}


@pytest.mark.parametrize(
    ("selections", "where", "what"),
    [
        (..., "context.selections", "is missing"),
        (None, "context.selections", "is missing"),
        ("MedicationRequest/o1", "context.selections", "must be a list"),
        ([5], "context.selections[0]", "must be a string"),
        (["MedicationRequest/o1", SECRET], "context.selections[1]", "is not among the draftOrders"),
        ([""], "context.selections[0]", "is not among the draftOrders"),
    ],
)
def test_selections_are_draft_orders(selections: Any, where: str, what: str) -> None:
    with pytest.raises(BadRequest) as fault:
        select(changed("context.selections", selections, "order-select"))
    assert (fault.value.where, fault.value.what) == (where, what)


def test_nothing_selected_is_no_fault() -> None:
    assert select(changed("context.selections", [], "order-select")).selections == frozenset()


def test_at_signing_every_order_counts() -> None:
    assert sign(changed("context.selections", ["MedicationRequest/elsewhere"])).selections is None


def test_a_patient_among_the_orders_is_this_one() -> None:
    with pytest.raises(BadRequest, match=r"^context\.draftOrders: holds a Patient who is not"):
        sign(call("order-sign", order(), {**PATIENT, "id": SECRET}))


def nested(levels: int, wrap: Callable[[Any], Any]) -> dict[str, Any]:
    value: Any = {}
    for _ in range(levels):
        value = wrap(value)
    return call("order-sign", order(extension=value))


@pytest.mark.parametrize("wrap", [lambda value: {"x": value}, lambda value: [value]])
def test_deep_nesting_is_refused(wrap: Callable[[Any], Any]) -> None:
    assert sign(nested(90, wrap))
    for levels in (100, 400, 5000):
        with pytest.raises(BadRequest, match="nested more than 100 levels deep"):
            sign(nested(levels, wrap))


def test_a_replayed_request_finds_its_service_by_its_hook() -> None:
    assert case_of_request(call("order-select")).hook == "order-select"
    with pytest.raises(BadRequest, match=r"^hook: only order-select, order-sign, patient-view are answered$"):
        case_of_request(call(hook="order-sign") | {"hook": "order-dispatch"})


def with_orders(value: Any) -> dict[str, Any]:
    content = call()
    content["context"]["draftOrders"] = value
    return content


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ({**bundle(order()), "resourceType": "bundle"}, "context.draftOrders.resourceType"),
        ({**bundle(order()), "resourceType": "List"}, "context.draftOrders.resourceType"),
        ({**bundle(order()), "resourceType": 5}, "context.draftOrders.resourceType"),
        ({"resourceType": "Parameters", "parameter": []}, "context.draftOrders.resourceType"),
        ({"resourceType": "Bundle", "entries": [{"resource": order()}]}, "context.draftOrders"),
        ({"Entry": [{"resource": order()}]}, "context.draftOrders"),
        (
            bundle(order(), order(resourceType="medicationRequest")),
            "context.draftOrders.entry[1].resource.resourceType",
        ),
        (bundle(order(resourceType="Medication_Request ")), "context.draftOrders.entry[0].resource.resourceType"),
        (bundle(order(resourceType="SERVICEREQUEST")), "context.draftOrders.entry[0].resource.resourceType"),
        (bundle(order(resourceType=None)), "context.draftOrders.entry[0].resource"),
    ],
)
def test_draft_orders_in_which_an_order_may_hide(value: Any, place: str) -> None:
    with pytest.raises(BadRequest) as fault:
        case_of_request(with_orders(value))
    assert fault.value.where == place


@pytest.mark.parametrize(
    "value",
    [
        {"entry": [{"resource": order()}]},
        {**bundle(order()), "resourceType": "Bundle "},
        order(),
        bundle(order(resourceType=" MedicationRequest\u200b")),
        {"resourceType": "Bundle", "type": "collection", "_type": {}, "entry": [{"resource": order()}]},
    ],
)
def test_draft_orders_that_are_plain_enough(value: Any) -> None:
    assert [entry.resource for entry in case_of_request(with_orders(value)).orders] == [order()]


def test_other_types_and_an_empty_bundle_are_no_fault() -> None:
    assert case_of_request(with_orders(bundle(order(resourceType="DeviceRequest")))).orders
    assert case_of_request(with_orders({"resourceType": "Bundle", "type": "collection"})).orders == ()


def test_a_view_of_the_patient_has_no_orders() -> None:
    content = call("patient-view")
    del content["context"]["draftOrders"]
    found = case_of_request(content)
    assert (found.hook, found.orders, found.selections) == ("patient-view", (), None)
