"""Mixture frames to K channel streams, and the speech activity of each channel.

The separator of arXiv 2205.05199: one mixture encoder, then one separation encoder a channel with
weights of its own, each with a head that says whether the channel speaks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import torch
from torch import Tensor, nn

from engine.config import SeparatorConfig
from engine.encoders import build_encoder
from engine.streaming import Encoder, StreamingStage, stacked_look_ahead


@dataclass(frozen=True)
class SeparatorState:
    """The states of the mixture encoder and of the separation encoders, channel by channel."""

    mixture: Any
    channels: tuple[Any, ...]


class Separator(StreamingStage[SeparatorState]):
    """``(batch, time, input)`` to ``(batch, time, channels, size)``."""

    def __init__(self, input_size: int, config: SeparatorConfig) -> None:
        super().__init__()
        self.config = config
        self.mixture = build_encoder(input_size, config.mixture)
        self.separation = nn.ModuleList(
            build_encoder(config.mixture.size, config.separation) for _ in range(config.channels)
        )
        self.activity_heads = nn.ModuleList(
            nn.Linear(config.separation.size, 1) for _ in range(config.channels)
        )
        self.size = config.separation.size
        self.look_ahead = stacked_look_ahead(self.stack)

    @property
    def stack(self) -> list[Encoder[Any]]:
        """The encoders that a channel goes through, in order."""
        return [self.mixture, self._encoders[0]]

    @property
    def _encoders(self) -> list[Encoder[Any]]:
        return [cast("Encoder[Any]", encoder) for encoder in self.separation]

    def initial_state(self, batch: int) -> SeparatorState:
        """The initial state of each encoder."""
        return SeparatorState(
            self.mixture.initial_state(batch),
            tuple(encoder.initial_state(batch) for encoder in self._encoders),
        )

    def step(self, x: Tensor, state: SeparatorState) -> tuple[Tensor, SeparatorState]:
        """The mixture goes through its encoder, then through that of each channel."""
        mixed, mixture = self.mixture.step(x, state.mixture)
        steps = [e.step(mixed, s) for e, s in zip(self._encoders, state.channels, strict=True)]
        streams = torch.stack([y for y, _ in steps], dim=2)
        return streams, SeparatorState(mixture, tuple(s for _, s in steps))

    def flush(self, state: SeparatorState) -> Tensor:
        """What the mixture encoder held back, and then what the channels did."""
        mixed = self.mixture.flush(state.mixture)
        tails = []
        for encoder, channel in zip(self._encoders, state.channels, strict=True):
            y, channel = encoder.step(mixed, channel)
            tails.append(torch.cat([y, encoder.flush(channel)], dim=1))
        return torch.stack(tails, dim=2)

    def activity(self, streams: Tensor) -> Tensor:
        """Log-odds of speech, (batch, time, channels, size) to (batch, time, channels)."""
        heads = [head(streams[:, :, k]) for k, head in enumerate(self.activity_heads)]
        return torch.cat(heads, dim=2)
