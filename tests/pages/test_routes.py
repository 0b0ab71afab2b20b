"""The rule book of the service, over a real socket: the same bytes as the files, under any prefix."""

from __future__ import annotations

import threading
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

import cds
from cds.pages import Pages
from cds.settings import Settings
from tests.conftest import NOW, serving


def test_the_service_shows_the_same_bytes_as_the_files(service: httpx.Client, folder: Path) -> None:
    files = [
        min((file for file in within.iterdir() if file.suffix == suffix), key=lambda file: (file.stat().st_size, file))
        for suffix, folders in {".html": [folder, *filter(Path.is_dir, folder.iterdir())], ".css": [folder]}.items()
        for within in folders
    ]
    assert len(files) == 7, "of every folder the shortest page, and the style sheet"
    for file in files:
        answer = service.get(f"/rules/{file.relative_to(folder).as_posix()}")
        assert answer.status_code == 200, file
        assert answer.content == file.read_bytes(), file
        kind = "text/css; charset=utf-8" if file.suffix == ".css" else "text/html; charset=utf-8"
        assert answer.headers["content-type"] == kind


def test_the_first_page_is_at_the_address_itself(service: httpx.Client, pages: Pages) -> None:
    answer = service.get("/rules", follow_redirects=True)
    assert answer.url.path == "/rules/"
    assert answer.content == pages["index.html"]


@pytest.mark.parametrize("address", ["/rules", "/rules/", "/rules/style.css", "/rules/rules/renal.nothing.html"])
def test_a_head_request_is_answered_as_a_get_without_the_body(service: httpx.Client, address: str) -> None:
    asked, whole = service.head(address), service.get(address)
    assert (asked.status_code, asked.content) == (whole.status_code, b"")
    assert all(asked.headers.get(name) == whole.headers.get(name) for name in ("content-type", "content-length"))


def test_it_mounts_under_a_path_of_another_application(pages: Pages) -> None:
    within = Starlette(routes=[Mount("/ivig", app=cds.create_app(Settings(), clock=lambda: NOW))])
    with serving(within) as client:
        answer = client.get("/ivig/rules", follow_redirects=True)
        assert (answer.url.path, answer.content) == ("/ivig/rules/", pages["index.html"])
        assert client.get("/ivig/rules/rules/renal.sucrose.html").content == pages["rules/renal.sucrose.html"]


@pytest.mark.parametrize("name", ["rules/renal.nothing.html", "../health", "%2e%2e/settings.py", "tables/claims"])
def test_no_such_page_is_404(service: httpx.Client, name: str) -> None:
    answer = service.get(f"/rules/{name}")
    assert answer.status_code == 404 or answer.url.path == "/health"
    if answer.status_code == 404:
        assert answer.json()["resourceType"] == "OperationOutcome"


def test_pages_may_run_nothing_and_load_nothing_from_elsewhere(service: httpx.Client) -> None:
    headers = service.get("/rules/").headers
    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
    assert headers["x-content-type-options"] == "nosniff"


def test_calls_are_answered_while_a_page_is_rendered() -> None:
    started, asked, answered = threading.Event(), threading.Event(), threading.Event()
    pages: list[int] = []

    def clock() -> datetime:
        """Holds a page up, once the service has started, until the call beside it was answered."""
        if started.is_set():
            asked.set()
            answered.wait(30)
        return NOW

    with serving(cds.create_app(Settings(), clock=clock)) as client:
        started.set()
        rendering = threading.Thread(target=lambda: pages.append(client.get("/rules/index.html").status_code))
        rendering.start()
        try:
            assert asked.wait(10)
            assert client.get("/health", timeout=10).status_code == 200
            assert pages == []
        finally:
            answered.set()
            rendering.join()
    assert pages == [200]
