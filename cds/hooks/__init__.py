"""The wire of CDS Hooks 2.0.1: what is offered, what a call holds, what is answered. No medicine, no HTTP."""

from cds.hooks.body import decode
from cds.hooks.bundle import case_of_bundle
from cds.hooks.feedback import FeedbackBody, read_feedback
from cds.hooks.limits import guard_entries, guard_values
from cds.hooks.request import Envelope, HookRequest, case_of_request, read_request
from cds.hooks.response import cards_body, outcome_body
from cds.hooks.services import SERVICES, Service, discovery, prefetch

__all__ = [
    "SERVICES",
    "Envelope",
    "FeedbackBody",
    "HookRequest",
    "Service",
    "cards_body",
    "case_of_bundle",
    "case_of_request",
    "decode",
    "discovery",
    "guard_entries",
    "guard_values",
    "outcome_body",
    "prefetch",
    "read_feedback",
    "read_request",
]
