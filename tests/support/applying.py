"""What a client does when a clinician accepts a suggestion: the same request with the drafts as they are then."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from cds.fhir import resource_ref


def accepted(request: Mapping[str, Any], suggestion: Mapping[str, Any]) -> dict[str, Any]:
    """The request after every action of a suggestion; what it creates is drafted, and selected, beside the orders.

    Fails where an action does not target a draft of the request, as a client would refuse it.
    """
    after = copy.deepcopy(dict(request))
    context = after["context"]
    drafts = context["draftOrders"]["entry"]
    for number, action in enumerate(suggestion["actions"]):
        if action["type"] == "create":
            resource = {**copy.deepcopy(action["resource"]), "id": f"new-{number}"}
            drafts.append({"resource": resource})
            if "selections" in context:
                context["selections"].append(resource_ref(resource))
            continue
        ref = action.get("resourceId") or resource_ref(action["resource"])
        (place,) = (n for n, entry in enumerate(drafts) if resource_ref(entry["resource"]) == ref)
        if action["type"] == "update":
            drafts[place] = {**drafts[place], "resource": copy.deepcopy(action["resource"])}
        else:
            del drafts[place]
            if "selections" in context:
                context["selections"] = [chosen for chosen in context["selections"] if chosen != ref]
    return after
