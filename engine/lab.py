"""The laboratory: ``crosstalk-lab`` simulates, trains and evaluates with the engine of the app."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path
from typing import Annotated

import torch
import typer
from rich.console import Console

from engine import checkpoint, lab_simulate, lab_training
from engine.checkpoint import Checkpoint
from engine.config import ModelConfig, from_dict
from engine.data import bench_set as benchmark
from engine.data import sample_meeting as sample
from engine.data.corpus import load_corpus
from engine.errors import EngineError
from engine.evaluation import calibration
from engine.evaluation.bench import score_bench, score_silence
from engine.evaluation.report import summarise
from engine.lab_options import CACHE, DATA, CacheOption, DataOption, console
from engine.model import SeparatorTransducerSegmenter
from engine.recognizer import Recognizer
from engine.training import overfit as overfitting
from engine.training import recipes
from engine.training.trainer import TrainerConfig, read_run

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)
lab_training.register(app)
lab_simulate.register(app)

BENCH = Path(".lab/bench")

BenchOption = Annotated[Path, typer.Option(help="Folder of the benchmark.")]
StartOption = Annotated[
    Path | None, typer.Option(help="Run folder or model file to take weights from.")
]
LimitOption = Annotated[int, typer.Option(help="Sessions a condition at most.", min=1)]
ThreadsOption = Annotated[int, typer.Option(help="Threads of torch on the CPU.", min=1)]


@app.command("bench-set")
def bench_set(
    split: Annotated[str, typer.Option(help="dev to choose by, test for final figures.")] = "dev",
    output: BenchOption = BENCH,
    sessions: Annotated[int, typer.Option(help="Sessions a condition.", min=1)] = 60,
    duration: Annotated[float, typer.Option(help="Seconds a session.", min=10.0)] = 60.0,
    seed: int = 7,
    data: DataOption = DATA,
    cache: CacheOption = CACHE,
) -> None:
    """Make the small world's benchmark: spliced words of speakers who are in no training data."""
    corpus = load_corpus(data, cache)
    digest = benchmark.build(corpus, split, output, sessions, duration, seed)
    console.print(f"{output / split}.jsonl, {6 * sessions} sessions, sha256 {digest}")


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


@app.command("export-model")
def export_model(
    run: Annotated[Path, typer.Argument(help="Folder of a training run.")],
    output: Annotated[Path, typer.Argument(help="Model file to write.")],
    name: str = "small-world",
    created: Annotated[str, typer.Option(help="Date for the card.")] = "",
    base: Annotated[Path | None, typer.Option(help="Model file whose card is kept.")] = None,
) -> None:
    """Write the averaged weights of a training run as a model file."""
    saved = read_run(run)
    config = from_dict(ModelConfig, saved["config"])
    tokens = recipes.small_world_tokens()
    model = SeparatorTransducerSegmenter(config, tokens.size)
    model.load_state_dict(saved["averaged"])
    card = checkpoint.read_card(base) if base else recipes.small_world_card()
    card = dataclasses.replace(card, name=name, created=created)
    checkpoint.save(Checkpoint(model, tokens, card), output)
    console.print(f"{output}: {output.stat().st_size / 1e6:.1f} MB, step {saved['step']}")


@app.command()
def evaluate(
    model: Annotated[Path, typer.Option(help="Model file.")],
    split: str = "dev",
    bench: BenchOption = BENCH,
    limit: LimitOption = 1000,
    output: Annotated[Path | None, typer.Option(help="JSON file to write.")] = None,
    markdown: Annotated[bool, typer.Option(help="Print a table for a document.")] = False,
    device: str = "auto",
    threads: ThreadsOption = 1,
    data: DataOption = DATA,
) -> None:
    """Score a model on a benchmark by condition, with 95 % intervals over the sessions."""
    torch.set_num_threads(threads)
    recognizer = Recognizer.load(model, device)
    sessions = _sessions(bench, split, limit)
    report = summarise(list(score_bench(recognizer, sessions)))
    if markdown:
        print(report.to_markdown())
    else:
        console.print(report.to_table())
    if output is not None:
        output.write_text(report.to_json())
    for name, words in score_silence(recognizer, recipes.noises(data, frozenset("5"))).items():
        console.print(f"false words a minute in {name}: {words.per_minute:.2f}")


@app.command()
def calibrate(
    model: Annotated[Path, typer.Argument(help="Model file; it is rewritten.")],
    split: str = "dev",
    bench: BenchOption = BENCH,
    limit: LimitOption = 1000,
    threads: ThreadsOption = 1,
) -> None:
    """Choose blank bias and speaker similarities on a benchmark's development split."""
    torch.set_num_threads(threads)
    recognizer = Recognizer.load(model, "cpu")
    sessions = _sessions(bench, split, limit)
    config = calibration.calibrate(recognizer, sessions, console.print)
    recognizer.model.config = config
    checkpoint.save(Checkpoint(recognizer.model, recognizer.tokens, recognizer.card), model)


def _sessions(bench: Path, split: str, limit: int) -> list[benchmark.BenchSession]:
    """The first sessions of each condition."""
    conditions: dict[str, list[benchmark.BenchSession]] = {}
    for session in benchmark.read(bench, split):
        conditions.setdefault(session.condition, []).append(session)
    return [session for group in conditions.values() for session in group[:limit]]


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
