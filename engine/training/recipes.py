"""Named training runs: what is learned, from what, and starting where."""

from __future__ import annotations

import dataclasses
import re
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
import soundfile
import torch
from torch import Tensor

from engine import checkpoint
from engine.checkpoint import ModelCard
from engine.config import EncoderConfig, ModelConfig, SeparatorConfig, TransducerConfig
from engine.data import synthesis
from engine.data.corpus import Corpus, load_corpus
from engine.data.simulation import CONDITIONS, Acoustics, Audio, Timing
from engine.data.small_world import WORDS
from engine.data.sources import (
    PADDING_S,
    Perturbation,
    SpliceSource,
    UtteranceSource,
    WordToken,
    word_tokens,
)
from engine.data.targets import Targeting
from engine.errors import ConfigError
from engine.frontend import LogMel
from engine.model import SeparatorTransducerSegmenter
from engine.timeline import SAMPLE_RATE, to_samples
from engine.tokens import SPECIAL, Tokens
from engine.training import processes
from engine.training.batches import BatchMaker, SceneMaker, SourceShare, simulated_batches
from engine.training.objective import Objective, ObjectiveConfig
from engine.training.trainer import Trainer, TrainerConfig, read_run
from engine.training.workers import worker_batches

TIMINGS: tuple[Timing, ...] = (
    *CONDITIONS.values(),
    Timing(0.0, (0.3, 1.5)),
    Timing(0.3, (0.1, 1.0), gap_share=0.3),
)
ALONE: tuple[Timing, ...] = (
    Timing(0.0, (0.1, 0.5)),
    Timing(0.0, (0.2, 0.8)),
    Timing(0.0, (0.3, 1.5)),
)
QUIET = Acoustics(room=0.0, noisy=0.1, loudness_db=(-32.0, -20.0), hiss_db=(-65.0, -45.0))


@dataclass(frozen=True)
class Stage:
    """What a stage of training hears, and what it is to learn from it.

    Attributes:
        read, spliced, synthetic: shares of scenes of read speech (whose words are not in the
            vocabulary, so that they teach phones, activity and voices only), of spliced real words
            and of spliced synthetic words.
        masks: SpecAugment masks in frequency and in time.
    """

    read: float
    spliced: float
    synthetic: float
    timings: tuple[Timing, ...]
    acoustics: Acoustics
    objective: ObjectiveConfig
    duration_s: float = 15.0
    masks: tuple[int, int] = (2, 3)


STAGES: dict[str, Stage] = {
    "phones": Stage(
        *(0.7, 0.2, 0.1),
        ALONE,
        QUIET,
        ObjectiveConfig(transducer=0.0, phones=1.0, activity=0.3, marks=0.2, voices=0.05),
        duration_s=12.0,
        masks=(1, 1),
    ),
    "voices": Stage(
        *(0.5, 0.35, 0.15),
        TIMINGS,
        QUIET,
        ObjectiveConfig(transducer=0.0, phones=1.0, activity=1.0, marks=0.5, voices=0.1),
        duration_s=12.0,
        masks=(2, 3),
    ),
    "words": Stage(
        *(0.3, 0.45, 0.25),
        (*ALONE, Timing(0.25, (0.1, 0.5))),
        QUIET,
        ObjectiveConfig(),
        duration_s=12.0,
        masks=(1, 1),
    ),
    "meetings": Stage(
        *(0.2, 0.6, 0.2),
        TIMINGS,
        Acoustics(
            room=0.1, noisy=0.2, loudness_db=(-32.0, -20.0), hiss_db=(-65.0, -42.0), colour_db=6.0
        ),
        ObjectiveConfig(),
        masks=(2, 3),
    ),
}
"""One after the other: frame labels of one person at a time, then of two (``voices``), then words,
then overlaps, rooms and noise. Learning all at once from the start took several times as long."""

NOISE_FOLDS = frozenset("1234")
"""Folds of the noise recordings that training may hear; the fifth is for testing."""


