"""Runs the benchmarks and prints one table; the exit code says whether every bar was kept."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.table import Table

from tests.bench import library, memory, speed, start, window
from tests.bench.measuring import REPEATS, Result, machine

BENCHMARKS = {
    "start": start.measure,
    "window": window.measure,
    "library": library.measure,
    "speed": speed.measure,
    "memory": memory.measure,
}


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all of them."""
    unknown = sorted(set(names) - BENCHMARKS.keys())
    if unknown:
        print(f"no benchmark {unknown[0]!r}: there are {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    console = Console()
    console.print(f"Medians of {REPEATS} after a warm-up on {machine()}")
    results: list[Result] = []
    for name in names or list(BENCHMARKS):
        for result in BENCHMARKS[name]():
            results.append(result)
            console.print(f"  {result.name}: {result.value}")
    console.print(table(results))
    return int(any(result.within is False for result in results))


def table(results: list[Result]) -> Table:
    """All results with their bars and baselines."""
    lines = Table("measure", "value", "bar", "", "against")
    for result in results:
        kept = {True: "kept", False: "MISSED", None: ""}[result.within]
        lines.add_row(result.name, result.value, result.bar, kept, result.against)
    return lines


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
