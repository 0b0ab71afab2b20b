"""Checking what was sent against a model of it: the first thing that is wrong, with its place and never its value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from cds.errors import BadRequest

_WRONG = {
    "missing": "is missing",
    "string_type": "must be a string",
    "string_too_short": "must not be empty",
    "string_too_long": "is too long",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "list_type": "must be a list",
    "too_short": "must not be empty",
    "too_long": "holds too many",
    "int_type": "must be a whole number",
}
_LITERALS = {"token_type": "must be Bearer", "outcome": "must be accepted or overridden"}

Model = TypeVar("Model", bound=BaseModel)


class Wrong(ValueError):
    """What a validator of ours finds wrong, without the value: the words are told to the client."""


def validated(model: type[Model], content: Mapping[str, Any]) -> Model:
    """The content as the model has it. Raises BadRequest with the place of the first thing that is wrong."""
    try:
        return model.model_validate(content)
    except ValidationError as fault:
        first = fault.errors(include_input=False, include_url=False)[0]
        raise BadRequest(_what(first), _path(first["loc"])) from None


def _what(error: Mapping[str, Any]) -> str:
    ours = error.get("ctx", {}).get("error")
    if isinstance(ours, Wrong):
        return str(ours)
    if error["type"] == "literal_error":
        return _LITERALS[str(error["loc"][-1])]
    return _WRONG.get(error["type"], "is not valid")


def _path(loc: Sequence[str | int]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc).removeprefix(".")
