"""The voice vector of a turn, read from its separated channel so that overlapped speech counts too.

Every frame gets voice features; a turn's vector is the unit-length projection of their mean and
standard deviation over the frames in which the channel speaks (statistics pooling, as in
x-vectors). The sums that pooling needs are added up as frames come, so a vector is ready at any
moment.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.config import VoiceConfig


@dataclass(frozen=True)
class VoiceSums:
    """Weighted sums over the frames of turns.

    Attributes:
        weight: sum of the weights, (...).
        first, second: weighted sums of the features and of their squares, (..., hidden).
    """

    weight: Tensor
    first: Tensor
    second: Tensor

    def __add__(self, other: VoiceSums) -> VoiceSums:
        return VoiceSums(
            self.weight + other.weight, self.first + other.first, self.second + other.second
        )


class VoiceEncoder(nn.Module):
    """Channel streams and input frames to voice features, and their sums to voice vectors."""

    def __init__(self, stream_size: int, input_size: int, config: VoiceConfig) -> None:
        super().__init__()
        self.config = config
        self.features = nn.Sequential(
            nn.Linear(stream_size + input_size, config.hidden),
            nn.LayerNorm(config.hidden),
            nn.SiLU(),
            nn.Linear(config.hidden, config.hidden),
            nn.LayerNorm(config.hidden),
            nn.SiLU(),
        )
        self.project = nn.Linear(2 * config.hidden, config.size)

    def forward(self, stream: Tensor, frames: Tensor) -> Tensor:
        """(..., stream size) and the model's input frames (..., input size) to (..., hidden)."""
        features: Tensor = self.features(torch.cat([stream, frames], dim=-1))
        return features

    def pool(self, features: Tensor, weights: Tensor) -> VoiceSums:
        """Sums over time: (batch, time, hidden) and weights (batch, turns, time)."""
        x = features.float()
        return VoiceSums(weights.sum(-1), weights @ x, weights @ x.square())

    def statistics(self, sums: VoiceSums) -> Tensor:
        """Means and standard deviations of the features, (..., 2 * hidden)."""
        weight = sums.weight.clamp(min=1e-3)[..., None]
        mean = sums.first / weight
        deviation = (sums.second / weight - mean.square()).clamp(min=1e-4).sqrt()
        return torch.cat([mean, deviation], dim=-1)

    def vector(self, sums: VoiceSums) -> Tensor:
        """Unit-length voice vectors (..., size)."""
        return F.normalize(self.project(self.statistics(sums)), dim=-1)
