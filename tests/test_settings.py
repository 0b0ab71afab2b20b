"""Settings: read once, all faults at once, a misspelt name included."""

from __future__ import annotations

from pathlib import Path

import pytest

from cds.commands.serve import serve
from cds.errors import CdsError
from cds.hooks import SERVICES
from cds.settings import Settings, read_settings, rules_folder
from cds.trust import configured_clients


def test_what_holds_where_nothing_is_set() -> None:
    settings = read_settings()
    assert (settings.host, settings.port, str(settings.timezone)) == ("127.0.0.1", 8080, "UTC")
    assert (settings.rules_off, settings.site) == (frozenset(), None)


def test_rule_ids_have_commas_between_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IVIG_CDS_RULES_OFF", " renal.sucrose, kawasaki.late,")
    monkeypatch.setenv("IVIG_CDS_TIMEZONE", "America/Chicago")
    assert read_settings().rules_off == {"renal.sucrose", "kawasaki.late"}
    assert str(read_settings().timezone) == "America/Chicago"


def test_everything_wrong_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IVIG_CDS_TIMEZONE", "Mars/Base")
    monkeypatch.setenv("IVIG_CDS_PORT", "http")
    monkeypatch.setenv("IVIG_CDS_RULE_OFF", "renal.sucrose")
    with pytest.raises(CdsError) as fault:
        read_settings()
    lines = str(fault.value).splitlines()
    assert [line.partition(":")[0] for line in sorted(lines)] == [
        "IVIG_CDS_PORT",
        "IVIG_CDS_RULE_OFF",
        "IVIG_CDS_TIMEZONE",
    ]


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "localhost"])
def test_loopback_addresses(host: str) -> None:
    assert Settings(host=host).loopback


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "ehr.example", ""])
def test_it_refuses_to_listen_elsewhere_before_anything_is_loaded(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IVIG_CDS_HOST", host)
    with pytest.raises(CdsError, match=r"cannot tell who is calling.*IVIG_CDS_CLIENTS.*IVIG_CDS_BASE_URL"):
        serve()


def test_it_may_listen_anywhere_for_clients(monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[Settings] = []
    monkeypatch.setattr("cds.commands.serve._run", served.append)
    monkeypatch.setenv("IVIG_CDS_HOST", "0.0.0.0")
    monkeypatch.setenv("IVIG_CDS_CLIENTS", "clients.yaml")
    serve()
    assert [settings.clients for settings in served] == [Path("clients.yaml")]


def test_clients_need_the_address_that_they_call(monkeypatch: pytest.MonkeyPatch) -> None:
    clients = Path(__file__).parents[1] / "fhir_fixtures" / "clients.yaml"
    with pytest.raises(CdsError, match="IVIG_CDS_BASE_URL: is missing"):
        configured_clients(Settings(clients=clients), SERVICES)
    origins = frozenset({"https://ehr.example"})
    with pytest.raises(CdsError, match="IVIG_CDS_ORIGINS: is for a service without clients"):
        configured_clients(Settings(clients=clients, base_url="https://cds.example", origins=origins), SERVICES)
    assert configured_clients(Settings(clients=clients, base_url="https://cds.example"), SERVICES)
    assert configured_clients(Settings(origins=origins), SERVICES) is None


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("https://cds.example/ivig", "https://cds.example/ivig"),
        ("https://cds.example/", "https://cds.example"),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
        ("", None),
    ],
)
def test_the_base_url(monkeypatch: pytest.MonkeyPatch, written: str, read: str | None) -> None:
    monkeypatch.setenv("IVIG_CDS_BASE_URL", written)
    assert read_settings().base_url == read


@pytest.mark.parametrize(
    ("name", "value", "what"),
    [
        ("BASE_URL", "cds.example", "is no http or https URL; write one like https://"),
        ("BASE_URL", "http://cds.example", "must begin with https"),
        ("BASE_URL", "https://cds.example?a", "must not have a query"),
        (
            "ORIGINS",
            "https://a.example,https://b.example/x",
            "https://b.example/x is no origin: write https://b.example",
        ),
        ("ORIGINS", "*", "is no http or https URL"),
        ("ORIGINS", "null", "is no http or https URL"),
    ],
)
def test_a_wrong_address_is_answered_with_what_to_write(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, what: str
) -> None:
    monkeypatch.setenv(f"IVIG_CDS_{name}", value)
    with pytest.raises(CdsError) as fault:
        read_settings()
    assert str(fault.value).startswith(f"IVIG_CDS_{name}: ")
    assert what in str(fault.value)


