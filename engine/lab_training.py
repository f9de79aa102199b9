"""The laboratory's commands around training: runs, their checkpoints and curves, data that travels.

They are part of ``crosstalk-lab``; :func:`register` puts them there.
"""

from __future__ import annotations

import dataclasses
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import torch
import typer

from engine import checkpoint
from engine.checkpoint import Checkpoint
from engine.config import CohortConfig
from engine.data import pack as packing
from engine.data import unpack as unpacking
from engine.errors import EngineError
from engine.fairness.consolidation import ConsolidationConfig
from engine.lab_options import CACHE, DATA, CacheOption, DataOption, console
from engine.recognizer import choose_device
from engine.training import averaging, export, processes, recipes, stages
from engine.training import shards as sharding
from engine.training.emphasis import Emphasis, read_speakers
from engine.training.encoder_stacks import STACKS
from engine.training.processes import Precision, training_device
from engine.training.trainer import TrainerConfig
from engine.training.worlds import UnitKind, World

shards = typer.Typer(no_args_is_help=True, help="A checkpoint as small files, and back.")

StageName = StrEnum("StageName", {name: name for name in stages.SMALL})  # type: ignore[misc]
EncoderName = StrEnum("EncoderName", {name: name for name in STACKS})  # type: ignore[misc]

NameOption = Annotated[str, typer.Option(help="Name for the card.")]
CreatedOption = Annotated[str, typer.Option(help="Date for the card.")]
RunArgument = Annotated[Path, typer.Argument(help="Folder of a training run.")]
PartOption = Annotated[float, typer.Option(help="Megabytes of a part at most.", min=0.1)]


def register(app: typer.Typer) -> None:
    """Add the commands to the laboratory's."""
    for command in (train, curves, average, export_model, pack, unpack):
        app.command()(command)
    shards.command("split")(split)
    shards.command("join")(join)
    app.add_typer(shards, name="shards")


