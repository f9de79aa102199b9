"""Small models, and streams cut into ragged pieces, for the tests of the engine."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, Literal

import torch
from torch import Tensor

from engine.checkpoint import Checkpoint
from engine.config import (
    EncoderConfig,
    EncoderKind,
    FrontendConfig,
    ModelConfig,
    SeparatorConfig,
    TransducerConfig,
    VoiceConfig,
)
from engine.model import SeparatorTransducerSegmenter
from engine.model_card import ModelCard
from engine.recognizer import Recognizer
from engine.tokens import SPECIAL, Tokens

WORDS = ("alpha", "bravo", "charlie", "delta", "echo", "foxtrot")


@cache
def word_tokens() -> Tokens:
    """Each of six words is one token: ids 5 to 10 in the order of :data:`WORDS`."""
    lines = [w for i, w in enumerate(WORDS) for _ in range(len(WORDS) - i)]
    return Tokens.train(lines, len(WORDS) + SPECIAL)


def encoder_config(
    kind: EncoderKind = "conv_attention", chunk: int = 3, left: int = 6, layers: int = 2
) -> EncoderConfig:
    return EncoderConfig(
        kind,
        *(16, layers, 2),
        kernel=3,
        chunk=chunk,
        left=left,
        dropout=0.0,
        planes=(3, 4),
        blocks=3,
        memory=20,
    )


def model_config(
    mixture: EncoderConfig | None = None,
    separation: EncoderConfig | None = None,
    recognition: EncoderConfig | None = None,
    channels: int = 2,
    prediction: Literal["stateless", "lstm"] = "stateless",
) -> ModelConfig:
    """A model of a few thousand weights; every encoder not given is the default tiny one."""
    return ModelConfig(
        frontend=FrontendConfig(mel_bins=20),
        separator=SeparatorConfig(
            channels,
            mixture=mixture or encoder_config(),
            separation=separation or encoder_config(layers=1),
        ),
        transducer=TransducerConfig(
            recognition or encoder_config(), prediction, prediction_size=16, joint_size=16
        ),
        voice=VoiceConfig(size=8, hidden=8),
    )


def model(config: ModelConfig | None = None, seed: int = 0) -> SeparatorTransducerSegmenter:
    """Random weights, large enough for the outputs to vary much over time."""
    torch.manual_seed(seed)
    made = SeparatorTransducerSegmenter(config or model_config(), word_tokens().size).eval()
    with torch.no_grad():
        for name, weight in made.named_parameters():
            if name.startswith(("transducer.output.weight", "separator.activity_heads")):
                weight.mul_(8.0)
    return made.requires_grad_(False)


def recognizer(config: ModelConfig | None = None, seed: int = 0) -> Recognizer:
    return Recognizer(Checkpoint(model(config, seed), word_tokens(), ModelCard("tiny")), "cpu")


def noise(seconds: float, seed: int = 0) -> Tensor:
    """Noise that is loud and quiet in turn, (1, samples)."""
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(1, round(seconds * 16_000), generator=generator)
    loud = torch.rand(1, x.shape[1] // 1600 + 1, generator=generator).repeat_interleave(1600, 1)
    return x * loud[:, : x.shape[1]] ** 3 * 0.3


def in_pieces(stage: Any, x: Tensor, sizes: Iterable[int]) -> list[Any]:
    """The outputs of the steps over pieces of ``x`` of these sizes, and of the flush."""
    state, outputs = stage.initial_state(x.shape[0]), []
    for piece in torch.split(x, list(sizes), dim=1):
        y, state = stage.step(piece, state)
        outputs.append(y)
    return [*outputs, stage.flush(state)]


def tensors(state: Any) -> list[Tensor]:
    """All tensors of a state, however nested."""
    if isinstance(state, Tensor):
        return [state]
    if dataclasses.is_dataclass(state):
        return tensors([getattr(state, f.name) for f in dataclasses.fields(state)])
    if isinstance(state, Sequence):
        return [tensor for part in state for tensor in tensors(part)]
    return []


def dataclasses_in(state: Any) -> list[Any]:
    """The state and all states inside it."""
    if dataclasses.is_dataclass(state):
        inner = [getattr(state, f.name) for f in dataclasses.fields(state)]
        return [state, *dataclasses_in(inner)]
    if isinstance(state, Sequence):
        return [found for part in state for found in dataclasses_in(part)]
    return []
