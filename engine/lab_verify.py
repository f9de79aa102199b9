"""The laboratory's commands around voice vectors: train them, try them, put them into a model.

They are part of ``crosstalk-lab``; :func:`register` puts them there.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import torch
import typer

from engine import checkpoint
from engine.config import VoiceConfig
from engine.data.corpus import Corpus, load_corpus
from engine.data.spoken_manifest import read_spoken
from engine.errors import EngineError
from engine.evaluation.trials import Trial, make_trials
from engine.evaluation.verification import LEAST_SPEAKERS, groups_of, verify
from engine.evaluation.verification_report import tables, to_dict
from engine.evaluation.voice_systems import VoiceSystem, base_of, head_of, voice_system
from engine.lab_options import CACHE, DATA, CacheOption, DataOption, console
from engine.recognizer import Recognizer
from engine.speakers.embedding import VoiceEncoder
from engine.training import voice_lda
from engine.training.voice_crops import CropMaker
from engine.training.voice_frames import training_utterances, voice_frames
from engine.training.voice_head import new_head, own_head, sizes_of
from engine.training.voice_loss import Form
from engine.training.voice_run import VoiceRun, read_voice_run, save_run
from engine.training.voice_trainer import VoiceTrainer
from engine.training.voice_training import VoiceTraining

HEAD = VoiceConfig(size=96, hidden=192)


class FormName(StrEnum):
    """How voice vectors are made: trained in one of the forms, or fitted in closed form."""

    BASELINE = Form.BASELINE.value
    SIMILARITY = Form.SIMILARITY.value
    PSEUDO = Form.PSEUDO.value
    PAIRWISE = Form.PAIRWISE.value
    LDA = voice_lda.NAME


Split = StrEnum("Split", {"dev": "dev", "test": "test"})

ThreadsOption = Annotated[int, typer.Option(help="Threads of torch on the CPU.", min=1)]


def register(app: typer.Typer) -> None:
    """Add the commands to the laboratory's."""
    app.command("train-voices")(train_voices)
    app.command("verify")(verify_voices)
    app.command("export-voices")(export_voices)


def train_voices(
    output: Annotated[Path, typer.Argument(help="Folder of the run; an unfinished one goes on.")],
    form: Annotated[
        FormName, typer.Option(help="How crops are weighted; lda: fitted, nothing is trained.")
    ] = FormName.PAIRWISE,
    model: Annotated[Path, typer.Option(help="Model file whose voice head is trained.")] = Path(
        "resources/models/free-speech.safetensors"
    ),
    steps: Annotated[int, typer.Option(min=1)] = VoiceTraining.steps,
    seed: int = VoiceTraining.seed,
    alone: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Share of the steps without the adversary.")
    ] = VoiceTraining.alone,
    regions: Annotated[
        int, typer.Option(min=1, help="Regions that the adversary sees.")
    ] = VoiceTraining.regions,
    learning_rate: Annotated[float, typer.Option(min=1e-6)] = VoiceTraining.learning_rate,
    hidden: Annotated[int, typer.Option(min=1, help="Voice features of a frame.")] = HEAD.hidden,
    size: Annotated[int, typer.Option(min=2, help="Size of a voice vector.")] = HEAD.size,
    warm: Annotated[
        bool, typer.Option("--warm", help="Go on from the model's own head, of its sizes.")
    ] = False,
    shrinkage: Annotated[
        float, typer.Option(help="Of the covariance within people, for lda.")
    ] = voice_lda.SHRINKAGE,
    threads: ThreadsOption = 1,
    data: DataOption = DATA,
    cache: CacheOption = CACHE,
) -> None:
    """Train a model's voice vectors, adversarially reweighted or not."""
    torch.set_num_threads(threads)
    read_spoken(data, about=())  # its messages name the line
    recognizer, corpus = Recognizer.load(model, "cpu"), load_corpus(data, cache)
    utterances = training_utterances(corpus)
    space = recognizer.voice_space
    frames = voice_frames(recognizer.model, space, corpus, utterances, cache, console.print)
    about = {"model": str(model), "space": space, "sizes": sizes_of(recognizer), "warm": warm}
    if form is FormName.LDA:
        own = recognizer.model.voice
        head = voice_lda.fitted(own, voice_lda.statistics(own, frames, utterances), size, shrinkage)
        return _keep(head, output, about | {"shrinkage": shrinkage})
    config = VoiceTraining(
        Form(form.value), steps, seed, alone, regions, learning_rate=learning_rate
    )
    batch = (config.speakers, config.crops, config.crop_frames)
    maker = CropMaker(frames, utterances, *batch, seed)
    head = own_head(recognizer) if warm else new_head(recognizer, VoiceConfig(size, hidden), seed)
    trainer = VoiceTrainer(head, maker, config, output, about)
    trainer.resume()
    console.print(f"{len(maker.speakers)} speakers, {len(frames.activity)} frames")
    trainer.run(console.print)