def train(
    output: Annotated[Path, typer.Argument(help="Folder of the run; an unfinished one goes on.")],
    stage: Annotated[StageName, typer.Option(help="One after the other.")] = StageName["words"],
    world: Annotated[World, typer.Option(help="Forty words, or free speech.")] = World.SMALL,
    units: Annotated[
        UnitKind | None, typer.Option(help="What words are spelled in; free speech: phones.")
    ] = None,
    start: Annotated[
        Path | None, typer.Option(help="Run folder or model file to take weights from.")
    ] = None,
    steps: Annotated[int, typer.Option(min=1)] = 2000,
    batch: Annotated[int, typer.Option(min=1, help="Scenes a step and process.")] = 4,
    learning_rate: Annotated[float, typer.Option(min=1e-6)] = 1.5e-3,
    channels: Annotated[int, typer.Option(min=1, max=2, help="1: baseline.")] = 2,
    encoder: Annotated[
        EncoderName, typer.Option(help="Kind of the encoders, all of about equal parameters.")
    ] = EncoderName["conv_attention"],
    window: Annotated[
        int | None, typer.Option(min=0, help="Frames of the past that attention sees.")
    ] = None,
    thrift_beta: Annotated[
        float, typer.Option(min=0.0, help="Weight of what amortized encoders compute.")
    ] = 0.0,
    cohorts: Annotated[
        int, typer.Option(min=0, help="Cohort embeddings, as many as --start of fairness-embed.")
    ] = 0,
    also: Annotated[
        list[Path] | None, typer.Option(help="Further corpus folders, as of speak and splice.")
    ] = None,
    only_speakers: Annotated[
        Path | None, typer.Option(help="Hear only these: a file with one a line.")
    ] = None,
    often: Annotated[
        Path | None, typer.Option(help="Hear these more often: a file with one a line.")
    ] = None,
    often_factor: Annotated[float, typer.Option(help="How many times as often.")] = 4.0,
    consolidate: Annotated[
        Path | None, typer.Option(help="Keep what this file of `consolidate` says is needed.")
    ] = None,
    strength: Annotated[float, typer.Option("--lambda", help="How firmly.")] = 1.0,
    l2: Annotated[bool, typer.Option("--l2", help="Keep all weights alike.")] = False,
    freeze: Annotated[
        list[str] | None, typer.Option(help="Beginning of names of weights to leave as they are.")
    ] = None,
    words_only: Annotated[
        bool, typer.Option("--words-only", help="To fine-tune a model file: learn words alone.")
    ] = False,
    pit: Annotated[bool, typer.Option(help="Permutation-invariant training.")] = False,
    seed: int = 7,
    device: Annotated[str, typer.Option(help="cuda, cpu, or auto: a GPU if there.")] = "auto",
    precision: Annotated[Precision, typer.Option(help="Of all but weights and losses.")] = (
        "bf16-mixed"
    ),
    minutes: Annotated[
        float | None, typer.Option(min=0.0, help="Save and stop after so many.")
    ] = None,
    workers: Annotated[int, typer.Option(min=0, help="Processes that prepare scenes.")] = 0,
    save_minutes: Annotated[float, typer.Option(min=0.0, help="From save to save.")] = 2.0,
    keep: Annotated[int, typer.Option(min=0, help="Checkpoints kept besides the last.")] = 0,
    shard_mb: Annotated[float, typer.Option(min=0.0, help="Save in such parts too.")] = 0.0,
    threads: Annotated[int, typer.Option(help="Threads of torch on the CPU.", min=1)] = 1,
    data: DataOption = DATA,
    cache: CacheOption = CACHE,
) -> None:
    """Train a model: ``phones``, ``voices``, ``words``, ``meetings``, each from the one before.

    Free speech: ``phones`` and ``words`` with one channel, then ``voices`` and ``meetings``.

    Under ``torchrun`` every process is one GPU, or a share of the CPU.
    """
    torch.set_num_threads(threads)
    config = TrainerConfig(
        steps=steps,
        learning_rate=learning_rate,
        precision=precision,
        save_every_s=60 * save_minutes,
        keep=keep,
        shard_mb=shard_mb,
        minutes=minutes,
        device=choose_device(training_device(device)),
    )
    recipe = recipes.Recipe(
        stage=stage.value,
        world=world,
        units=units,
        channels=channels,
        batch=batch,
        seed=seed,
        workers=workers,
        start=start,
        also=tuple(also or ()),
        permutation_invariant=pit,
        thrift=thrift_beta,
        emphasis=Emphasis(read_speakers(only_speakers), read_speakers(often), often_factor),
        words_only=words_only,
        consolidation=ConsolidationConfig(consolidate, strength, l2, tuple(freeze or ())),
        model=dataclasses.replace(
            recipes.default_config(world, encoder.value, window), cohorts=CohortConfig(cohorts)
        ),
        trainer=config,
    )
    trainer = recipes.run(recipe, data, cache, output)
    if trainer.fabric.is_global_zero and trainer.step < steps:
        console.print(f"saved at step {trainer.step}; the same command goes on from there")
    processes.finish()


def curves(
    runs: Annotated[list[Path], typer.Argument(help="Folders of training runs.")],
    output: Annotated[Path, typer.Option(help="Picture to write.")] = Path("curves.png"),
) -> None:
    """Draw the losses of runs over their steps."""
    from engine.training import curve_plot  # matplotlib takes a second

    curve_plot.draw(runs, output)
    console.print(f"{output}")


def average(
    sources: Annotated[
        list[Path], typer.Argument(help="Run folders, checkpoints (.pt) and model files.")
    ],
    output: Annotated[Path, typer.Option(help="Model file to write.")],
    name: NameOption = "",
    created: CreatedOption = "",
    data: DataOption = DATA,
    cache: CacheOption = CACHE,
) -> None:
    """Write the mean of several checkpoints' weights as a model file."""
    mean = averaging.average(sources)
    if mean.base:
        made = mean.base
        made.model.load_state_dict(mean.weights)
    else:
        made = export.assembled(mean.config, mean.weights, mean.about, data, cache)
    _write(made, output, name, created)
    console.print(f"{output}: mean of {mean.count}, {output.stat().st_size / 1e6:.1f} MB")


