"""What is this machine alone, and which URLs may stand in a setting or a file."""

from __future__ import annotations

import pytest

from cds.addresses import Kind, is_loopback, origin_of, split_url, url_fault


@pytest.mark.parametrize("host", ["127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1", "localhost", "LocalHost"])
def test_this_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["126.255.255.255", "128.0.0.1", "::2", "::ffff:10.0.0.1", "0.0.0.0", "::", "", "localhost.", "a.localhost"]
)
def test_elsewhere_or_not_surely_here(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "x",
            "//x",
            "https:",
            "https:///a",
            "ftp://x",
            "https://x:99999",
            "https://x:a",
            "https://x:0",
            "https://[::1",
        ),
        *("https://a b", "https://x/\t", "https://x\n", "https://é.example", "https://x\\@y", "javascript:alert(1)"),
    ],
)
def test_what_is_no_url(url: str) -> None:
    assert split_url(url) is None
    assert url_fault(url, "document") == "is no http or https URL"


@pytest.mark.parametrize(
    ("url", "kind", "fault"),
    [
        ("https://x.example", "base", ""),
        ("https://x.example/a/b", "base", ""),
        ("https://x.example:8443/a", "base", ""),
        ("https://x.example/", "base", "must not end with a slash"),
        ("https://x.example/a?b", "base", "must not have a query"),
        ("https://x.example/a?", "base", "must not have a query"),
        ("https://x.example/a#", "base", "must not have a fragment"),
        ("https://u@x.example", "base", "must not hold a user or a password"),
        ("http://x.example", "base", "must begin with https: http is for this machine only"),
        ("http://localhost:8080", "base", ""),
        ("http://[::1]:8080/a", "base", ""),
        ("https://x.example/keys?v=1", "document", ""),
        ("https://x.example/", "document", ""),
        ("https://x.example", "origin", ""),
        ("https://x.example:8443", "origin", ""),
        ("http://127.0.0.1:3000", "origin", ""),
        ("https://[2001:db8::1]:8443", "origin", ""),
        ("https://x.example:443", "origin", "is no origin: write https://x.example"),
        ("http://localhost:80", "origin", "is no origin: write http://localhost"),
        ("https://X.example", "origin", "is no origin: write https://x.example"),
        ("https://x.example/a", "origin", "is no origin: write https://x.example"),
    ],
)
def test_urls(url: str, kind: Kind, fault: str) -> None:
    assert url_fault(url, kind) == fault


def test_the_origin_of_a_url() -> None:
    assert origin_of("https://CDS.example:443/ivig") == "https://cds.example"
    assert origin_of("http://[::1]:8080/ivig") == "http://[::1]:8080"
