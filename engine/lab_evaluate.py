"""The laboratory's commands around evaluation: scores, and settings chosen by them.

They are part of ``crosstalk-lab``; :func:`register` puts them there.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import torch
import typer

from engine import checkpoint
from engine.data import bench_set
from engine.data.bench_set import BenchSession
from engine.data.corpus import Corpus, load_corpus
from engine.data.free_meetings import Sound
from engine.evaluation import calibration, clips, tables
from engine.evaluation.evaluation import evaluate as score
from engine.evaluation.groups import grouped
from engine.evaluation.material import Material, Part
from engine.evaluation.record import to_json
from engine.evaluation.summary import Summary, summary
from engine.evaluation.systems import open_systems
from engine.evaluation.utterances import with_text
from engine.lab_bench import (
    NOISE_FOLD,
    BenchOption,
    SoundOption,
    SplitOption,
    WorldOption,
    bench_folder,
)
from engine.lab_options import CACHE, DATA, CacheOption, DataOption, console
from engine.recognizer import Recognizer
from engine.training.recipes import noises
from engine.training.worlds import World

KEPT = Path(".lab/evaluation")

ThreadsOption = Annotated[int, typer.Option(help="Threads of torch on the CPU.", min=1)]


def register(app: typer.Typer) -> None:
    """Add the commands to the laboratory's."""
    app.command()(evaluate)
    app.command()(calibrate)


def evaluate(
    model: Annotated[
        list[str], typer.Option(help="Model file, or pocketsphinx; the first is compared.")
    ],
    split: SplitOption = "dev",
    part: Annotated[
        list[Part] | None, typer.Option(help="Only this, given once or several times.")
    ] = None,
    world: WorldOption = World.FREE,
    sound: SoundOption = Sound.CLEAN,
    bench: BenchOption = None,
    limit: Annotated[
        int | None, typer.Option(help="So many sessions a condition, utterances a corpus.", min=1)
    ] = None,
    output: Annotated[
        Path | None, typer.Option(help="JSON file, or folder for JSON, Markdown and a page.")
    ] = None,
    html: Annotated[Path | None, typer.Option(help="Page with plots to write.")] = None,
    markdown: Annotated[bool, typer.Option(help="Print tables for a document.")] = False,
    keep: Annotated[bool, typer.Option(help="Keep transcripts, and use those kept.")] = True,
    device: str = "auto",
    threads: ThreadsOption = 1,
    data: DataOption = DATA,
    cache: CacheOption = CACHE,
) -> None:
    """Score systems on single utterances, meetings, clips of real meetings, and silence.

    All figures have 95 % intervals; an interrupted evaluation goes on where it stopped.
    """
    torch.set_num_threads(threads)
    parts = frozenset(part or Part)
    systems = open_systems(model, device)
    folder = bench or bench_folder(world, sound)
    sessions = _sessions(folder, split, limit) if Part.MEETINGS in parts else []
    material = _material(parts, sessions, split, limit, data, cache)
    say = None if markdown else console.print
    found = summary(score(systems, material, split, KEPT if keep else None, say or _nothing))
    if markdown:
        print(tables.to_markdown(found))
    else:
        for grid in tables.grids(found):
            console.print(grid.to_table())
    _write(found, output, html)


def _nothing(_: str) -> None:
    """Say nothing: the output is a document."""


def _material(
    parts: frozenset[Part],
    sessions: list[BenchSession],
    split: str,
    limit: int | None,
    data: Path,
    cache: Path,
) -> Material:
    spoken = Part.UTTERANCES in parts
    corpus: Corpus | None = load_corpus(data, cache) if spoken else None
    quiet = Part.SILENCE in parts
    return Material(
        corpus=corpus,
        utterances=with_text(corpus, split, limit) if corpus else (),
        sessions=sessions,
        clips=clips.read(data) if Part.CLIPS in parts else (),
        noises=noises(data, NOISE_FOLD) if quiet else (),
        silence=quiet,
    )


def _write(found: Summary, output: Path | None, html: Path | None) -> None:
    if output is not None and output.suffix == ".json":
        output.write_text(to_json(found))
    elif output is not None:
        output.mkdir(parents=True, exist_ok=True)
        (output / "evaluation.json").write_text(to_json(found))
        (output / "evaluation.md").write_text(tables.to_markdown(found))
        html = html or output / "evaluation.html"
    if html is not None:
        from engine.evaluation.page import to_html  # matplotlib takes its time

        html.write_text(to_html(found))


def calibrate(
    model: Annotated[Path, typer.Argument(help="Model file; it is rewritten.")],
    split: SplitOption = "dev",
    world: WorldOption = World.FREE,
    bench: BenchOption = None,
    limit: Annotated[int | None, typer.Option(help="Sessions a condition at most.", min=1)] = None,
    threads: ThreadsOption = 1,
) -> None:
    """Choose blank bias and speaker similarities on a benchmark's development split."""
    torch.set_num_threads(threads)
    loaded = checkpoint.load(model)
    sessions = _sessions(bench or bench_folder(world), split, limit)
    recognizer = Recognizer(loaded, "cpu")
    loaded.model.config = calibration.calibrate(recognizer, sessions, console.print)
    checkpoint.save(loaded, model)


def _sessions(bench: Path, split: str, limit: int | None) -> list[BenchSession]:
    """The sessions of a benchmark, the first of each condition."""
    conditions = grouped(bench_set.read(bench, split), lambda session: session.condition)
    return [session for group in conditions.values() for session in group[:limit]]
