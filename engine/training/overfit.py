"""The proof that a model can learn: ten minutes of overlapped mixtures, learned by heart.

What comes out is scored by streaming the very scenes that were learned. It says that targets, loss,
search and segmenter agree with each other, and nothing about people who were not heard.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from engine.checkpoint import Checkpoint
from engine.data import bench_set
from engine.data.corpus import load_corpus
from engine.data.simulation import Scene, Timing, arrange
from engine.data.small_world import WORDS
from engine.data.sources import Perturbation, SpliceSource, word_tokens
from engine.data.targets import Batch, Targeting
from engine.evaluation.score import SessionScore, score_session
from engine.evaluation.segments import reference_turns
from engine.model import SeparatorTransducerSegmenter
from engine.recognizer import Recognizer
from engine.timeline import to_seconds
from engine.training import recipes, worlds
from engine.training.batches import make_batch
from engine.training.objective import Objective
from engine.training.recipes import Recipe
from engine.training.trainer import Trainer
from engine.training.worlds import World

SCENE_S = 15.0


@dataclass(frozen=True)
class OverfitResult:
    """The trained model and its scores on what it learned."""

    checkpoint: Checkpoint
    scores: list[SessionScore]


def scenes_to_learn(
    data: Path, cache: Path, minutes: float, duration_s: float, seed: int
) -> list[Scene]:
    """Fixed scenes of two people of the train split, about a third of their speech overlapped."""
    corpus = load_corpus(data, cache)
    tokens = word_tokens(corpus, "train", WORDS, bench_set.FEWEST_WORDS)
    source = SpliceSource(tokens, Perturbation())
    random = np.random.default_rng(seed)
    scenes = []
    for _ in range(round(minutes * 60 / duration_s)):
        people = [source.speakers[i] for i in random.choice(len(source.speakers), 2, False)]
        turns = arrange(source, people, Timing(overlap=0.35), duration_s, random)
        scenes.append(bench_set.CLEAN.render(turns, duration_s, random))
    return scenes


def run(recipe: Recipe, data: Path, cache: Path, folder: Path, minutes: float) -> OverfitResult:
    """Learn the scenes from ``recipe.start``, then stream and score them."""
    torch.manual_seed(recipe.seed)
    scenes = scenes_to_learn(data, cache, minutes, SCENE_S, recipe.seed)
    tokens = worlds.small_world_tokens()
    model = SeparatorTransducerSegmenter(recipe.model, tokens.size)
    people = sorted({turn.spoken.speaker for scene in scenes for turn in scene.turns})
    objective = Objective(model, recipe.objective(), people)
    trainer = Trainer(model, objective, recipe.trainer, folder)
    if not trainer.resume() and recipe.start is not None:
        recipes.start_from(trainer, recipe.start)
    targeting = Targeting(tokens, model.config.frontend.frame)
    trainer.run(_batches(scenes, targeting, model.frontend.reach, recipe.batch, recipe.seed))
    learned = Checkpoint(trainer.averaged.eval(), tokens, worlds.card(World.SMALL))
    return OverfitResult(learned, list(_score(Recognizer(learned, "cpu"), scenes)))


def _batches(
    scenes: Sequence[Scene], targeting: Targeting, reach: int, size: int, seed: int
) -> Iterator[Batch]:
    random = np.random.default_rng(seed)
    while True:
        order = random.permutation(len(scenes))
        for begin in range(0, len(order), size):
            chosen = [scenes[i] for i in order[begin : begin + size]]
            yield make_batch(chosen, targeting, reach)


def _score(recognizer: Recognizer, scenes: Sequence[Scene]) -> Iterator[SessionScore]:
    for i, scene in enumerate(scenes):
        name = f"learned-{i:03d}"
        segments = [bench_set.segment(name, turn) for turn in scene.turns]
        session = recognizer.session()
        session.accept(scene.audio)
        session.finish()
        yield score_session(
            reference_turns(segments),
            session.events(),
            to_seconds(len(scene.audio)),
            session_id=name,
        )
