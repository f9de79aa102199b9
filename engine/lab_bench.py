"""The laboratory's commands that make benchmarks: meetings of people no training data knows.

They are part of ``crosstalk-lab``; :func:`register` puts them there.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engine.data import bench_draw, bench_list, bench_set
from engine.data.corpus import load_corpus
from engine.data.free_meetings import FreeMeetings, Sound
from engine.data.room_bank import rooms
from engine.data.rooms import Microphone
from engine.lab_options import CACHE, DATA, CacheOption, DataOption, console
from engine.training.recipes import noises
from engine.training.worlds import World

ROOM_SEED = 11
"""Not that of the rooms of training."""

NOISE_FOLD = frozenset("5")
"""The recordings that no training hears."""

SplitOption = Annotated[str, typer.Option(help="dev to choose by, test for final figures.")]
WorldOption = Annotated[
    World, typer.Option(help="Meetings of free speech, or of spliced words of a list of forty.")
]
SoundOption = Annotated[Sound, typer.Option(help="Free speech dry, or in rooms with noise.")]
BenchOption = Annotated[
    Path | None, typer.Option(help="Folder of the benchmark, if not that of its world.")
]


def register(app: typer.Typer) -> None:
    """Add the commands to the laboratory's."""
    app.command("bench-list")(draw_list)
    app.command("bench-set")(build_bench)


def draw_list(
    output: Annotated[Path, typer.Argument(help="File to write, SPLIT.jsonl.gz.")],
    split: SplitOption = "dev",
    sessions: Annotated[int, typer.Option(help="Sessions a condition.", min=1)] = 60,
    duration: Annotated[float, typer.Option(help="Seconds a session.", min=10.0)] = 60.0,
    seed: int = 7,
    data: DataOption = DATA,
    cache: CacheOption = CACHE,
) -> None:
    """Draw a list of meetings of free speech; those of the laboratory were drawn like this."""
    meetings = bench_draw.draw(load_corpus(data, cache), split, sessions, duration, seed)
    digest = bench_list.write(meetings, output)
    console.print(f"{output}: {len(meetings)} meetings, sha256 {digest}")


def build_bench(
    split: SplitOption = "dev",
    world: WorldOption = World.FREE,
    sound: SoundOption = Sound.CLEAN,
    output: BenchOption = None,
    sessions: Annotated[int, typer.Option(help="Sessions a condition at most.", min=1)] = 60,
    duration: Annotated[float, typer.Option(help="Small world: seconds.", min=10.0)] = 60.0,
    seed: Annotated[int, typer.Option(help="Small world: what is drawn.")] = 7,
    meetings: Annotated[
        Path | None, typer.Option(help="Free speech: a list other than the laboratory's own.")
    ] = None,
    data: DataOption = DATA,
    cache: CacheOption = CACHE,
) -> None:
    """Make a benchmark: meetings of speakers who are in no training data."""
    folder = output or bench_folder(world, sound)
    corpus = load_corpus(data, cache)
    if world is World.SMALL:
        digest = bench_set.build(corpus, split, folder, sessions, duration, seed)
    else:
        listed = bench_list.read(meetings or bench_list.of_split(split))
        made = FreeMeetings(corpus)
        if sound is Sound.ROOMS:
            banks = {m.value: rooms(m, bench_list.ROOMS, ROOM_SEED, cache) for m in Microphone}
            made = FreeMeetings(corpus, banks, noises(data, NOISE_FOLD))
        chosen = bench_list.first(listed, sessions)
        digest = bench_set.build_free(chosen, made, sound, split, folder)
    console.print(f"{folder / split}.jsonl, {sessions} sessions a condition, sha256 {digest}")


def bench_folder(world: World, sound: Sound = Sound.CLEAN) -> Path:
    """Where a benchmark lies unless another folder is named."""
    if world is World.SMALL:
        return Path(".lab/bench")
    return Path(".lab/bench-free" if sound is Sound.CLEAN else ".lab/bench-free-rooms")
