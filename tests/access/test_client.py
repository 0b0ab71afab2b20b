"""The connections: opened when they are needed, kept, closed at the end; nothing goes from one call to the next."""

from __future__ import annotations

import asyncio
import gc
import ipaddress
import ssl
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from starlette.applications import Starlette
from starlette.routing import Mount

from cds import create_app
from cds.case import SOURCES
from cds.errors import Unavailable
from cds.fhir.client import Client
from cds.servers import Server
from cds.settings import Settings
from tests.access.calling import LONG, asking, cards, not_checked, ordered, record, rules, service_of
from tests.conftest import NOW, serving
from tests.fhir_server import TOKEN, FhirServer, acts, serving_fhir
from tests.support.waiting import awaited


def settings(fhir: FhirServer) -> Settings:
    return Settings(fhir_servers=(Server.read(fhir.url),), fetch_ms=LONG)


def test_mounted_in_another_application_it_gets_no_lifespan_and_fetches_all_the_same(fhir: FhirServer) -> None:
    """In every event loop it has connections of its own; the outer application may close them with the lifespan."""
    app = create_app(settings(fhir), clock=lambda: NOW)
    outer = httpx.ASGITransport(Starlette(routes=[Mount("/hospital", app)]))

    async def call() -> httpx.Response:
        async with httpx.AsyncClient(transport=outer, base_url="http://localhost/hospital") as client:
            answer = await client.post("/cds-services/ivig-order-sign", json=asking(fhir, "order-sign", ordered()))
        async with app.router.lifespan_context(app):
            return answer

    for _ in range(2):
        assert "renal.sucrose-at-risk" in rules(awaited(call()).json()["cards"])


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
def test_a_connection_of_one_event_loop_is_not_used_in_another(fhir: FhirServer) -> None:
    client, first = Client(), asyncio.new_event_loop()

    def ask() -> Coroutine[Any, Any, bytes]:
        return client.get(f"{fhir.url}/Patient/p1", Server.read(fhir.url), TOKEN)

    async def ask_and_close() -> bytes:
        try:
            return await ask()
        finally:
            await client.aclose()

    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(first.run_until_complete, ask()).result() == awaited(ask_and_close())
        gc.collect()
        thread.submit(first.run_until_complete, asyncio.sleep(0)).result()
    first.close()


def test_connections_are_kept_and_closed_at_the_end() -> None:
    with serving_fhir(FhirServer(record())) as fhir:
        with service_of(fhir) as client:
            for _ in range(3):
                assert cards(client, asking(fhir, "order-sign", ordered()))
            assert fhir.connections <= len(SOURCES), "one for each question of a call, and used again"
            assert fhir.open
        assert fhir.closed.wait(10)


def test_cookies_are_not_taken_from_one_call_to_the_next(client: httpx.Client, fhir: FhirServer) -> None:
    fhir.acts["*"] = acts.headers(set_cookie="session=of-one-user; Path=/")
    for _ in range(2):
        assert cards(client, asking(fhir, "order-sign", ordered()))
    assert not any("cookie" in one.headers for one in fhir.asked)


def test_proxies_and_passwords_of_the_environment_are_not_used(
    fhir: FhirServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login root password hidden")
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    fhir.token = None
    content = asking(fhir, "order-sign", ordered())
    del content["fhirAuthorization"]
    with (
        serving(create_app(settings(fhir), clock=lambda: NOW)) as client,
        httpx.Client(base_url=client.base_url, trust_env=False, timeout=20) as direct,
    ):
        assert "renal.sucrose-at-risk" in rules(cards(direct, content))
    assert {one.authorization for one in fhir.asked} == {""}


def test_a_certificate_that_nobody_vouches_for_gets_no_token(tmp_path: Path) -> None:
    with serving_fhir(FhirServer([]), tls(tmp_path)) as server, service_of(server) as client:
        found = cards(client, asking(server, "order-sign", ordered()))
        assert "the FHIR server could not be reached" in not_checked(found)
        assert not server.asked


def test_a_certificate_of_the_machine_is_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = tls(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    with serving_fhir(FhirServer([]), context) as server, service_of(server) as client:
        cards(client, asking(server, "order-sign", ordered()))
        assert server.asked


def tls(folder: Path) -> ssl.SSLContext:
    """A server's side of TLS with a certificate for 127.0.0.1 that it signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = made.add_extension(names, critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    certificate = made.sign(key, hashes.SHA256())
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, *plain))
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


def test_what_it_asks_with(fhir: FhirServer) -> None:
    async def ask(client: Client, **given: Any) -> bytes:
        try:
            return await client.get(f"{fhir.url}/Patient/p1", Server.read(fhir.url), TOKEN)
        finally:
            await client.aclose()

    client = Client()
    assert b'"p1"' in awaited(ask(client))
    assert b'"p1"' in awaited(ask(client)), "it opens again after it was closed, in another loop"
    headers = fhir.asked[0].headers
    assert headers["accept"] == "application/fhir+json"
    assert headers["accept-encoding"] == "identity"
    assert headers["authorization"] == f"Bearer {TOKEN}"
    assert headers["host"] == fhir.url.split("/")[2]
    fhir.acts["Patient"] = acts.reset
    with pytest.raises(Unavailable, match="broke off its answer") as fault:
        awaited(ask(client))
    assert (fault.value.trouble, fhir.url in str(fault.value)) == ("broken", False)