def export_model(
    run: RunArgument,
    output: Annotated[Path, typer.Argument(help="Model file to write.")],
    name: NameOption = "",
    created: CreatedOption = "",
    base: Annotated[
        Path | None, typer.Option(help="Model file whose card and settings are kept.")
    ] = None,
    data: DataOption = DATA,
    cache: CacheOption = CACHE,
) -> None:
    """Write the averaged weights of a training run as a model file."""
    _write(export.exported(run, data, cache, base), output, name, created)
    console.print(f"{output}: {output.stat().st_size / 1e6:.1f} MB")


def _write(made: Checkpoint, output: Path, name: str, created: str) -> None:
    card = dataclasses.replace(made.card, name=name or made.card.name, created=created)
    checkpoint.save(dataclasses.replace(made, card=card), output)


def split(
    run: RunArgument,
    part_mb: PartOption = 14.0,
    weights_only: Annotated[
        bool, typer.Option("--weights-only", help="Without the optimizer: to export or start from.")
    ] = False,
    bf16_optimizer: Annotated[
        bool, typer.Option("--bf16-optimizer", help="Its state in half the room.")
    ] = False,
) -> None:
    """Write a run's last checkpoint as numbered parts, in its folder ``shards``."""
    options = {"weights_only": weights_only, "bfloat16": bf16_optimizer}
    parts = sharding.split(run, part_mb, **options)
    size = sum(p.stat().st_size for p in parts) / 1e6
    console.print(f"{parts[0].parent}: {len(parts)} parts, {size:.1f} MB")
    if advice := sharding.advice(parts, **options):
        console.print(advice)


def join(
    run: Annotated[Path, typer.Argument(help="Folder of the parts, or of a run with them.")],
    output: Annotated[Path | None, typer.Option(help="Folder of the run to make.")] = None,
) -> None:
    """Put the parts of a checkpoint together as a run that can go on."""
    step = sharding.join(run, output or run)
    console.print(f"{output or run}: step {step}")


def pack(
    output: Annotated[Path, typer.Argument(help="Folder of the parts.")],
    part_mb: PartOption = 50.0,
    also: Annotated[
        list[str] | None, typer.Option(help="More of the corpus folder: voices, text.")
    ] = None,
    synthetic_mb: Annotated[
        float, typer.Option(min=0.0, help="Leave synthetic words out if they are larger.")
    ] = 200.0,
    world: Annotated[
        World, typer.Option(help="Free speech needs pronunciations, timing and rooms too.")
    ] = World.SMALL,
    data: DataOption = DATA,
    cache: CacheOption = CACHE,
) -> None:
    """Pack what training needs into parts for a machine without a network."""
    parts = packing.pack(
        data, cache, output, part_mb, synthetic_mb, also or [], world is World.FREE
    )
    size = sum(p.stat().st_size for p in parts) / 1e6
    console.print(f"{output}: {len(parts)} parts, {size:.0f} MB, and index.json")


def unpack(
    parts: Annotated[list[Path], typer.Argument(help="Parts of a pack, or their folder.")],
    into: Annotated[Path, typer.Option(help="Corpus folder to make or to complete.")],
) -> None:
    """Put together what has come of a pack; train with ``--data INTO --cache INTO/cache``."""
    there = unpacking.unpack(parts, into)
    console.print(f"{into}: {len(there.parts)} of {there.of} parts, {there.utterances} utterances")
    if there.missing:
        console.print(f"to come: {', '.join(map(str, there.missing))}")
    if there.damaged:
        names = ", ".join(str(path) for path in there.damaged)
        raise EngineError(f"These are damaged, fetch them again: {names}. The others are in.")
