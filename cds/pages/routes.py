"""The rule book under `/rules` of the service, rendered in worker threads and kept for the edition of the day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from threading import Lock

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from cds.evaluation import Book
from cds.pages.rulebook import Pages

_HEADERS = {
    "cache-control": "no-cache",
    "content-security-policy": "default-src 'none'; style-src 'self'; frame-ancestors 'self'; base-uri 'none'",
    "x-content-type-options": "nosniff",
}


def rule_book(book: Book, folder: Path, clock: Callable[[], datetime]) -> APIRouter:
    """The routes of the rule book. `folder` is where `book` was read from, `clock` gives the aware time."""
    router = APIRouter()
    kept: dict[str, Pages] = {}
    lock = Lock()

    def pages() -> Pages:
        day = clock().astimezone(book.zone).date()
        edition = book.rules.edition(day)
        with lock:
            if edition not in kept:
                kept.clear()
                kept[edition] = Pages(book, folder, day)
            return kept[edition]

    @router.api_route("/rules", methods=["GET", "HEAD"])
    def start() -> Response:
        return RedirectResponse("rules/")

    @router.api_route("/rules/{name:path}", methods=["GET", "HEAD"])
    def page(name: str) -> Response:
        book_pages, wanted = pages(), name or "index.html"
        if wanted not in book_pages:
            raise HTTPException(404, "the rule book has no such page; its first page is at /rules/")
        media_type = "text/css" if wanted.endswith(".css") else "text/html"
        return Response(book_pages[wanted], media_type=media_type, headers=_HEADERS)

    return router
