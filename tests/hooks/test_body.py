"""From bytes to JSON: what is understood, and where anything else goes wrong."""

from __future__ import annotations

import pytest

from cds.errors import BadRequest
from cds.hooks import decode


@pytest.mark.parametrize(
    "body",
    [
        b'{"a": "b"}',
        b'\xef\xbb\xbf{"a": "b"}',
        '\u200b{"a":\u200b "b"}\ufeff\n'.encode(),
    ],
)
def test_marks_and_zero_width_characters_between_the_parts_are_ignored(body: bytes) -> None:
    assert decode(body) == {"a": "b"}


def test_zero_width_characters_inside_a_text_stay() -> None:
    assert decode('{"a": "می\u200cخواهم"}'.encode()) == {"a": "می\u200cخواهم"}


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "not valid JSON: see line 1 column 1"),
        (b'{"name": "Jane Doe"', "not valid JSON: see line 1 column 20"),
        (b'{"a": 1,\n "b": NaN}', "not valid JSON: see line 2 column 7"),
        (b'{"a": "\xff"}', "the body is not UTF-8: see byte 7"),
        ('{"a": 1}'.encode("utf-16"), "the body is not UTF-8: see byte 0"),
        (b"[1]", "the body must be a JSON object"),
        (b"null", "the body must be a JSON object"),
        (b'"Jane Doe"', "the body must be a JSON object"),
        (b'{"a":' * 5000 + b"1" + b"}" * 5000, "not valid JSON: see line 1 column "),
    ],
)
def test_r1_anything_else_is_a_bad_request_with_its_place(body: bytes, says: str) -> None:
    with pytest.raises(BadRequest) as fault:
        decode(body)
    assert fault.value.what.startswith(says)
    assert "Jane" not in fault.value.what