def _keep(head: VoiceEncoder, folder: Path, about: dict[str, Any]) -> None:
    """As a finished run, so that it is tried and exported like any other."""
    more = {"form": voice_lda.NAME, "steps": 1, "seed": 0, "voice": dataclasses.asdict(head.config)}
    save_run(VoiceRun(about | more, 1, head.state_dict(), {}), folder)
    console.print(f"{folder}: vectors of {head.config.size}")


def verify_voices(
    systems: Annotated[
        list[str],
        typer.Argument(help="Model files, run folders of train-voices, or: resemblyzer."),
    ],
    split: Annotated[Split, typer.Option(help="dev to choose by, test for final figures.")] = (
        Split.dev
    ),
    seed: Annotated[int, typer.Option(help="Of the trials.")] = 7,
    least: Annotated[
        int, typer.Option(min=1, help="Enrolled speakers that a group needs.")
    ] = LEAST_SPEAKERS,
    output: Annotated[Path | None, typer.Option(help="JSON file to write too.")] = None,
    threads: ThreadsOption = 1,
    data: DataOption = DATA,
    cache: CacheOption = CACHE,
) -> None:
    """Equal error rates of voice vectors on the same trials: of all, and by group.

    Runs that differ in nothing but their seed are one system, whose rate is their mean.
    """
    torch.set_num_threads(threads)
    trials = make_trials(read_spoken(data), split.value, seed)
    corpus = load_corpus(data, cache)
    scores: dict[str, tuple[str, list[list[float]]]] = {}
    for what in systems:
        system = voice_system(what, corpus, cache, console.print)
        _, runs = scores.setdefault(system.settings, (_name(system, scores), []))
        runs.append(_scores(system, trials, corpus))
    groups = groups_of(trials, least)
    results = [verify(name, np.array(runs), trials, groups) for name, runs in scores.values()]
    same = sum(trial.same for trial in trials)
    title = f"EER, %, {split.value}: {same} trials of one speaker, {len(trials) - same} of two"
    for table in tables(results, groups, title):
        console.print(table)
    if output:
        output.write_text(json.dumps(to_dict(results, groups), indent=2) + "\n")


def _name(system: VoiceSystem, others: Mapping[str, tuple[str, object]]) -> str:
    """Its name; with a number, where a system of other settings has the same."""
    count = sum(name.partition(" #")[0] == system.name for name, _ in others.values())
    return f"{system.name} #{count + 1}" if count else system.name


def _scores(system: VoiceSystem, trials: Sequence[Trial], corpus: Corpus) -> list[float]:
    """The cosine of each trial."""
    needed = {spoken.id for trial in trials for spoken in trial}
    vectors = system.vectors([u for u in corpus.utterances if u.id in needed])
    return [float(vectors[trial.left.id] @ vectors[trial.right.id]) for trial in trials]


def export_voices(
    run: Annotated[Path, typer.Argument(help="Folder of a run of train-voices.")],
    output: Annotated[Path, typer.Argument(help="Model file to write.")],
    name: Annotated[str, typer.Option(help="Name for the card.")] = "",
) -> None:
    """Write the model that a run began with, with the voice vectors that it has learned.

    The thresholds of the model stay: see with `crosstalk-lab voices` what they mean now.
    """
    saved = read_voice_run(run)
    if saved is None:
        raise EngineError(f"{run} holds no run of `crosstalk-lab train-voices`: give its folder.")
    base_of(saved)  # refuses another model
    made = checkpoint.load(Path(saved.about["model"]))
    if made.model.cohorts is not None:
        raise EngineError(
            f"The cohorts of {saved.about['model']} belong to the voice vectors that it has: train "
            "the voices of a model without, and run `crosstalk-lab fairness-embed` afterwards."
        )
    made.model.voice = head_of(saved)
    made.model.config = dataclasses.replace(made.model.config, voice=saved.voice)
    card = dataclasses.replace(made.card, name=name or f"{made.card.name}-voices")
    checkpoint.save(dataclasses.replace(made, card=card), output)
    console.print(f"{output}: {output.stat().st_size / 1e6:.1f} MB")
