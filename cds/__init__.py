"""Advice on intravenous immunoglobulin orders: a CDS Hooks service, and the function behind it.

`create_app(settings)` is an ASGI application that also mounts under any path of another one;
`evaluate(case, now, book)` is the plain function that it calls. Both are read in when they are first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cds.app import create_app
    from cds.evaluation import evaluate

__all__ = ["create_app", "evaluate"]

_HOME = {"create_app": "cds.app", "evaluate": "cds.evaluation"}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
