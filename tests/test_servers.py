"""Base addresses of FHIR servers: written alike or not, one covered by another, and what lies under one."""

from __future__ import annotations

import pytest

from cds.addresses import is_loopback
from cds.servers import Server, narrowed

BASE = Server.read("https://ehr.example/fhir")


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("https://ehr.example/fhir", "https://ehr.example/fhir"),
        ("HTTPS://EHR.example:443/fhir/", "https://ehr.example/fhir"),
        ("https://ehr.example:8443", "https://ehr.example:8443"),
        ("https://ehr.example/", "https://ehr.example"),
        ("http://localhost:80/FHIR/R4", "http://localhost/FHIR/R4"),
        ("http://127.0.0.1:8080/fhir", "http://127.0.0.1:8080/fhir"),
        ("http://[0:0:0:0:0:0:0:1]:8080/fhir", "http://[::1]:8080/fhir"),
        ("https://ehr.example/r4/ec2458f2-1e24-41c8-b71b-0e701af7583d", None),
    ],
)
def test_one_address_is_written_in_many_ways(written: str, url: str | None) -> None:
    assert Server.read(written).url == (url or written)
    assert Server.read(Server.read(written).url) == Server.read(written)


@pytest.mark.parametrize(
    "written",
    [
        *("", "ehr.example/fhir", "ftp://ehr.example/fhir", "https:/ehr.example", "https://"),
        *("https://user@ehr.example/fhir", "https://user:word@ehr.example", "https://ehr.example@evil.example/fhir"),
        *("https://ehr.example/fhir?x=1", "https://ehr.example/fhir#x", "https://ehr.example/fhir?", "https://e/fhir#"),
        *("https://ehr.example/a/../fhir", "https://ehr.example/./fhir", "https://ehr.example//fhir"),
        *("https://ehr.example/ok/..;/fhir", "https://ehr.example/ok/;/..;a=b/fhir"),
        *(
            "https://ehr.example/%2e%2e/fhir",
            "https://ehr.example/a\\b",
            "https://ehr.example/a b",
            "https://é.example",
        ),
        *("https://ehr.example:0/fhir", "https://ehr.example:65536", "https://ehr.example:x", "https://[1.2]/fhir"),
        *("https://ehr.example/fhir\n", " https://ehr.example/fhir"),
    ],
)
def test_what_is_no_base_address_is_refused(written: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - ipaddress words its own
        Server.read(written)


@pytest.mark.parametrize(
    "url", ["https://ehr.example/fhir", "https://EHR.EXAMPLE:443/fhir/", "https://ehr.example/fhir/a/b"]
)
def test_it_covers_itself_and_what_lies_under_it(url: str) -> None:
    assert BASE.covers(Server.read(url))
    assert Server.read("https://ehr.example").covers(Server.read(url))


@pytest.mark.parametrize(
    "url",
    [
        *("http://ehr.example/fhir", "https://ehr.example:8443/fhir", "https://ehr.example.evil.example/fhir"),
        *("https://evil.example/fhir", "https://ehr.example", "https://ehr.example/fhir2", "https://ehr.example/FHIR"),
        *("https://ehr.example./fhir", "https://www.ehr.example/fhir"),
    ],
)
def test_it_covers_nothing_else(url: str) -> None:
    assert not BASE.covers(Server.read(url))


@pytest.mark.parametrize(
    ("url", "whole"),
    [
        ("https://ehr.example/fhir/Condition?page=2", "https://ehr.example/fhir/Condition?page=2"),
        ("https://EHR.example:443/fhir?_getpages=1", "https://EHR.example:443/fhir?_getpages=1"),
        ("Condition?page=2", "https://ehr.example/fhir/Condition?page=2"),
        ("/fhir/Condition?page=2", "https://ehr.example/fhir/Condition?page=2"),
        ("?page=2", "https://ehr.example/fhir/?page=2"),
        (
            "Observation?code=http://loinc.org|1-8,x:y",
            "https://ehr.example/fhir/Observation?code=http://loinc.org|1-8,x:y",
        ),
    ],
)
def test_an_address_under_it(url: str, whole: str) -> None:
    assert BASE.at(url) == whole


@pytest.mark.parametrize(
    "url",
    [
        *(
            "https://evil.example/fhir/Condition",
            "//evil.example/fhir",
            "http://ehr.example/fhir",
            "/admin",
            "../admin",
            "..;/admin",
            "https://ehr.example/fhir/..;a=b/admin",
            "https://ehr.example/fhir/%2e%2e;/admin",
            "https://ehr.example/fhir/;/.;x/Condition",
        ),
        *("https://ehr.example:8443/fhir", "https://ehr.example/fhir2", "https://ehr.example/fhir/../admin"),
        *("https://ehr.example/fhir/%2e%2e/admin", "https://ehr.example/fhir/%2E./x", "https://u@ehr.example/fhir"),
        *("https://ehr.example\\@evil.example/fhir", "https://ehr.example/fhir#x", "https://ehr.example/fhir /x"),
        *(
            "",
            "javascript:alert(1)",
            "https://ehr.example:x/fhir",
            "https://[/fhir",
            "https://ehr.example:0/fhir",
            "x\ny",
        ),
    ],
)
def test_an_address_elsewhere(url: str) -> None:
    assert BASE.at(url) is None


def test_a_relative_address_is_seen_from_where_it_stood() -> None:
    assert BASE.at("b?x", seen_from="https://ehr.example/fhir/a/c") == "https://ehr.example/fhir/a/b?x"
    assert BASE.at("../../x", seen_from="https://ehr.example/fhir/a/c") is None


@pytest.mark.parametrize(
    ("url", "private"),
    [
        *(("https://ehr.example", True), ("http://ehr.example", False), ("http://10.0.0.1", False)),
        *(
            ("http://127.0.0.1:80", True),
            ("http://localhost", True),
            ("http://[::1]", True),
            ("http://localhost.x", False),
        ),
    ],
)
def test_http_is_for_this_machine_alone(url: str, private: bool) -> None:
    assert Server.read(url).private is private


def test_loopback() -> None:
    assert all(map(is_loopback, ("127.0.0.1", "127.9.9.9", "::1", "localhost", "LOCALHOST")))
    assert not any(map(is_loopback, ("0.0.0.0", "::", "ehr.example", "")))


@pytest.mark.parametrize(
    ("to", "left"),
    [
        (None, ["https://ehr.example/fhir"]),
        (["https://ehr.example"], ["https://ehr.example/fhir"]),
        (["https://ehr.example/fhir/r4"], ["https://ehr.example/fhir/r4"]),
        (["https://ehr.example/fhirs", "https://other.example/fhir"], []),
        ([], []),
    ],
)
def test_a_client_is_narrowed_to_its_own_servers_and_widened_to_none(to: list[str] | None, left: list[str]) -> None:
    own = None if to is None else [Server.read(url) for url in to]
    assert [server.url for server in narrowed([BASE], own)] == left
