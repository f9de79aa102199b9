"""The laboratory's command about models that leave computation out.

It is part of ``crosstalk-lab``; :func:`register` puts it there.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated

import torch
import typer

from engine import checkpoint
from engine.checkpoint import Checkpoint
from engine.data import bench_set
from engine.data.bench_set import BenchSession
from engine.errors import EngineError
from engine.evaluation import thrift as measuring
from engine.evaluation.groups import grouped
from engine.lab_bench import BenchOption, SplitOption, WorldOption, bench_folder
from engine.lab_options import CACHE, DATA, CacheOption, DataOption, console
from engine.thrift import BIAS
from engine.training import export
from engine.training.worlds import World


def register(app: typer.Typer) -> None:
    """Add the command to the laboratory's."""
    app.command()(thrift)


def thrift(
    runs: Annotated[
        list[Path], typer.Argument(help="Training runs or model files; -s1, -s2: seeds of one arm.")
    ],
    output: Annotated[Path, typer.Option(help="Folder for thrift.json, .svg and .png.")] = Path(
        ".lab/thrift"
    ),
    split: SplitOption = "dev",
    world: WorldOption = World.SMALL,
    bench: BenchOption = None,
    condition: Annotated[
        list[str] | None, typer.Option(help="Only these, such as 0L: one person at a time.")
    ] = None,
    limit: Annotated[int | None, typer.Option(help="Sessions a condition at most.", min=1)] = None,
    blank_bias: Annotated[
        float | None, typer.Option(help="Of all models alike; none: each model's own.")
    ] = None,
    levels: Annotated[
        bool, typer.Option("--levels", help="Also at the app's levels best and saver.")
    ] = False,
    data: DataOption = DATA,
    cache: CacheOption = CACHE,
) -> None:
    """Word errors against computation: one point for each arm, seeds pooled, on one core.

    Encoders are timed as trained and with everything on, in one piece and as live.
    """
    torch.set_num_threads(1)
    sessions = _sessions(bench or bench_folder(world), split, condition, limit)
    chosen = tuple(BIAS) if levels else ("balanced",)
    measured = []
    for run in runs:
        loaded = _biased(_load(run, data, cache), blank_bias)
        measured += measuring.measure(_name(run), loaded, sessions, chosen, console.print)
    _write(measured, output)
    console.print(measuring.grid(measuring.arms(measured)).to_table())


def _write(measured: list[measuring.Measured], output: Path) -> None:
    from engine.evaluation import thrift_plot  # matplotlib takes a second

    output.mkdir(parents=True, exist_ok=True)
    (output / "thrift.json").write_text(measuring.to_json(measured))
    for ending in ("svg", "png"):
        thrift_plot.draw(measured, output / f"thrift.{ending}")


def _name(run: Path) -> str:
    return run.stem if run.is_file() else run.name


def _load(run: Path, data: Path, cache: Path) -> Checkpoint:
    return checkpoint.load(run) if run.is_file() else export.exported(run, data, cache)


def _biased(loaded: Checkpoint, blank_bias: float | None) -> Checkpoint:
    if blank_bias is not None:
        config = loaded.model.config
        search = dataclasses.replace(config.search, blank_bias=blank_bias)
        loaded.model.config = dataclasses.replace(config, search=search)
    return loaded


def _sessions(
    bench: Path, split: str, conditions: list[str] | None, limit: int | None
) -> list[BenchSession]:
    there = grouped(bench_set.read(bench, split), lambda session: session.condition)
    missing = sorted(set(conditions or ()) - set(there))
    if missing:
        raise EngineError(
            f"{bench} has no condition {', '.join(missing)}: choose from {', '.join(there)}."
        )
    return [s for name in conditions or there for s in there[name][:limit]]
