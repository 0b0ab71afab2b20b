"""The words by which an instruction says that its dose comes again, of tables/timing.yaml."""

from __future__ import annotations

import re

from cds.knowledge.sheet import Sheet


def repetition(sheet: Sheet) -> re.Pattern[str]:
    """One pattern of all; a part that does not compile is a fault."""
    sheet.known(("repeating",))
    parts = []
    for part in sheet.words("repeating"):
        try:
            re.compile(part)
        except re.error as error:
            sheet.fault(f"the pattern {part} does not compile: {error}", sheet.line("repeating"))
        else:
            parts.append(part)
    return re.compile("|".join(parts) or "(?!)", re.IGNORECASE)
