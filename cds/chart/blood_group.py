"""The ABO blood group that a result tells in words: "O", "A positive", "Group B Rh pos".

Only a whole text that says a group and nothing else is read. Anything else, and two texts that differ, are unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

Group = Literal["O", "non_O", "unknown"]

_WHOLE = re.compile(
    r"(?:abo(?:\s*/\s*rh)?\s+)?(?:blood\s+)?(?:(?:group|type)\s*:?\s*)?"
    r"(?P<group>a[12]?b|a[12]?|b|o)"
    r"(?:\s*,?\s*(?:rh(?:esus)?\s*(?:\(d\)|d|factor)?\s*)?(?:pos(?:itive)?|neg(?:ative)?|\+|-)?)?\.?"
    r"(?:\s*\(finding\))?"
)


def group_of(words: Iterable[str]) -> Group:
    """What the texts of one result agree on; one that tells no group says nothing against another that does."""
    found = {match["group"] for word in words if (match := _WHOLE.fullmatch(" ".join(word.lower().split())))}
    if len({one == "o" for one in found}) != 1:
        return "unknown"
    return "O" if "o" in found else "non_O"
