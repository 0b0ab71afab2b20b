"""Settings: read once, all faults at once, a misspelt name included."""

from __future__ import annotations

from pathlib import Path

import pytest

from cds.commands.serve import serve
from cds.errors import CdsError
from cds.settings import Settings, read_settings, rules_folder


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
    with pytest.raises(CdsError, match="cannot tell who is calling"):
        serve()


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
