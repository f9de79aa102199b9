"""The laboratory's commands about voices: how well people are known again.

It is part of ``crosstalk-lab``; :func:`register` puts it there.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import torch
import typer
from rich.table import Table

from engine import lab_verify
from engine.data.corpus import load_corpus
from engine.evaluation.voices import trials, voices_of
from engine.lab_options import CACHE, DATA, CacheOption, DataOption, console
from engine.recognizer import Recognizer

STRETCHES_S = (2.0, 5.0, 10.0)
THRESHOLDS = (0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9)


def register(app: typer.Typer) -> None:
    """Add the commands to the laboratory's."""
    app.command("voices")(voices)
    lab_verify.register(app)


def voices(
    models: Annotated[list[Path], typer.Argument(help="Model files.")],
    split: Annotated[str, typer.Option(help="dev to choose by, test for final figures.")] = "dev",
    data: DataOption = DATA,
    cache: CacheOption = CACHE,
) -> None:
    """Same and different speakers told apart by their voices, as live meetings hear them."""
    torch.set_num_threads(1)
    corpus = load_corpus(data, cache)
    for path in models:
        recognizer = Recognizer.load(path, "cpu")
        found = voices_of(recognizer, corpus, split)
        for stretch_s in STRETCHES_S:
            made = trials(found.values(), stretch_s)
            same, different = len(made.same), len(made.different)
            table = Table(
                title=f"{recognizer.card.name}, {stretch_s:g} s: {same} trials of the same speaker,"
                f" {different} of different ones"
            )
            for title in ("cosine from", "false reject, %", "false accept, %"):
                table.add_column(title, justify="right")
            for threshold in THRESHOLDS:
                missed, mistaken = made.missed(threshold), made.mistaken(threshold)
                table.add_row(f"{threshold:.2f}", f"{100 * missed:.1f}", f"{100 * mistaken:.2f}")
            console.print(table)
