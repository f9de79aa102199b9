"""Which parts of a block a frame goes through, and what that costs (arXiv 2207.02393)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.config import EncoderConfig

CONVOLUTION, ATTENTION, FEED_FORWARD = range(3)
PARTS = 3

_ON = 2.0
"""Log-odds at the beginning: a dense encoder whose weights are taken over goes on as it was."""

_SCALE = 8.0
"""Of the odds, so that arbiters learn so many times as fast as the rest: they begin far away."""


@dataclass(frozen=True)
class Costs:
    """Multiply-adds of the matrices for one frame, counted from a block's shape.

    Attributes:
        parts: of convolution, attention (without looking at other frames) and feed-forward.
        glance: of one frame attending to one other.
        arbiter: of deciding, which is always paid.
    """

    parts: tuple[int, int, int]
    glance: int
    arbiter: int

    @classmethod
    def of(cls, config: EncoderConfig) -> Costs:
        """Those of one block."""
        square = config.size**2
        sees = config.size * (2 if config.arbiter_sees == "both" else 1)
        return cls(
            (3 * square + config.kernel * config.size, 4 * square, 8 * square),
            2 * config.size,
            config.arbiter * (sees + PARTS),
        )

    def spent(self, frames: Tensor | tuple[int, int, int], glances: Tensor | int) -> Any:
        """What it costs, without arbiters, when so many frames go through each part.

        Args:
            frames: for each part, (parts,).
            glances: how often a frame attends to a frame, added up.
        """
        parts = sum(count * cost for count, cost in zip(frames, self.parts, strict=True))
        return parts + glances * self.glance


def dense_cost(config: EncoderConfig, input_size: int, frames: int, filled: int = 0) -> int:
    """Multiply-adds of a stream with everything on and no arbiter: those of the dense encoder.

    Args:
        config: of the encoder.
        input_size: features of an input frame.
        frames: how many are encoded.
        filled: how many frames of the past there are to attend to, at most ``left``.
    """
    costs = Costs.of(config)
    glances = 0
    for first in range(0, frames, config.chunk):
        present = min(config.chunk, frames - first)
        glances += present * (present + min(config.left, filled + first))
    blocks: int = config.layers * costs.spent((frames, frames, frames), glances)
    return frames * input_size * config.size + blocks


class Arbiter(nn.Module):
    """Two small layers that switch each part of a block for each frame, from that frame alone.

    It hears the features that entered the encoder and, where ``arbiter_sees`` is ``both``, what the
    blocks below made of them.
    """

    def __init__(self, config: EncoderConfig) -> None:
        super().__init__()
        self.sees_blocks = config.arbiter_sees == "both"
        self.look = nn.Linear(config.size * (2 if self.sees_blocks else 1), config.arbiter)
        self.decide = nn.Linear(config.arbiter, PARTS)
        nn.init.normal_(self.decide.weight, std=0.01)
        nn.init.constant_(self.decide.bias, _ON / _SCALE)

    def forward(self, audio: Tensor, blocks: Tensor) -> Tensor:
        """Log-odds of: on. Twice (batch, time, size) to (batch, time, parts), in float32."""
        seen = torch.cat([audio, blocks], dim=-1) if self.sees_blocks else audio
        odds: Tensor = self.decide(F.silu(self.look(seen)))
        return _SCALE * odds.float()


def straight_through(odds: Tensor) -> Tensor:
    """Gates of 0 and 1 whose gradient is that of their probability, as if they were drawn.

    Noise of the logistic distribution makes them draws (arXiv 1611.00712), so that what is off now
    and then is tried again, and the odds say how much a part is worth.
    """
    uniform = torch.rand_like(odds).clamp(1e-6, 1 - 1e-6)
    soft = (odds + uniform.logit()).sigmoid()
    return (soft > 0.5).to(soft.dtype) + soft - soft.detach()
