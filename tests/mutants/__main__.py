"""python -m tests.mutants [--topic STEM] [--only WORDS]: change the rules one thing at a time, ask the cases."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from cds.situations import cases_folder
from tests.mutants.kept import KEPT, read_kept, stale
from tests.mutants.reading import mutants
from tests.mutants.running import Result, run
from tests.support.run import RULES

CASES = cases_folder()

app = typer.Typer(add_completion=False)


@app.command()
def main(
    topic: Annotated[list[str] | None, typer.Option(help="Only mutants of this topic, or of a table about it.")] = None,
    only: Annotated[str, typer.Option(help="Only mutants whose name holds these words; says what noticed each.")] = "",
    processes: Annotated[int, typer.Option(help="Processes at work.")] = 2,
    rules: Annotated[Path, typer.Option(help="Folder of rules.")] = RULES,
    cases: Annotated[Path, typer.Option(help="Folder of cases.")] = CASES,
    kept: Annotated[Path, typer.Option(help="The list of mutants that no case can notice.")] = KEPT,
) -> None:
    """Fails when a mutant that is not kept survives, and when a kept one does not survive or does not exist."""
    began = time.perf_counter()
    every = mutants(rules)
    chosen = [one for one in every if (not topic or one.topic in topic) and only in one.name]
    reasons = read_kept(kept)
    console = Console(stderr=True, soft_wrap=True)
    running = run(chosen, rules, cases, processes)
    shown = track(running, "mutants", total=len(chosen), console=console, disable=not console.is_terminal)
    results = []
    for result in shown:
        results.append(result)
        if only or unnoticed(result, reasons):
            print(said(result, rules), flush=True)
    wrong = summed(results, reasons, [mutant.name for mutant in every], kept)
    print(f"{time.perf_counter() - began:.0f} s with {processes} processes")
    sys.exit(wrong)


def unnoticed(result: Result, reasons: dict[str, str]) -> bool:
    """Whether a case is missing: it survived, and neither is it kept nor do the rules leave it unread so far."""
    return result.fate == "survived" and result.mutant.name not in reasons and not result.mutant.idle


def said(result: Result, rules: Path) -> str:
    """Place, name and fate of a mutant."""
    fate = {"killed": "noticed by", "refused": "refused:", "survived": "no case notices"}[result.fate]
    return f"{rules.name}/{result.mutant.file}:{result.mutant.line} {result.mutant.name}: {fate} {result.by}".rstrip()


def summed(results: list[Result], reasons: dict[str, str], names: list[str], kept: Path) -> bool:
    """Print what is kept without need, and the counts; true where the check fails."""
    needless = stale(reasons, {result.mutant.name: result.fate for result in results}, names)
    for name, why in needless.items():
        print(f"{kept}: {name}: {why}; take it out")
    missing = sum(unnoticed(result, reasons) for result in results)
    held = sum(result.fate == "survived" and result.mutant.name in reasons for result in results)
    fates = [result.fate for result in results]
    print(
        f"{len(results)} mutants: {fates.count('killed')} noticed by a case, {fates.count('refused')} refused when the "
        f"rules are read, {held} kept with a reason, {fates.count('survived') - held - missing} of concepts that no "
        f"rule reads yet, {missing} unnoticed"
    )
    return bool(missing or needless)


if __name__ == "__main__":
    app()
