"""Who may call: clients by their tokens (JWT), this machine alone where none are configured, and web pages by origin.

A caller without a valid token learns nothing but 401; the reason is in the metrics and, under the request's id, in the
log. No token ever is.
"""

from cds.trust.browsers import Browsers
from cds.trust.clients import Client, Clients
from cds.trust.gate import Gate
from cds.trust.opening import configured_clients, open_gate

__all__ = ["Browsers", "Client", "Clients", "Gate", "configured_clients", "open_gate"]
