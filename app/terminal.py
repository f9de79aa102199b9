"""Printing for people and for programs that read along."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

PROBLEM = 2
"""Exit code for everything that the user can do something about."""


def say(message: str) -> None:
    """A sentence for the user, on standard error."""
    print(message, file=sys.stderr, flush=True)


def complain(message: object) -> None:
    """What went wrong and what to do about it, on standard error."""
    say(f"crosstalk: {message}")


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table in a terminal, tab-separated lines elsewhere."""
    console = Console()
    if not console.is_terminal:
        for row in (columns, *rows):
            print(*(cell.replace("\t", " ") for cell in row), sep="\t")
        return
    table = Table(*columns, box=None)
    for row in rows:
        table.add_row(*(escape(cell) for cell in row))
    console.print(table)


def drop_output() -> None:
    """Let Python not stumble at its end over output that cannot be written."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
