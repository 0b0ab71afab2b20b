"""python -m tests.mutants [--topic STEM] [--only WORDS]: change the rules one thing at a time, ask the cases."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from cds.situations import CASES
from tests.mutants.kept import KEPT, read_kept, stale
from tests.mutants.mutant import Mutant
from tests.mutants.reading import mutants
from tests.mutants.running import Result, run
from tests.support.run import RULES

app = typer.Typer(add_completion=False)


@app.command()
def main(
    topic: Annotated[str, typer.Option(help="Only mutants of this topic file, or of tables its cases are about.")] = "",
    only: Annotated[str, typer.Option(help="Only mutants whose name holds these words; says what noticed each.")] = "",
    processes: Annotated[int, typer.Option(help="Processes at work.")] = 2,
    rules: Annotated[Path, typer.Option(help="Folder of rules.")] = RULES,
    cases: Annotated[Path, typer.Option(help="Folder of cases.")] = CASES,
    kept: Annotated[Path, typer.Option(help="The list of mutants that no case can notice.")] = KEPT,
) -> None:
    """Fails when a mutant that is not kept survives, and when a kept one does not survive or does not exist."""
    began = time.perf_counter()
    every = mutants(rules)
    chosen = [one for one in every if topic in ("", one.topic) and only in one.name]
    reasons = read_kept(kept)
    console = Console(stderr=True, soft_wrap=True)
    running = run(chosen, rules, cases, processes)
    shown = track(running, "mutants", total=len(chosen), console=console, disable=not console.is_terminal)
    results = list(shown)
    for result in results if only else ():
        print(f"{where(result.mutant, rules)} {result.fate}{f' by {result.by}' if result.by else ''}")
    wrong = report(results, rules, reasons, [mutant.name for mutant in every], kept)
    print(f"{time.perf_counter() - began:.0f} s with {processes} processes")
    sys.exit(wrong)


def report(results: list[Result], rules: Path, reasons: dict[str, str], names: list[str], kept: Path) -> bool:
    """Print what survived and is not kept, and what is kept without need; true where there is anything of these."""
    fates = {result.mutant.name: result.fate for result in results}
    survivors = [result.mutant for result in results if result.fate == "survived"]
    idle = [mutant for mutant in survivors if mutant.idle and mutant.name not in reasons]
    unkept = [mutant for mutant in survivors if mutant.name not in reasons and not mutant.idle]
    needless = stale(reasons, fates, names)
    for mutant in unkept:
        print(f"{where(mutant, rules)}: no case notices")
    for name, why in needless.items():
        print(f"{kept}: {name}: {why}; take it out")
    counts = {fate: sum(result.fate == fate for result in results) for fate in ("killed", "refused")}
    print(
        f"{len(results)} mutants: {counts['killed']} noticed by a case, {counts['refused']} refused when the rules are "
        f"read, {len(survivors) - len(unkept) - len(idle)} kept with a reason, {len(idle)} of concepts that no rule "
        f"reads yet, {len(unkept)} unnoticed"
    )
    return bool(unkept or needless)


def where(mutant: Mutant, rules: Path) -> str:
    """Place and name of a mutant."""
    return f"{rules.name}/{mutant.file}:{mutant.line} {mutant.name}"


if __name__ == "__main__":
    app()
