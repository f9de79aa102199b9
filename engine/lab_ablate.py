"""The laboratory's command that shows what each part of the engine is worth.

It is part of ``crosstalk-lab``; :func:`register` puts it there.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import torch
import typer

from engine import checkpoint
from engine.data import bench_set
from engine.data.bench_set import BenchSession
from engine.errors import EngineError
from engine.evaluation import ablation, ablation_settings
from engine.evaluation.ablation import ArmScores
from engine.evaluation.bench import score_bench
from engine.evaluation.evaluation import circumstances
from engine.evaluation.groups import grouped
from engine.evaluation.score import SessionScore
from engine.evaluation.systems import Audio, ModelSystem
from engine.evaluation.transcripts import Transcriber, Transcript
from engine.lab_bench import BenchOption, SplitOption, bench_folder
from engine.lab_options import CACHE, DATA, CacheOption, DataOption, console
from engine.lab_training import StageName
from engine.recognizer import Recognizer, choose_device
from engine.training import ablation as training
from engine.training import export, recipes
from engine.training.ablation import ARMS, Arm, Plan
from engine.training.worlds import World

MODEL = "model.safetensors"
FIRST_SEED = 7


def register(app: typer.Typer) -> None:
    """Add the command to the laboratory's."""
    app.command()(ablate)


def ablate(
    output: Annotated[Path, typer.Argument(help="Folder; what is done in it is not done again.")],
    start: Annotated[
        Path | None, typer.Option(help="Run folder or model file that all arms start from.")
    ] = None,
    arms: Annotated[
        str, typer.Option(help=f"Some of {', '.join(ARMS)}, with commas; none: the ladder and pit.")
    ] = "",
    seeds: Annotated[int, typer.Option(min=1, help="Models of each arm.")] = 3,
    stage: Annotated[
        list[StageName] | None, typer.Option(help="One after the other; none: words, meetings.")
    ] = None,
    steps: Annotated[
        list[int] | None, typer.Option(min=1, help="Of each stage, in the same order.")
    ] = None,
    batch: Annotated[int, typer.Option(min=1, help="Scenes a step.")] = 4,
    learning_rate: Annotated[float, typer.Option(min=1e-6)] = 1.2e-3,
    split: SplitOption = "test",
    bench: BenchOption = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Sessions a condition at most.")] = 10,
    tune: Annotated[
        int, typer.Option(min=0, help="Sessions of dev a condition to choose settings by.")
    ] = 1,
    workers: Annotated[int, typer.Option(min=0, help="Processes that prepare scenes.")] = 0,
    device: str = "auto",
    threads: Annotated[int, typer.Option(help="Threads of torch on the CPU.", min=1)] = 1,
    data: DataOption = DATA,
    cache: CacheOption = CACHE,
) -> None:
    """Train the ladder MT-RNN-T, + turn tokens, + FastEmit, + activity, + <eot> penalty, and PIT.

    In the small world, every arm from one start, with several seeds; then all of them hear one
    benchmark, and one table says what each step changes.
    """
    torch.set_num_threads(threads)
    plan = Plan(
        _stages(stage, steps),
        start,
        batch,
        learning_rate,
        choose_device(device),
        workers,
        recipes.default_config(),
    )
    wanted = training.chosen([name.strip() for name in arms.split(",") if name.strip()])
    folder = bench or bench_folder(World.SMALL)
    heard = _sessions(folder, split, limit)
    chosen_by = _sessions(folder, "dev", tune) if tune else []
    training.agree(output, plan)
    scores: dict[str, dict[int, list[SessionScore]]] = {arm.name: {} for arm in wanted}
    for seed in range(FIRST_SEED, FIRST_SEED + seeds):
        for arm in wanted:
            model = _model(plan, arm, seed, output, chosen_by, data, cache)
            scores[arm.name][seed] = _scores(arm, model, heard, output / "transcripts")
            console.print(f"{arm.name}, seed {seed}: heard {len(heard)} sessions")
    _report([ArmScores(a.name, a.title, a.after, scores[a.name]) for a in wanted], plan, output)


def _stages(
    names: Sequence[StageName] | None, steps: Sequence[int] | None
) -> tuple[tuple[str, int], ...]:
    stages = [name.value for name in names or ()] or ["words", "meetings"]
    each = list(steps or ()) or [1000] * len(stages)
    if len(stages) != len(each):
        raise EngineError(
            f"{len(stages)} stages ({', '.join(stages)}) and {len(each)} numbers of steps: give "
            "--steps once for each --stage."
        )
    return tuple(zip(stages, each, strict=True))


def _sessions(folder: Path, split: str, limit: int | None) -> list[BenchSession]:
    conditions = grouped(bench_set.read(folder, split), lambda session: session.condition)
    return [session for group in conditions.values() for session in group[:limit]]


def _model(
    plan: Plan,
    arm: Arm,
    seed: int,
    output: Path,
    sessions: Sequence[BenchSession],
    data: Path,
    cache: Path,
) -> Path:
    """The model file of an arm with a seed: trained and tuned, unless it is there."""
    folder = output / f"{arm.name}-s{seed}"
    file = folder / MODEL
    if not file.is_file():
        console.print(f"{arm.name}, seed {seed}: training")
        made = export.exported(training.train(plan, arm, seed, folder, data, cache), data, cache)
        if sessions:
            recognizer = Recognizer(made, plan.device)
            made.model.config = ablation_settings.tuned(
                recognizer, sessions, arm.turn_tokens, arm.has_activity, console.print
            )
        checkpoint.save(made, file)
    return file


def _scores(
    arm: Arm, model: Path, sessions: Sequence[BenchSession], kept: Path
) -> list[SessionScore]:
    hear = Transcriber(ModelSystem(model, "cpu"), kept)

    def hear_whole_turns(samples: Audio) -> Transcript:
        transcript = hear(samples)
        turns = tuple(ablation_settings.rejoined(transcript.turns))
        return dataclasses.replace(transcript, turns=turns)

    return list(score_bench(hear if arm.turn_tokens else hear_whole_turns, sessions))


def _report(arms: Sequence[ArmScores], plan: Plan, output: Path) -> None:
    facts = {"plan": plan.describe(), **circumstances()}
    found = ablation.compare(arms)
    (output / "ablation.json").write_text(ablation.to_json(found, facts))
    (output / "ablation.md").write_text(ablation.to_markdown(found, str(facts["command"])))
    for grid in ablation.grids(found):
        console.print(grid.to_table())
