"""The list of mutants that no case can notice, each with its reason, held against what the check found."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from cds.errors import CdsError
from cds.situations import read_yaml

KEPT = Path(__file__).with_name("kept.yaml")


def read_kept(path: Path = KEPT) -> dict[str, str]:
    """The reason of each kept mutant by its name. Raises CdsError for an entry without reason, or given twice."""
    found: dict[str, str] = {}
    for entry in read_yaml(path) or ():
        why = entry.get("why", "").strip()
        if not why or not entry.get("mutants") or set(entry) != {"why", "mutants"}:
            raise CdsError('an entry has "why" and "mutants"', str(path))
        for name in entry["mutants"]:
            if name in found:
                raise CdsError(f"{name} is listed twice", str(path))
            found[name] = why
    return found


def stale(kept: Collection[str], fates: Mapping[str, str], names: Collection[str]) -> dict[str, str]:
    """What is wrong with kept entries: no such mutant, or it is noticed after all.

    `names` are those of all mutants, `fates` what became of those that were put to the cases.
    """
    found = {name: "there is no such mutant" for name in kept if name not in names}
    return found | {
        name: f"it is {fates[name]} now" for name in kept if fates.get(name, "survived") in ("killed", "refused")
    }