def test_origins_have_commas_between_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IVIG_CDS_ORIGINS", "https://a.example, http://localhost:3000,")
    assert read_settings().origins == {"https://a.example", "http://localhost:3000"}


def test_the_rules_of_a_checkout() -> None:
    assert rules_folder() == Path(__file__).parents[1] / "rules"


@pytest.mark.parametrize(
    ("name", "value", "what"),
    [
        ("PORT", "65536", "from 0 to 65535"),
        ("PORT", "x", "from 0 to 65535"),
        ("MAX_BODY", "1", "at least 1024"),
        ("MAX_ENTRIES", "0", "at least 1"),
        ("MAX_CALLS", "0", "at least 1"),
        ("MAX_CALLS_PER_CLIENT", "-1", "at least 1"),
        ("BODY_SECONDS", "0", "over 0"),
        ("BODY_SECONDS", "inf", "over 0"),
        ("CDS_HOOKS", "2.1", "write 2.0 or 3.0"),
    ],
)
def test_a_wrong_number_is_answered_with_what_to_write(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, what: str
) -> None:
    monkeypatch.setenv(f"IVIG_CDS_{name}", value)
    with pytest.raises(CdsError, match=f"IVIG_CDS_{name}: .*{what}"):
        read_settings()


def test_what_a_command_gives_is_checked_as_well() -> None:
    assert read_settings(port=9000).port == 9000
    with pytest.raises(CdsError, match="IVIG_CDS_PORT"):
        read_settings(port=99999)


def test_a_site_file_is_a_path_and_none_where_nothing_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IVIG_CDS_SITE", "/etc/ivig-cds/site.yaml")
    assert read_settings().site == Path("/etc/ivig-cds/site.yaml")
    monkeypatch.setenv("IVIG_CDS_SITE", "")
    assert read_settings().site is None


def test_silent_rules_are_switched_on_in_the_site_file_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IVIG_CDS_RULES_ON", "renal.no-baseline")
    with pytest.raises(CdsError, match="IVIG_CDS_RULES_ON: there is no such setting"):
        read_settings()


def test_fhir_servers_have_commas_between_them(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_settings().fhir_servers == ()
    monkeypatch.setenv("IVIG_CDS_FHIR_SERVERS", " https://EHR.example/fhir/, http://localhost:8080/fhir ,")
    assert [server.url for server in read_settings().fhir_servers] == [
        "https://ehr.example/fhir",
        "http://localhost:8080/fhir",
    ]


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ("http://ehr.example/fhir", "over https"),
        ("ehr.example", "write one like https://ehr.example/fhir"),
        ("https://ehr.example/fhir,https://user:hidden@ehr.example/fhir", "write one like"),
        ("https://ehr.example:99999/fhir", "from 1 to 65535"),
    ],
)
def test_a_wrong_fhir_server_is_answered_with_what_to_write(
    monkeypatch: pytest.MonkeyPatch, value: str, what: str
) -> None:
    monkeypatch.setenv("IVIG_CDS_FHIR_SERVERS", value)
    with pytest.raises(CdsError, match=f"IVIG_CDS_FHIR_SERVERS: .*{what}") as fault:
        read_settings()
    assert "hidden" not in str(fault.value)


@pytest.mark.parametrize(
    ("value", "right"), [("9", False), ("10", True), ("10000", True), ("10001", False), ("x", False)]
)
def test_the_time_for_fetching_has_bounds(monkeypatch: pytest.MonkeyPatch, value: str, right: bool) -> None:
    assert read_settings().fetch_ms == 400
    monkeypatch.setenv("IVIG_CDS_FETCH_MS", value)
    if right:
        assert read_settings().fetch_ms == int(value)
        return
    with pytest.raises(CdsError, match="IVIG_CDS_FETCH_MS: not a time; write whole milliseconds from 10 to 10000"):
        read_settings()
