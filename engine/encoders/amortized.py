"""The compute-cost-amortized encoder of arXiv 2207.02393, streaming in chunks.

In each block a small arbiter switches the parts of the block for each frame. In training
everything is computed and multiplied by straight-through gates, and what the gates cost is part of
the loss; in use a part is on where its odds are above a threshold, and only what is on is computed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

import torch
from torch import Tensor, nn

from engine.config import EncoderConfig
from engine.encoders.amortized_layer import AmortizedLayer, Past, Surroundings
from engine.encoders.arbiter import dense_cost
from engine.encoders.conv_attention import chunk_masks, rotations
from engine.streaming import Encoder


@dataclass(frozen=True)
class AmortizedState:
    """The past that the blocks still see, and what was computed so far.

    Attributes:
        pending: frames of an unfinished chunk, (batch, < chunk, input).
        pasts: of the blocks.
        filled: how many of the ``left`` frames of the past have been heard.
        spent: multiply-adds of all streams since the beginning, arbiters included.
        dense: what they would have been with everything on and no arbiter.
        bias: added to the odds of every part; above 0 more is computed than in training.
    """

    pending: Tensor
    pasts: tuple[Past, ...]
    filled: int = 0
    spent: int = 0
    dense: int = 0
    bias: float = 0.0


class AmortizedEncoder(Encoder[AmortizedState]):
    """Frames to frames: ``(batch, time, input_size)`` to ``(batch, time, config.size)``.

    Weights of a dense encoder of the same shape (``conv_attention``) fit: at first all is on.

    Attributes:
        bias: of streams that begin.
        skips: whether what is off is left out; without, it is computed and masked, as in training.
        charged: multiply-adds in training since streams last began, with gradients to the gates,
            and what all of it would cost.
    """

    def __init__(self, input_size: int, config: EncoderConfig) -> None:
        super().__init__()
        self.config = config
        self.input_size = input_size
        self.size = config.size
        self.look_ahead = config.chunk - 1
        self.project = nn.Sequential(nn.Linear(input_size, config.size), nn.LayerNorm(config.size))
        self.layers = nn.ModuleList(AmortizedLayer(config) for _ in range(config.layers))
        self.normalise = nn.LayerNorm(config.size)
        self.bias = 0.0
        self.skips = True
        self.charged: list[tuple[Tensor, int]] = []

    @property
    def blocks(self) -> list[AmortizedLayer]:
        """The blocks, from the audio up."""
        return [cast("AmortizedLayer", layer) for layer in self.layers]

    def initial_state(self, batch: int) -> AmortizedState:
        """Nothing heard: no frame of the past is on, and nothing charged."""
        self.charged = []
        c = self.config
        zeros = self.normalise.weight.new_zeros
        past = Past(
            zeros(batch, c.left, c.size),
            zeros(batch, c.left, c.size),
            zeros(batch, c.left, dtype=torch.bool),
            zeros(batch, c.kernel - 1, c.size),
        )
        return AmortizedState(zeros(batch, 0, self.input_size), (past,) * c.layers, bias=self.bias)

    def step(self, x: Tensor, state: AmortizedState) -> tuple[Tensor, AmortizedState]:
        """Encode the chunks that are whole; what is left of ``x`` waits."""
        x = torch.cat([state.pending.to(x.dtype), x], dim=1)
        whole = x.shape[1] - x.shape[1] % self.config.chunk
        y, state = self._run(x[:, :whole], state)
        return y, replace(state, pending=x[:, whole:])

    def flush(self, state: AmortizedState) -> Tensor:
        """Encode the unfinished chunk as it is."""
        return self._run(state.pending, state)[0]

    def _run(self, x: Tensor, state: AmortizedState) -> tuple[Tensor, AmortizedState]:
        batch, time = x.shape[:2]
        if time == 0:
            return x.new_zeros(batch, 0, self.size), state
        around = self._surroundings(time, state, x.device)
        x = audio = self.project(x)
        pasts = []
        spent: Tensor | int = batch * self._always(time)
        for block, past in zip(self.blocks, state.pasts, strict=True):
            x, past, cost = block(x, audio, past, around)
            pasts.append(past)
            spent = spent + cost
        dense = batch * dense_cost(self.config, self.input_size, time, state.filled)
        if isinstance(spent, Tensor) and self.training:
            self.charged.append((spent, dense))
        filled = min(self.config.left, state.filled + time)
        return self.normalise(x), replace(
            state,
            pasts=tuple(pasts),
            filled=filled,
            spent=state.spent + int(spent),
            dense=state.dense + dense,
        )

    def _surroundings(self, time: int, state: AmortizedState, device: torch.device) -> Surroundings:
        c = self.config
        skips = self.skips and not self.training
        masks = [] if skips else chunk_masks(time, state.filled, c.left, c.chunk, device)
        rotation = rotations(c.left + time, c.size // c.heads, device)
        return Surroundings(masks, rotation, skips, state.bias)

    def _always(self, time: int) -> int:
        """Multiply-adds of what no gate switches: the projection of the input, and the arbiters."""
        arbiters = sum(block.costs.arbiter for block in self.blocks)
        return time * (self.input_size * self.size + arbiters)