def small_world_config() -> ModelConfig:
    """Width 192: half again the time of 128 a step, to give the separator room."""

    def encoder(layers: int) -> EncoderConfig:
        return EncoderConfig(size=192, layers=layers, heads=6)

    return ModelConfig(
        separator=SeparatorConfig(mixture=encoder(2), separation=encoder(1)),
        transducer=TransducerConfig(recognition=encoder(3)),
    )


@dataclass(frozen=True)
class Recipe:
    """One run of ``crosstalk-lab train``.

    Attributes:
        stage: what is heard and learned, a key of :data:`STAGES`.
        channels: 2, or 1 for the baseline that writes everybody into one stream.
        batch: scenes a step of each process. Few, because on a CPU more steps beat larger ones.
        workers: processes that prepare scenes; with 0 a thread does it, enough for a CPU.
        start: a run folder or a model file whose weights to start from, where shapes agree.
    """

    stage: str
    channels: int = 2
    batch: int = 4
    seed: int = 7
    workers: int = 0
    start: Path | None = None
    permutation_invariant: bool = False
    model: ModelConfig = field(default_factory=small_world_config)
    trainer: TrainerConfig = field(default_factory=TrainerConfig)

    def objective(self) -> ObjectiveConfig:
        """The objective of the stage; the baseline has no turns to mark."""
        objective = STAGES[self.stage].objective
        return dataclasses.replace(
            objective,
            permutation_invariant=self.permutation_invariant,
            marks=0.0 if self.channels == 1 else objective.marks,
        )


def with_channels(config: ModelConfig, channels: int) -> ModelConfig:
    """The same model with another number of channels."""
    separator = dataclasses.replace(config.separator, channels=channels)
    return dataclasses.replace(config, separator=separator)


def small_world_card() -> ModelCard:
    """The card of a model of the small world."""
    return ModelCard(
        name="small-world",
        description="Transcribes meetings whose words come from a list of forty.",
        language="en",
        licence="Apache-2.0",
        vocabulary=" ".join(WORDS),
        training_data="LibriSpeech dev-clean (half), speechocean762, Common Voice and LJ Speech, "
        "their train splits; synthetic voices of eSpeak NG and Flite; noise of ESC-10.",
        limits="Other words are written as the nearest of the list or left out. At most two people "
        "at once; a third is not written down.",
    )


def small_world_tokens() -> Tokens:
    """Every word of the small world is one token."""
    return Tokens.train([word for word in WORDS for _ in range(4)], len(WORDS) + SPECIAL)


def run(recipe: Recipe, data: Path, cache: Path, folder: Path) -> Trainer:
    """Train as the recipe says, going on from ``folder`` if it holds an unfinished run.

    Every process that ``torchrun`` started calls this.
    """
    torch.manual_seed(recipe.seed)
    stage = STAGES[recipe.stage]
    fabric = processes.launch(recipe.trainer.device, recipe.trainer.precision)
    with fabric.rank_zero_first(local=True):  # the others of the machine find it decoded
        corpus = load_corpus(data, cache)
    tokens = small_world_tokens()
    config = with_channels(recipe.model, recipe.channels)
    model = SeparatorTransducerSegmenter(config, tokens.size)
    speakers = sorted({u.speaker for u in corpus.of_split("train")})
    speakers += [voice.id for voice in synthesis.training_voices()]
    objective = Objective(model, recipe.objective(), speakers)
    frequency_masks, time_masks = stage.masks
    trainer_config = dataclasses.replace(
        recipe.trainer,
        frequency_masks=frequency_masks,
        time_masks=time_masks,
        seed=recipe.seed,
    )
    trainer = Trainer(model, objective, trainer_config, folder, fabric=fabric)
    if not trainer.resume() and recipe.start is not None:
        start_from(trainer, recipe.start)
    with fabric.rank_zero_first(local=True):  # and the words synthesised
        maker = batch_maker(recipe, data, cache, fabric.global_rank)
    if recipe.workers:
        maker_of = partial(batch_maker, recipe, data, cache, fabric.global_rank)
        batches = worker_batches(maker_of, recipe.workers, trainer.step)
    else:
        batches = simulated_batches(maker, trainer.step)
    with closing(batches):
        trainer.run(batches)
    return trainer


