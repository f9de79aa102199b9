"""What the commands of the laboratory share: where its data lies, and where it speaks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

console = Console()

DATA = Path("../shared/data")
CACHE = Path(".lab/cache")

DataOption = Annotated[Path, typer.Option(help="Corpus folder with a manifest.jsonl.")]
CacheOption = Annotated[
    Path, typer.Option(help="Where decoded and synthetic speech and rooms are kept.")
]
