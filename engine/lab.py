"""The laboratory: ``crosstalk-lab`` simulates, trains and evaluates with the engine of the app."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import torch
import typer
from rich.console import Console

from engine import (
    lab_ablate,
    lab_archive,
    lab_bench,
    lab_consolidate,
    lab_encoders,
    lab_evaluate,
    lab_fairness,
    lab_peers,
    lab_planted,
    lab_readable,
    lab_reliability,
    lab_simulate,
    lab_speech,
    lab_thrift,
    lab_training,
    lab_voices,
)
from engine.data import sample_meeting as sample
from engine.errors import EngineError
from engine.evaluation.report import summarise
from engine.lab_options import CACHE, DATA, CacheOption, DataOption, console
from engine.training import overfit as overfitting
from engine.training import recipes
from engine.training.trainer import TrainerConfig

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)
lab_training.register(app)
lab_thrift.register(app)
lab_simulate.register(app)
lab_speech.register(app)
lab_bench.register(app)
lab_archive.register(app)
lab_ablate.register(app)
lab_peers.register(app)
lab_encoders.register(app)
lab_evaluate.register(app)
lab_readable.register(app)
lab_reliability.register(app)
lab_voices.register(app)
lab_fairness.register(app)
lab_consolidate.register(app)
lab_planted.register(app)

ThreadsOption = Annotated[int, typer.Option(help="Threads of torch on the CPU.", min=1)]


@app.command()
def overfit(
    output: Annotated[Path, typer.Argument(help="Folder of the run.")],
    start: Annotated[
        Path | None, typer.Option(help="Run folder or model file to take weights from.")
    ] = None,
    minutes: Annotated[float, typer.Option(min=0.25)] = 10.0,
    steps: Annotated[int, typer.Option(min=1)] = 400,
    learning_rate: Annotated[float, typer.Option(min=1e-6)] = 1e-3,
    seed: int = 7,
    threads: ThreadsOption = 1,
    data: DataOption = DATA,
    cache: CacheOption = CACHE,
) -> None:
    """Learn some minutes of overlapped mixtures by heart and score them, streaming."""
    torch.set_num_threads(threads)
    trainer = TrainerConfig(
        steps=steps, learning_rate=learning_rate, average=0.98, frequency_masks=0, time_masks=0
    )
    recipe = recipes.Recipe("words", seed=seed, start=start, trainer=trainer)
    result = overfitting.run(recipe, data, cache, output, minutes)
    console.print(summarise(result.scores).to_table())


@app.command("sample-meeting")
def sample_meeting(
    output: Annotated[Path, typer.Argument(help="Folder to write into.")] = Path(
        "resources/sample"
    ),
    seed: int = 7,
) -> None:
    """Synthesise the sample meeting and its reference."""
    sample.build(output, seed)


def main() -> None:
    """Entry point: an expected error is one line and exit code 2."""
    try:
        app()
    except (EngineError, OSError) as error:
        Console(stderr=True).print(f"[red]Error:[/red] {error}")
        sys.exit(2)


if __name__ == "__main__":
    main()
