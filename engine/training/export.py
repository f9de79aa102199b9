"""A training run as a model file: averaged weights, tokens, and the words of free speech."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path

from torch import Tensor

from engine import checkpoint
from engine.checkpoint import Checkpoint
from engine.config import ModelConfig, SearchConfig, from_dict
from engine.data import pronunciation
from engine.model import SeparatorTransducerSegmenter
from engine.tokens import Tokens
from engine.training import vocabulary, worlds
from engine.training.trainer import read_run
from engine.training.worlds import UnitKind, World
from engine.word_model import WordModel

SEARCH = SearchConfig(beam=12, blank_bias=-0.5, lm_scale=0.4)
"""Of free speech, before it is calibrated."""


def exported(run: Path, data: Path, cache: Path, base: Path | None = None) -> Checkpoint:
    """The averaged weights of a run, ready to be used.

    Args:
        run: folder of the run.
        data: corpus folder that the words of free speech are learned from.
        cache: where they are kept.
        base: model file whose card and settings are kept.
    """
    saved = read_run(run)
    before = checkpoint.load(base) if base else None
    config = from_dict(ModelConfig, saved["config"])
    return assembled(config, saved["averaged"], saved.get("about", {}), data, cache, before)


def assembled(
    config: ModelConfig,
    weights: dict[str, Tensor],
    about: Mapping[str, str],
    data: Path,
    cache: Path,
    before: Checkpoint | None = None,
) -> Checkpoint:
    """Weights with the tokens and words of what they are ``about``, as a run's checkpoint says."""
    world = World(about.get("world", World.SMALL))
    kind = UnitKind(about.get("units", worlds.UNITS[world][0]))
    tokens = worlds.units(kind, data, cache).tokens
    words, card = None, worlds.card(world)
    if world is World.FREE:
        words = word_model(kind, tokens, data, cache)
        config = dataclasses.replace(config, search=SEARCH)
    if before is not None:
        card, config = before.card, _with_settings(config, before.model.config)
    model = SeparatorTransducerSegmenter(config, tokens.size)
    model.load_state_dict(weights)
    return Checkpoint(model, tokens, card, words)


def _with_settings(config: ModelConfig, other: ModelConfig) -> ModelConfig:
    """What can be set after training as another model has it."""
    return dataclasses.replace(
        config, search=other.search, segmenter=other.segmenter, attribution=other.attribution
    )


def word_model(kind: UnitKind, tokens: Tokens, data: Path, cache: Path) -> WordModel:
    """Lexicon and language model, learned once from the text of a corpus folder."""
    words = vocabulary.vocabulary(data, cache)
    spelling = pronunciation.english(data) if kind is UnitKind.PHONES else {}
    lexicon = vocabulary.lexicon(words, tokens, spelling)
    return WordModel(lexicon, words.model, tokens.size)