def batch_maker(recipe: Recipe, data: Path, cache: Path, rank: int = 0) -> BatchMaker:
    """What makes the batches of the recipe, also in another process."""
    stage = STAGES[recipe.stage]
    corpus = load_corpus(data, cache)
    acoustics = dataclasses.replace(stage.acoustics, noises=tuple(noises(data, NOISE_FOLDS)))
    maker = SceneMaker(_sources(stage, corpus, cache), stage.timings, acoustics, stage.duration_s)
    frontend = recipe.model.frontend
    serial = recipe.channels == 1
    targeting = Targeting(small_world_tokens(), frontend.frame, recipe.channels, serial=serial)
    reach = LogMel(frontend).reach
    return BatchMaker(maker, targeting, reach, recipe.batch, recipe.seed, rank)


def _sources(stage: Stage, corpus: Corpus, cache: Path) -> list[SourceShare]:
    perturbation = Perturbation(0.12)
    read = UtteranceSource(corpus, "train", Perturbation(0.1), with_phones=True)
    spliced = SpliceSource(word_tokens(corpus, "train", WORDS, fewest=2), perturbation)
    synthetic = SpliceSource(synthetic_tokens(cache), perturbation)
    return [
        SourceShare(read, stage.read, transcribed=False),
        SourceShare(spliced, stage.spliced),
        SourceShare(synthetic, stage.synthetic),
    ]


def synthetic_tokens(cache: Path) -> dict[str, list[WordToken]]:
    """The words of the small world by every synthetic training voice."""
    tokens: dict[str, list[WordToken]] = defaultdict(list)
    pad = to_samples(PADDING_S)
    voices = synthesis.training_voices()
    for voice, word, samples in synthesis.word_tokens(voices, WORDS, cache / "synthetic"):
        tokens[voice].append(WordToken(word, np.pad(samples, pad), None))
    return dict(tokens)


def noises(data: Path, folds: frozenset[str]) -> list[Audio]:
    """Noise recordings of some folds (the first character of their names)."""
    paths = sorted((data / "noise").rglob("*.opus"))
    if not paths:
        raise ConfigError(f"{data / 'noise'} holds no recordings: give the folder of a corpus")
    recordings = [_beginning(p) for p in paths if p.name[0] in folds]
    return [r for r in recordings if len(r) >= SAMPLE_RATE]


def _beginning(path: Path) -> Audio:
    """What can be decoded: libsndfile gives up in the middle of some Opus streams."""
    blocks: list[Audio] = []
    with soundfile.SoundFile(path) as file:
        try:
            for block in file.blocks(960, dtype="float32"):
                blocks.append(block.copy())
        except soundfile.LibsndfileError:
            return np.concatenate(blocks) if blocks else np.zeros(0, dtype=np.float32)
    return np.concatenate(blocks)


def start_from(trainer: Trainer, source: Path) -> list[str]:
    """Take over weights where names and shapes agree.

    Args:
        trainer: what is about to be trained.
        source: a run folder (its averaged weights and the heads of training), or a model file.

    Returns:
        The names of parameters that were not found there.
    """
    if source.is_file():
        saved = {"averaged": checkpoint.load(source).model.state_dict(), "objective": {}}
    else:
        saved = read_run(source, trainer.config.device)
    left: list[str] = []
    for module, weights in (
        (trainer.model, saved["averaged"]),
        (trainer.objective, saved["objective"]),
    ):
        own = module.state_dict()
        weights = {**_copied_channels(weights, own), **weights}
        fitting = {k: v for k, v in weights.items() if k in own and own[k].shape == v.shape}
        module.load_state_dict(fitting, strict=False)
        left += sorted(set(own) - set(fitting))
    trainer.averaged.load_state_dict(trainer.model.state_dict())
    return left


_CHANNEL = re.compile(r"^(separator\.\w+)\.\d+\.")


def _copied_channels(weights: dict[str, Tensor], own: dict[str, Tensor]) -> dict[str, Tensor]:
    """Weights of the first channel for channels that ``weights`` does not have."""
    first = {name: _CHANNEL.sub(r"\g<1>.0.", name) for name in own}
    return {name: weights[source] for name, source in first.items() if source in weights}
