"""Bytes over a socket, for what no HTTP client would send."""

from __future__ import annotations

import socket
from contextlib import suppress

import httpx


def raw(client: httpx.Client, *parts: bytes) -> bytes:
    """What the service says to bytes that are sent one part after the other, until it closes the connection."""
    url = client.base_url
    with socket.create_connection((url.host, url.port or 80), timeout=20) as sent:
        answer = b""
        with suppress(ConnectionError):  # closed by the other side before it read everything
            for part in parts:
                sent.sendall(part)
            while received := sent.recv(65536):
                answer += received
    return answer
