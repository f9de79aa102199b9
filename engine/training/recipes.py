"""Named training runs: what is learned, from what, and starting where."""

from __future__ import annotations

import dataclasses
import re
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import torch
from torch import Tensor

from engine import checkpoint
from engine.config import ModelConfig, from_dict
from engine.data import synthesis
from engine.data.conversation import load_ami
from engine.data.conversation_layout import Conversation
from engine.data.corpus import Corpus, load_corpora
from engine.data.meeting_sound import MeetingSound
from engine.data.room_bank import rooms
from engine.data.rooms import Microphone
from engine.data.simulation import Acoustics, Audio
from engine.data.targets import Targeting
from engine.errors import ConfigError, EngineError
from engine.fairness.consolidation import ConsolidationConfig, anchor, freeze
from engine.frontend import build_frontend
from engine.model import SeparatorTransducerSegmenter
from engine.timeline import SAMPLE_RATE
from engine.training import processes, worlds
from engine.training.assignment import AssignmentRule
from engine.training.batches import BatchMaker, SceneMaker, simulated_batches
from engine.training.emphasis import Emphasis
from engine.training.encoder_stacks import STACKS, EncoderStack
from engine.training.objective import Objective, ObjectiveConfig
from engine.training.stages import Stage
from engine.training.trainer import Trainer, TrainerConfig, read_run
from engine.training.workers import worker_batches
from engine.training.worlds import UnitKind, Units, World

NOISE_FOLDS = frozenset("1234")
"""Folds of the noise recordings that training may hear; the fifth is for testing."""


ROOMS = 64
"""Rooms of each place of the microphone, four seats each: some 500 responses."""

ROOM_SEED = 7


CHUNKS = {World.SMALL: 5, World.FREE: 8}
"""Frames that see each other. A phone is recognised by what follows it too: with chunks of five the
last frame of a chunk was right 8 points less often than the first."""


def default_config(
    world: World = World.SMALL, encoder: str = "conv_attention", window: int | None = None
) -> ModelConfig:
    """The model of a new run, with encoders of a kind of :data:`STACKS`.

    ``window`` is how many frames of the past attention sees, if not as many as usual.
    """
    stack = STACKS[encoder](CHUNKS[world])
    return (stack if window is None else stack.seeing(window)).in_place_of(ModelConfig())


@dataclass(frozen=True)
class Recipe:
    """One run of ``crosstalk-lab train``.

    Attributes:
        stage: what is heard and learned, a key of the world's stages.
        channels: 2, or 1 for the baseline that writes everybody into one stream.
        world: what the model is to understand.
        units: what its words are spelled in; None takes the world's default.
        batch: scenes a step of each process. Few, because on a CPU more steps beat larger ones.
        workers: processes that prepare scenes; with 0 a thread does it, enough for a CPU.
        start: a run folder or a model file whose weights to start from, where shapes agree.
        also: further corpus folders whose speech is heard besides that of the first.
        thrift: weight of the share of computation that amortized encoders spend.
        emphasis: whom training hears, and whom more often.
        consolidation: what holds the model to where it started.
        words_only: without the parts of the objective whose heads are not in a model file. To
            fine-tune one: new heads know nothing, and their gradients would spoil the encoders.
        turn_tokens: whether turns are marked; without, there are only words.
        assignment: how turns are dealt to the channels.
        off: names of weights of the objective that are 0 whatever the stage says.
        arm: name of a run that is part of a comparison, kept with it.
    """

    stage: str
    channels: int = 2
    world: World = World.SMALL
    units: UnitKind | None = None
    batch: int = 4
    seed: int = 7
    workers: int = 0
    start: Path | None = None
    also: tuple[Path, ...] = ()
    permutation_invariant: bool = False
    thrift: float = 0.0
    emphasis: Emphasis = field(default_factory=Emphasis)
    consolidation: ConsolidationConfig = field(default_factory=ConsolidationConfig)
    words_only: bool = False
    turn_tokens: bool = True
    assignment: AssignmentRule = AssignmentRule.FLOOR
    off: tuple[str, ...] = ()
    arm: str = ""
    model: ModelConfig = field(default_factory=default_config)
    trainer: TrainerConfig = field(default_factory=TrainerConfig)

    @property
    def content(self) -> Stage:
        """The stage itself."""
        return worlds.STAGES[self.world][self.stage]

    @property
    def serial(self) -> bool:
        """Whether everybody is written into one stream without turns: the baseline.

        Where people speak one at a time, one channel has turns as several would.
        """
        return self.channels == 1 and self.content.overlaps

    @property
    def unit_kind(self) -> UnitKind:
        """What words are spelled in."""
        return self.units or worlds.UNITS[self.world][0]

    def objective(self) -> ObjectiveConfig:
        """The objective of the stage; the baseline has no turns to mark."""
        objective = self.content.objective
        if self.words_only:
            objective = dataclasses.replace(objective, phones=0.0, marks=0.0, voices=0.0)
        objective = dataclasses.replace(
            objective,
            permutation_invariant=self.permutation_invariant,
            marks=0.0 if self.serial else objective.marks,
            thrift=self.thrift,
        )
        switched_off: dict[str, Any] = dict.fromkeys(self.off, 0.0)
        return dataclasses.replace(objective, **switched_off)


@dataclass(frozen=True)
class Material:
    """What a run learns from.

    Attributes:
        data, cache: the corpus folder, and where what was made of it is kept.
        corpus: all speech of the run.
        units: what its words are spelled in.
    """

    data: Path
    cache: Path
    corpus: Corpus
    units: Units

    @classmethod
    def load(cls, recipe: Recipe, data: Path, cache: Path) -> Material:
        """Read it; audio is decoded the first time."""
        corpus = load_corpora([data, *recipe.also], cache)
        return cls(data, cache, corpus, worlds.units(recipe.unit_kind, data, cache))


