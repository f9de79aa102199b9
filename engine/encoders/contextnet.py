"""A causal encoder in the manner of ContextNet (arXiv 2005.03191); no look-ahead.

Blocks of separable convolutions over time, then squeeze-and-excitation by a running mean, so that
each frame knows the context of all before it. Without ContextNet's reduction in time (frames are
40 ms already), and with layer normalisation, so that nothing depends on the batch.
"""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, nn
from torch.nn import functional as F

from engine.config import EncoderConfig
from engine.encoders.causal import CausalConvolution, Excitation, MeanState
from engine.streaming import Encoder

CONVOLUTIONS = 3
"""Separable convolutions in a block; the paper has five, in blocks of a third of the size."""


@dataclass(frozen=True)
class BlockState:
    """Of a block: inputs of each convolution (batch, kernel - 1, size), and the running mean."""

    pasts: tuple[Tensor, ...]
    mean: MeanState


@dataclass(frozen=True)
class ContextNetState:
    """The past that each block still sees."""

    blocks: tuple[BlockState, ...]


class ContextNetEncoder(Encoder[ContextNetState]):
    """``(batch, time, input_size)`` to ``(batch, time, config.size)``; ``layers`` are blocks."""

    def __init__(self, input_size: int, config: EncoderConfig) -> None:
        super().__init__()
        self.size = config.size
        self.look_ahead = 0
        self.project = nn.Sequential(nn.Linear(input_size, config.size), nn.LayerNorm(config.size))
        self.blocks = nn.ModuleList(ContextNetBlock(config) for _ in range(config.layers))

    @property
    def _blocks(self) -> list[ContextNetBlock]:
        return [block for block in self.blocks if isinstance(block, ContextNetBlock)]

    def initial_state(self, batch: int) -> ContextNetState:
        """Nothing heard."""
        return ContextNetState(tuple(block.initial_state(batch) for block in self._blocks))

    def step(self, x: Tensor, state: ContextNetState) -> tuple[Tensor, ContextNetState]:
        """Encode every frame of ``x``; none waits."""
        x, states = self.project(x), []
        if x.shape[1] == 0:
            return x, state
        for block, past in zip(self._blocks, state.blocks, strict=True):
            x, past = block(x, past)
            states.append(past)
        return x, ContextNetState(tuple(states))

    def flush(self, state: ContextNetState) -> Tensor:
        """No frame, since none waits."""
        mean = state.blocks[0].mean.mean
        return mean.new_zeros(mean.shape[0], 0, self.size)


class ContextNetBlock(nn.Module):
    """Separable convolutions and excitation, beside a pointwise projection of the input."""

    def __init__(self, config: EncoderConfig) -> None:
        super().__init__()
        size = config.size
        self.depthwise = nn.ModuleList(
            CausalConvolution(size, config.kernel) for _ in range(CONVOLUTIONS)
        )
        self.pointwise = nn.ModuleList(
            nn.Sequential(nn.Linear(size, size), nn.LayerNorm(size)) for _ in range(CONVOLUTIONS)
        )
        self.excitation = Excitation(size, config.memory)
        self.residual = nn.Linear(size, size)
        self.normalise = nn.LayerNorm(size)
        self.dropout = nn.Dropout(config.dropout)

    @property
    def _convolutions(self) -> list[CausalConvolution]:
        return [c for c in self.depthwise if isinstance(c, CausalConvolution)]

    def initial_state(self, batch: int) -> BlockState:
        """Nothing heard."""
        pasts = tuple(c.initial_state(batch) for c in self._convolutions)
        return BlockState(pasts, self.excitation.initial_state(batch))

    def forward(self, x: Tensor, state: BlockState) -> tuple[Tensor, BlockState]:
        """(batch, time, size) to the same."""
        y, pasts = x, []
        convolutions = zip(self._convolutions, self.pointwise, state.pasts, strict=True)
        for i, (depthwise, pointwise, past) in enumerate(convolutions):
            y, past = depthwise(y, past)
            y = pointwise(y)
            y = F.silu(y) if i + 1 < CONVOLUTIONS else y
            pasts.append(past)
        y, mean = self.excitation(y, state.mean)
        y = F.silu(self.normalise(self.dropout(y) + self.residual(x)))
        return y, BlockState(tuple(pasts), mean)
