"""Voice heads to be trained: new ones, or a model's own."""

from __future__ import annotations

import copy

import torch

from engine.config import VoiceConfig
from engine.recognizer import Recognizer
from engine.speakers.embedding import VoiceEncoder


def sizes_of(recognizer: Recognizer) -> list[int]:
    """What a head reads of a model: size of a stream, and of an input frame."""
    return [recognizer.model.separator.size, recognizer.model.config.frontend.size]


def new_head(recognizer: Recognizer, config: VoiceConfig, seed: int) -> VoiceEncoder:
    """A head with random weights for a model's streams and frames.

    Raises:
        ConfigError: when it has no size.
    """
    config.validate()
    torch.manual_seed(seed)
    stream_size, input_size = sizes_of(recognizer)
    return VoiceEncoder(stream_size, input_size, config)


def own_head(recognizer: Recognizer) -> VoiceEncoder:
    """A copy of a model's head that can be trained."""
    return copy.deepcopy(recognizer.model.voice).train().requires_grad_(True)
