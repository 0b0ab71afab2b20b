"""Key sets over TLS: a certificate that nobody vouches for is refused, one of the site's own authority is not."""

from __future__ import annotations

import ipaddress
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from cds.trust import fetching
from tests.support.waiting import awaited
from tests.trust.key_server import KeyServer, key_server
from tests.trust.signing import jwk, private


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of 127.0.0.1 that is its own authority, with its private key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "key server")]), datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "server.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(secret + made.public_bytes(Encoding.PEM))
    return path


@pytest.fixture
def server(certificate: Path) -> Iterator[KeyServer]:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    with key_server(tls) as running:
        running.keys = [jwk(private("P-384"), "a")]
        yield running


@pytest.fixture(autouse=True)
def _read_again() -> Iterator[None]:
    """The authorities are read once for good; here they change."""
    fetching._tls.cache_clear()
    yield
    fetching._tls.cache_clear()


def test_a_certificate_that_nobody_vouches_for(server: KeyServer) -> None:
    with pytest.raises(fetching.NotFetched, match="unreachable"):
        awaited(fetching.fetch_keys(server.jwks, deadline=20))
    assert server.asked == []


def test_the_authority_of_the_site(server: KeyServer, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    keys, skipped = awaited(fetching.fetch_keys(server.jwks, deadline=20))
    assert keys.find("a", "ES384")
    assert skipped == 0


def test_a_certificate_of_another_name(server: KeyServer, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with pytest.raises(fetching.NotFetched, match="unreachable"):
        awaited(fetching.fetch_keys(server.jwks.replace("127.0.0.1", "localhost"), deadline=20))
    assert server.asked == []