def with_channels(config: ModelConfig, channels: int) -> ModelConfig:
    """The same model with another number of channels."""
    separator = dataclasses.replace(config.separator, channels=channels)
    return dataclasses.replace(config, separator=separator)


def run(recipe: Recipe, data: Path, cache: Path, folder: Path) -> Trainer:
    """Train as the recipe says, going on from ``folder`` if it holds an unfinished run.

    Every process that ``torchrun`` started calls this.
    """
    torch.manual_seed(recipe.seed)
    fabric = processes.launch(recipe.trainer.device, recipe.trainer.precision)
    with fabric.rank_zero_first(local=True):  # the others of the machine find it decoded
        material = Material.load(recipe, data, cache)
    config = with_channels(recipe.model, recipe.channels)
    model = SeparatorTransducerSegmenter(config, material.units.tokens.size)
    freeze(model, recipe.consolidation.frozen)
    held = anchor(recipe.consolidation, model)
    speakers = sorted({u.speaker for u in material.corpus.of_split("train")})
    speakers += [voice.id for voice in synthesis.training_voices()]
    objective = Objective(model, recipe.objective(), speakers)
    frequency_masks, time_masks = recipe.content.masks
    trainer_config = dataclasses.replace(
        recipe.trainer,
        frequency_masks=frequency_masks,
        time_masks=time_masks,
        seed=recipe.seed,
    )
    about = {"world": recipe.world.value, "units": recipe.unit_kind.value}
    about |= {"arm": recipe.arm} if recipe.arm else {}
    trainer = Trainer(
        model, objective, trainer_config, folder, fabric=fabric, about=about, anchor=held
    )
    if not trainer.resume() and recipe.start is not None:
        start_from(trainer, recipe.start)
    with fabric.rank_zero_first(local=True):  # and the words synthesised
        maker = batch_maker(recipe, material, fabric.global_rank)
    if recipe.workers:
        maker_of = partial(worker_maker, recipe, data, cache, fabric.global_rank)
        batches = worker_batches(maker_of, recipe.workers, trainer.step)
    else:
        batches = simulated_batches(maker, trainer.step)
    with closing(batches):
        trainer.run(batches)
    return trainer


def worker_maker(recipe: Recipe, data: Path, cache: Path, rank: int) -> BatchMaker:
    """What makes the batches of the recipe in another process."""
    return batch_maker(recipe, Material.load(recipe, data, cache), rank)


def batch_maker(recipe: Recipe, material: Material, rank: int = 0) -> BatchMaker:
    """What makes the batches of the recipe."""
    stage, units = recipe.content, material.units
    data, cache = material.data, material.cache
    acoustics = dataclasses.replace(stage.acoustics, noises=tuple(noises(data, NOISE_FOLDS)))
    everybody = worlds.sources(recipe.world, stage, material.corpus, cache, units)
    sources = recipe.emphasis.applied(everybody)
    maker = SceneMaker(
        sources,
        stage.timings,
        acoustics,
        stage.duration_s,
        conversation=Conversation.fit(load_ami(data, cache)) if stage.fitted else None,
        fitted=stage.fitted,
        sound=meeting_sound(acoustics, cache) if stage.rooms else None,
        rooms=stage.rooms,
    )
    frontend = recipe.model.frontend
    targeting = Targeting(
        units.tokens,
        frontend.frame,
        recipe.channels,
        rule=recipe.assignment,
        turn_tokens=recipe.turn_tokens,
        serial=recipe.serial,
        spelling=units.spelling,
    )
    reach = build_frontend(frontend).reach
    return BatchMaker(maker, targeting, reach, recipe.batch, recipe.seed, rank)


def meeting_sound(acoustics: Acoustics, cache: Path) -> MeetingSound:
    """Computed rooms, near and far microphones, in which training meetings sound."""
    places = [room for place in Microphone for room in rooms(place, ROOMS, ROOM_SEED, cache)]
    return MeetingSound(dataclasses.replace(acoustics, room=0.0), places)


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

    Raises:
        EngineError: when there is nothing, or its encoders are of another kind.
    """
    if source.is_file():
        model = checkpoint.load(source).model
        saved = {"averaged": model.state_dict(), "objective": {}}
        config: ModelConfig | None = model.config
    else:
        saved = read_run(source, trainer.config.device)
        # the first runs did not say
        config = from_dict(ModelConfig, saved["config"]) if "config" in saved else None
    if config is not None:
        _check_kinds(config, trainer.model.config, source)
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


def _check_kinds(there: ModelConfig, here: ModelConfig, source: Path) -> None:
    was, wanted = (EncoderStack.of(config) for config in (there, here))
    if was.weights_of != wanted.weights_of:
        raise EngineError(
            f"{source} has encoders of the kind {was.kind}, the new run has {wanted.kind}: start "
            f"from one of the same kind, or give --encoder {was.kind}."
        )


_CHANNEL = re.compile(r"^(separator\.\w+)\.\d+\.")


def _copied_channels(weights: dict[str, Tensor], own: dict[str, Tensor]) -> dict[str, Tensor]:
    """Weights of the first channel for channels that ``weights`` does not have."""
    first = {name: _CHANNEL.sub(r"\g<1>.0.", name) for name in own}
    return {name: weights[source] for name, source in first.items() if source in weights}
