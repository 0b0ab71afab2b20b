"""Every setting, read once from the environment, prefix IVIG_CDS_; and where the rules lie."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from cds.addresses import is_loopback, url_fault
from cds.errors import CdsError
from cds.servers import Server

PREFIX = "IVIG_CDS_"

Ids = Annotated[frozenset[str], NoDecode]
Servers = Annotated[tuple[Server, ...], NoDecode]
Version = Literal["2.0", "3.0"]


_WANTED = {
    "port": "not a port; write a whole number from 0 to 65535",
    "max_body": "not a size; write a whole number of bytes, at least 1024",
    "fetch_ms": "not a time; write whole milliseconds from 10 to 10000",
    "max_entries": "not a number; write a whole number, at least 1",
    "max_calls": "not a number; write a whole number, at least 1",
    "max_calls_per_client": "not a number; write a whole number, at least 1",
    "cds_hooks": "not a version; write 2.0 or 3.0",
    "body_seconds": "not a time; write a number of seconds over 0",
}
"""What to write where a number or a word is wrong."""


class Settings(BaseSettings):
    """What a site can set.

    `site` is the file with the site's own codes, formulary and override reasons; none unless set. `rules_off` are ids,
    with commas between them, of rules to switch off at once; the site file does so for good. `timezone` decides which
    day it is; UTC unless set, because no other zone is right for a site that has not said where it is. `max_body` is
    the largest request in bytes: a prefetch easily holds some megabytes. `max_entries` are the resources of one call,
    `max_calls` the calls in hand at once and `max_calls_per_client` those of one client among them. `body_seconds` is
    how long a client may take to send its request.

    `fhir_servers` are the FHIR servers that may be asked for what a client did not send, each by its base address, with
    commas between them; no other is ever contacted. `fetch_ms` is the time that all of this may take in one call.

    `clients` is the file of the clients that may call; without it only callers on this machine are answered. `base_url`
    is the address that clients call the service by, without a slash at its end. `origins` are those of web pages that
    may call where there is no clients file.

    `cds_hooks` is the version of CDS Hooks whose recommendations are followed as well: 3.0 adds to what 2.0 says.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    timezone: ZoneInfo = ZoneInfo("UTC")
    site: Path | None = None
    rules_off: Ids = frozenset()
    cds_hooks: Version = "2.0"
    max_body: int = Field(default=16 * 1024 * 1024, ge=1024)
    fhir_servers: Servers = ()
    fetch_ms: int = Field(default=400, ge=10, le=10_000)
    clients: Path | None = None
    base_url: str | None = None
    origins: Ids = frozenset()
    max_entries: int = Field(default=5000, ge=1)
    max_calls: int = Field(default=64, ge=1)
    max_calls_per_client: int = Field(default=32, ge=1)
    body_seconds: float = Field(default=10, gt=0, allow_inf_nan=False)

    @field_validator("site", "clients", "base_url", mode="before")
    @classmethod
    def _unless_empty(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("base_url")
    @classmethod
    def _base(cls, value: str | None) -> str | None:
        fault = url_fault(value.rstrip("/"), "base") if value is not None else ""
        if fault:
            raise ValueError(f"{fault}; write one like https://cds.hospital.example/ivig")
        return value.rstrip("/") if value is not None else None

    @field_validator("origins")
    @classmethod
    def _origins(cls, value: frozenset[str]) -> frozenset[str]:
        faults = [f"{origin} {fault}" for origin in sorted(value) if (fault := url_fault(origin, "origin"))]
        if faults:
            raise ValueError("; ".join(faults))
        return value

    @field_validator("rules_off", "origins", mode="before")
    @classmethod
    def _ids(cls, value: object) -> object:
        return frozenset(filter(None, map(str.strip, value.split(",")))) if isinstance(value, str) else value

    @field_validator("fhir_servers", mode="before")
    @classmethod
    def _servers(cls, value: object) -> object:
        return tuple(map(_server, filter(None, map(str.strip, value.split(","))))) if isinstance(value, str) else value

    @field_validator("timezone", mode="before")
    @classmethod
    def _zone(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        try:
            return ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("not a time zone; write one like Europe/Berlin or America/Chicago") from None

    @property
    def loopback(self) -> bool:
        """Whether `host` can be reached from this machine only."""
        return is_loopback(self.host)


def _server(url: str) -> Server:
    server = Server.read(url)
    if not server.private:
        raise ValueError("a FHIR server must be asked over https (http only on this machine); write https://…")
    return server


def read_settings(**given: Any) -> Settings:
    """The settings of the environment, and before them those `given` by a command.

    Raises CdsError with everything wrong in them, a line each with what to write.
    """
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    wrong = [
        f"{name}: there is no such setting; known are {', '.join(sorted(known))}"
        for name in sorted(os.environ)
        if name.upper().startswith(PREFIX) and name.upper() not in known
    ]
    try:
        settings = Settings(**given)
    except ValidationError as fault:
        for error in fault.errors(include_input=False):
            name = str(error["loc"][0])
            what = _WANTED.get(name, error["msg"].removeprefix("Value error, "))
            wrong.append(f"{PREFIX}{name.upper()}: {what}")
        raise CdsError("\n".join(wrong)) from None
    if wrong:
        raise CdsError("\n".join(wrong))
    return settings


def rules_folder() -> Path:
    """The folder of topics, tables and concepts: the package's own, or the one beside it in a checkout."""
    package = Path(__file__).resolve().parent
    for folder in (package / "_rules", package.parent / "rules"):
        if folder.is_dir():
            return folder
    raise CdsError("the rules are missing from this installation; install ivig-cds again", str(package))
