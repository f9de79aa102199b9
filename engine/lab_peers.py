"""The laboratory's command that measures ours beside what a user could install instead.

It is part of ``crosstalk-lab``; :func:`register` puts it there.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from engine.data import bench_set
from engine.data.bench_set import BenchSession
from engine.data.free_meetings import Sound
from engine.errors import EngineError
from engine.evaluation import peers_report
from engine.evaluation.evaluation import circumstances
from engine.evaluation.groups import grouped
from engine.evaluation.material import Material
from engine.evaluation.peers import TITLES
from engine.evaluation.peers_process import run_peer
from engine.evaluation.peers_report import PeerResult
from engine.lab_bench import BenchOption, SoundOption, SplitOption, WorldOption, bench_folder
from engine.lab_options import console
from engine.training.worlds import World


def register(app: typer.Typer) -> None:
    """Add the command to the laboratory's."""
    app.command()(benchmark)


def benchmark(
    model: Annotated[
        list[str] | None, typer.Option(help="Model file of ours, given once or several times.")
    ] = None,
    peers: Annotated[bool, typer.Option("--peers", help=f"Also {', '.join(TITLES)}.")] = False,
    peer: Annotated[list[str] | None, typer.Option(help="Also this one of them.")] = None,
    split: SplitOption = "test",
    world: WorldOption = World.FREE,
    sound: SoundOption = Sound.CLEAN,
    bench: BenchOption = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Sessions a condition at most.")] = 5,
    output: Annotated[Path, typer.Option(help="Folder for peers.json and peers.md.")] = Path(
        ".lab/peers"
    ),
) -> None:
    """Measure ours, live on one core, and what could be installed instead, on the same meetings.

    Errors, word latency, real-time factor, memory and installed size. Each runs in its own process,
    one after the other; times are the processor's, so other programs hardly disturb them.
    """
    sessions = _sessions(bench or bench_folder(world, sound), split, limit)
    names = list(dict.fromkeys([*(model or ()), *(TITLES if peers else ()), *(peer or ())]))
    if not names:
        raise EngineError("There is nothing to measure: give --model FILE, or --peers.")
    _check(names)
    results = []
    for name in names:
        console.print(f"{name}: hears {sum(s.duration_s for s in sessions) / 60:.0f} minutes")
        results.append(peers_report.result(name, run_peer(name, sessions), sessions))
    facts = {"sets": Material(sessions=sessions).describe(), **circumstances()}
    output.mkdir(parents=True, exist_ok=True)
    (output / "peers.json").write_text(peers_report.to_json(results, facts))
    (output / "peers.md").write_text(peers_report.to_markdown(results, str(facts["command"])))
    _show(results)


def _check(names: Sequence[str]) -> None:
    """Before anything takes its time."""
    odd = [name for name in names if name not in TITLES and not Path(name).is_file()]
    if odd:
        raise EngineError(
            f"{odd[0]} is neither a model file nor a peer: choose from {', '.join(TITLES)}."
        )


def _show(results: Sequence[PeerResult]) -> None:
    for grid in peers_report.grids(results):
        console.print(grid.to_table())


def _sessions(folder: Path, split: str, limit: int | None) -> list[BenchSession]:
    conditions = grouped(bench_set.read(folder, split), lambda session: session.condition)
    return [session for group in conditions.values() for session in group[:limit]]
