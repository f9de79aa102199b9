"""The laboratory's command around the confidence of words: how true it is, and put it right.

It is part of ``crosstalk-lab``; :func:`register` puts it there.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import soundfile
import torch
import typer

from engine import checkpoint
from engine.config import ConfidenceConfig
from engine.data import bench_set
from engine.data.corpus import load_corpus
from engine.errors import EngineError
from engine.evaluation.groups import grouped
from engine.evaluation.material import Part
from engine.evaluation.reliability import JudgedWord, Reliability, recalibrated, reliability
from engine.evaluation.reliability_fit import fit, held_out
from engine.evaluation.reliability_words import judge_meeting, judge_text
from engine.evaluation.segments import reference_turns
from engine.evaluation.text import normalise
from engine.evaluation.utterances import with_text
from engine.lab_bench import BenchOption, SplitOption, WorldOption, bench_folder
from engine.lab_options import CACHE, DATA, CacheOption, DataOption, console
from engine.recognizer import Recognizer, choose_device
from engine.training.worlds import World


def register(app: typer.Typer) -> None:
    """Add the command to the laboratory's."""
    app.command("reliability")(word_reliability)


def word_reliability(
    model: Annotated[Path, typer.Option(help="Model file.")],
    output: Annotated[Path, typer.Option(help="Folder for reliability.json, .svg, .png.")] = Path(
        ".lab/reliability"
    ),
    split: SplitOption = "dev",
    part: Annotated[
        list[Part] | None, typer.Option(help="utterances or meetings; none: both.")
    ] = None,
    write: Annotated[
        Path | None,
        typer.Option(help="Model file to write: the same weights, and the confidence put right."),
    ] = None,
    world: WorldOption = World.FREE,
    bench: BenchOption = None,
    limit: Annotated[
        int | None, typer.Option(help="So many sessions a condition, utterances a corpus.", min=1)
    ] = None,
    device: str = "auto",
    threads: Annotated[int, typer.Option(help="Threads of torch on the CPU.", min=1)] = 1,
    data: DataOption = DATA,
    cache: CacheOption = CACHE,
) -> None:
    """Compare the confidence of words with how many are right, and learn to put it right.

    What is learned is tried on speakers that it was not learned from.
    """
    torch.set_num_threads(threads)
    if write is not None and split != "dev":
        raise EngineError("Settings are chosen on dev: leave out --split, or --write.")
    loaded = checkpoint.load(model)
    now = loaded.model.config.confidence
    loaded.model.config = dataclasses.replace(loaded.model.config, confidence=ConfidenceConfig())
    recognizer = Recognizer(loaded, choose_device(device))
    parts = set(part or (Part.UTTERANCES, Part.MEETINGS))
    words: list[JudgedWord] = []
    if Part.UTTERANCES in parts:
        words += _of_utterances(recognizer, split, limit, data, cache)
    if Part.MEETINGS in parts:
        words += _of_meetings(recognizer, bench or bench_folder(world), split, limit)
    found = _compared(words, now, learning=split == "dev")
    _tell(found)
    learned = fit(words) if split == "dev" else now
    _write(found, {"model": str(model), "split": split, "parts": sorted(parts)}, learned, output)
    if write is not None:
        config = dataclasses.replace(loaded.model.config, confidence=learned)
        loaded.model.config = config
        checkpoint.save(loaded, write)
        console.print(f"{write}: scale {learned.scale}, offset {learned.offset}")


def _of_utterances(
    recognizer: Recognizer, split: str, limit: int | None, data: Path, cache: Path
) -> Iterator[JudgedWord]:
    corpus = load_corpus(data, cache)
    for utterance in with_text(corpus, split, limit):
        events = recognizer.transcribe(corpus.audio(utterance))
        yield from judge_text(events, normalise(utterance.text or ""), utterance.speaker)


def _of_meetings(
    recognizer: Recognizer, bench: Path, split: str, limit: int | None
) -> Iterator[JudgedWord]:
    conditions = grouped(bench_set.read(bench, split), lambda session: session.condition)
    for session in (s for group in conditions.values() for s in group[:limit]):
        samples, _ = soundfile.read(session.audio, dtype="float32")
        yield from judge_meeting(recognizer.transcribe(samples), reference_turns(session.reference))


def _compared(
    words: list[JudgedWord], now: ConfidenceConfig, learning: bool
) -> dict[str, Reliability]:
    found = {
        "the search": reliability(words),
        "the model": reliability(recalibrated(words, now)),
    }
    if now == ConfidenceConfig():
        del found["the model"]
    if learning:
        found["learned, other speakers"] = held_out(words).after
    known = {name: one for name, one in found.items() if one is not None}
    if not known:
        raise EngineError("The model said no words: let it hear more.")
    return known


def _tell(found: dict[str, Reliability]) -> None:
    for name, one in found.items():
        console.print(
            f"{name}: {one.words} words, {100 * one.right:.1f} % right, said to be "
            f"{100 * one.confidence:.1f} %; ECE {100 * one.error:.1f} %, normalised cross entropy "
            f"{one.entropy:.3f}",
            highlight=False,
            soft_wrap=True,
        )


def _write(
    found: dict[str, Reliability], about: dict[str, Any], learned: ConfidenceConfig, output: Path
) -> None:
    from engine.evaluation.reliability_plot import draw  # matplotlib takes a second

    output.mkdir(parents=True, exist_ok=True)
    figures = {name: one.to_dict() for name, one in found.items()}
    content = about | {"config": dataclasses.asdict(learned), "figures": figures}
    (output / "reliability.json").write_text(json.dumps(content, indent=2) + "\n")
    for ending in ("svg", "png"):
        draw(found, output / f"reliability.{ending}")
