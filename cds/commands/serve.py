"""`ivig-cds serve`: the service on one address, after every rule has been read and checked."""

from __future__ import annotations

import errno
import gc
import socket
from typing import Annotated

import typer

from cds.errors import CdsError
from cds.settings import Settings, read_settings


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on (IVIG_CDS_HOST, else 127.0.0.1).")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on (IVIG_CDS_PORT, else 8080).")] = None,
) -> None:
    """Start the CDS Hooks service."""
    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    settings = read_settings(**given)
    _refuse_strangers(settings)
    _run(settings)


def _refuse_strangers(settings: Settings) -> None:
    if settings.clients is None and not settings.loopback:
        raise CdsError(
            "without a clients file the service cannot tell who is calling, so it listens on this machine only: name "
            "the clients that may call in a file (IVIG_CDS_CLIENTS) and the address that they call "
            "(IVIG_CDS_BASE_URL), or set IVIG_CDS_HOST to 127.0.0.1",
            "IVIG_CDS_HOST",
        )


def _refuse_taken(settings: Settings) -> None:
    """Raises CdsError where the address cannot be listened on, before the rules are read."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((settings.host, settings.port))
    except OSError as fault:
        where = f"{settings.host}:{settings.port}"
        what = (
            "is in use: stop what listens there"
            if fault.errno == errno.EADDRINUSE
            else f"cannot be used ({fault.strerror})"
        )
        raise CdsError(f"this address {what}, or choose another with --port or IVIG_CDS_PORT", where) from None


def _run(settings: Settings) -> None:
    import uvicorn

    from cds.app import create_app
    from cds.commands._protocol import BoundedHttp

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                typer.echo(_next_steps(settings, _port(self, settings.port)))

    _refuse_taken(settings)
    app = create_app(settings)
    gc.collect()
    gc.freeze()
    # Who calls is told by tokens, or else by the peer itself, never by the headers of a proxy.
    config = uvicorn.Config(
        app,
        settings.host,
        settings.port,
        http=BoundedHttp,
        access_log=False,
        log_level="warning",
        proxy_headers=False,
    )
    server = Server(config)
    server.run()
    if not server.started:
        raise typer.Exit(1)


def _port(server: object, asked: int) -> int:
    """The port that is listened on: the system chooses where 0 was asked for."""
    for listening in getattr(server, "servers", ()):
        for bound in listening.sockets:
            return int(bound.getsockname()[1])
    return asked


def _next_steps(settings: Settings, port: int) -> str:
    base = f"http://{f'[{settings.host}]' if ':' in settings.host else settings.host}:{port}"
    ready = f"ivig-cds answers CDS Hooks on {base}/cds-services (ready: {base}/ready). Stop it with Ctrl-C.\n"
    if settings.clients is not None:
        return (
            f"{ready}Who may call: the clients of {settings.clients}, each with a token for the address it calls.\n"
            f"In your EHR: add {settings.base_url}/cds-services as a CDS Hooks endpoint."
        )
    return (
        f"{ready}Try it:  curl -s {base}/cds-services/ivig-order-sign -H 'content-type: application/json' "
        "-d @fhir_fixtures/requests/order-sign-overdose.json\n"
        f"In your EHR: add {base}/cds-services as a CDS Hooks endpoint; the rules are pages you can read in rules/."
    )
